//! Draws the schema as a Graphviz document, read from a migrated SQLite database: never by hand.

use std::fmt::Write as _;

use sea_orm_migration::prelude::DbErr;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement,
};

/// What points at another table without a foreign key, drawn dashed. The posting lists are written
/// and removed with their products in one transaction, and a cascade would need a second index as
/// large; events and their counts are appended and never checked; a guest stays merged when the
/// member is gone.
const LOOSE: [(&str, &str, &str); 4] = [
    ("product_grams", "product_id", "products"),
    ("outfit_events", "outfit_id", "outfits"),
    ("outfit_days", "outfit_id", "outfits"),
    ("guests", "merged_into", "users"),
];

/// The schema of `db`, a migrated SQLite database, in the DOT language.
///
/// # Errors
/// Whatever the engine says.
pub async fn dot(db: &DatabaseConnection) -> Result<String, DbErr> {
    let mut nodes = String::new();
    let mut edges = String::new();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' \
                  ESCAPE '!' AND name <> 'seaql_migrations' ORDER BY name";
    for row in query(db, tables.into()).await? {
        let table: String = row.try_get("", "name")?;
        write_table(db, &table, &mut nodes).await?;
        write_references(db, &table, &mut edges).await?;
    }
    Ok(format!(
        "digraph ensemble {{\n  graph [rankdir=LR, ranksep=1.2, nodesep=0.5, bgcolor=white, fontname=Helvetica, \
         label=\"Ensemble\", labelloc=t, fontsize=20];\n  node [shape=plain, fontname=Helvetica, \
         fontsize=11];\n  edge [arrowhead=none, arrowtail=crow, dir=both, \
         color=\"#52606d\"];\n\n{nodes}\n{edges}}}\n"
    ))
}

async fn query(db: &DatabaseConnection, sql: String) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await
}

async fn write_table(db: &DatabaseConnection, table: &str, out: &mut String) -> Result<(), DbErr> {
    let unique = unique_columns(db, table).await?;
    let _ = writeln!(
        out,
        "  {table} [label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"5\">\n    \
         <tr><td colspan=\"3\" bgcolor=\"#243b53\"><font color=\"white\"><b>{table}</b></font></td></tr>"
    );
    let columns = format!(
        "SELECT name, replace(lower(type), '_text', '') AS type, \"notnull\", pk \
         FROM pragma_table_info('{table}')"
    );
    for row in query(db, columns).await? {
        let name: String = row.try_get("", "name")?;
        let kind: String = row.try_get("", "type")?;
        let required: i32 = row.try_get("", "notnull")?;
        let key: i32 = row.try_get("", "pk")?;
        let mark = match (key > 0, unique.contains(&name), required > 0) {
            (true, ..) => "primary key",
            (_, true, true) => "unique",
            (_, true, false) => "unique, null",
            (.., true) => "",
            _ => "null",
        };
        let _ = writeln!(
            out,
            "    <tr><td align=\"left\" port=\"{name}\">{name}</td><td align=\"left\">{kind}</td>\
             <td align=\"left\" port=\"{name}_end\">{mark}</td></tr>"
        );
    }
    out.push_str("  </table>>];\n");
    Ok(())
}

async fn unique_columns(db: &DatabaseConnection, table: &str) -> Result<Vec<String>, DbErr> {
    let sql = format!(
        "SELECT min(c.name) AS name FROM pragma_index_list('{table}') AS i \
         JOIN pragma_index_info(i.name) AS c WHERE i.\"unique\" = 1 GROUP BY i.name HAVING count(*) = 1"
    );
    query(db, sql)
        .await?
        .iter()
        .map(|row| row.try_get("", "name"))
        .collect()
}

async fn write_references(
    db: &DatabaseConnection,
    table: &str,
    out: &mut String,
) -> Result<(), DbErr> {
    let sql = format!("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list('{table}')");
    for row in query(db, sql).await? {
        let from: String = row.try_get("", "from")?;
        let target: String = row.try_get("", "table")?;
        let to: String = row.try_get("", "to")?;
        let _ = writeln!(out, "  {table}:{from}_end:e -> {target}:{to}:w;");
    }
    for (_, column, target) in LOOSE.iter().filter(|(from, ..)| *from == table) {
        let _ = writeln!(
            out,
            "  {table}:{column}_end:e -> {target}:id:w [style=dashed];"
        );
    }
    Ok(())
}
