//! While nodes are replaced one by one, the last release works on the new schema: steps since then only add.

use std::collections::BTreeMap;

use repository::Database;
use test_database::Engine;

use crate::snapshot::{connect, query, run};

/// The last step of the last release; set anew with each.
const RELEASED: &str = "m20261121_000064_add_trace_to_outbox";

const COLUMNS: &str = "SELECT t.name || '.' || c.name AS name, t.name AS owner, c.type AS kind, \
    c.\"notnull\" = 0 AS may_be_null, c.dflt_value IS NOT NULL AS has_default \
    FROM sqlite_master t JOIN pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";

const UNIQUE: &str = "SELECT t.name AS owner, group_concat(c.name) AS kind \
    FROM sqlite_master t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c \
    WHERE t.type = 'table' AND i.\"unique\" = 1 GROUP BY t.name, i.name";

/// A column, as it matters to who writes rows.
#[derive(Clone, Debug, PartialEq)]
struct Column {
    table: String,
    kind: String,
    may_be_null: bool,
    has_default: bool,
}

/// What statements may count on.
struct Schema {
    columns: BTreeMap<String, Column>,
    /// Table and columns.
    unique: Vec<(String, String)>,
}

impl Schema {
    async fn read(database: &Database) -> Self {
        let columns = query(database, COLUMNS).await;
        let columns = columns.iter().map(|row| {
            let column = Column {
                table: row.try_get("", "owner").expect("a table"),
                kind: row.try_get("", "kind").expect("a type"),
                may_be_null: row.try_get("", "may_be_null").expect("yes or no"),
                has_default: row.try_get("", "has_default").expect("yes or no"),
            };
            (row.try_get("", "name").expect("a name"), column)
        });
        let unique = query(database, UNIQUE).await;
        let unique = unique.iter().map(|row| {
            let part = |name| row.try_get("", name).expect("a text");
            (part("owner"), part("kind"))
        });
        Self {
            columns: columns.collect(),
            unique: unique.collect(),
        }
    }

    fn has_table(&self, name: &str) -> bool {
        self.columns.values().any(|column| column.table == name)
    }
}

/// What statements that were written for `before` stumble over.
fn breaks(before: &Schema, after: &Schema) -> Vec<String> {
    let mut breaks = Vec::new();
    for (name, old) in &before.columns {
        match after.columns.get(name) {
            None => breaks.push(format!("{name} is gone")),
            Some(new) if new.kind != old.kind => {
                breaks.push(format!("{name} was {} and is {}", old.kind, new.kind));
            }
            Some(new) if old.may_be_null && !new.may_be_null => {
                breaks.push(format!("{name} must no longer be null"));
            }
            Some(new) if old.has_default && !new.has_default && !new.may_be_null => {
                breaks.push(format!("{name} has no default any more"));
            }
            Some(_) => {}
        }
    }
    for (name, new) in &after.columns {
        let is_new = !before.columns.contains_key(name) && before.has_table(&new.table);
        if is_new && !new.may_be_null && !new.has_default {
            breaks.push(format!("{name} has to be given"));
        }
    }
    for rule in &after.unique {
        if before.has_table(&rule.0) && !before.unique.contains(rule) {
            breaks.push(format!("{} ({}) has to be unique", rule.0, rule.1));
        }
    }
    breaks
}

#[test]
fn the_last_release_works_on_the_schema_of_the_next() {
    test_database::run(Engine::Sqlite, |url| async move {
        let database = connect(&url).await;
        migration::up(&database.write()).await.expect("up");
        let after = Schema::read(&database).await;
        let names = migration::names();
        let released = names.iter().position(|name| name == RELEASED);
        let since = names.len() - 1 - released.expect("a released step");
        let since = u32::try_from(since).expect("a few steps");
        if since > 0 {
            migration::down(&database.write(), since)
                .await
                .expect("down");
        }
        let before = Schema::read(&database).await;
        database.close().await.expect("closes");
        assert!(before.columns.len() > 100 && before.unique.len() > 10);
        assert_eq!(breaks(&before, &after), Vec::<String>::new());
    });
}

#[test]
fn what_only_adds_breaks_nothing_and_everything_else_is_told() {
    let cases = [
        (
            "CREATE TABLE more (id INTEGER PRIMARY KEY, a TEXT NOT NULL UNIQUE)",
            None,
        ),
        ("ALTER TABLE hats ADD COLUMN b TEXT", None),
        (
            "ALTER TABLE hats ADD COLUMN b TEXT NOT NULL DEFAULT ''",
            None,
        ),
        ("CREATE INDEX ix ON hats (size)", None),
        (
            "ALTER TABLE hats DROP COLUMN size",
            Some("hats.size is gone"),
        ),
        (
            "CREATE UNIQUE INDEX ux ON hats (size)",
            Some("hats (size) has to be unique"),
        ),
        ("DROP TABLE hats", Some("hats.name is gone")),
        (
            "DROP TABLE hats; CREATE TABLE hats (name TEXT, size TEXT)",
            Some("hats.size was INTEGER and is TEXT"),
        ),
        (
            "DROP TABLE hats; CREATE TABLE hats (name TEXT, size INTEGER NOT NULL)",
            Some("hats.size must no longer be null"),
        ),
        (
            "DROP TABLE hats; CREATE TABLE hats (name TEXT NOT NULL, size INTEGER, b TEXT NOT NULL)",
            Some("hats.b has to be given"),
        ),
    ];
    for (change, expected) in cases {
        test_database::run(Engine::Sqlite, move |url| async move {
            let database = connect(&url).await;
            run(&database, "CREATE TABLE hats (name TEXT, size INTEGER)").await;
            let before = Schema::read(&database).await;
            for statement in change.split("; ") {
                run(&database, statement).await;
            }
            let after = Schema::read(&database).await;
            database.close().await.expect("closes");
            let told = breaks(&before, &after);
            match expected {
                None => assert_eq!(told, Vec::<String>::new(), "{change}"),
                Some(expected) => assert!(told.iter().any(|one| one == expected), "{told:?}"),
            }
        });
    }
}
