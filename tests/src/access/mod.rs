//! Who gets what answer from which route: every route of `openapi.json` is asked by everybody in
//! `table.txt`, about things that belong to somebody else.

mod everybody;
mod table;

use std::collections::BTreeSet;
use std::sync::Arc;

use test_database::Engine;

use self::everybody::{Everybody, Owner};
use self::table::Row;
use crate::app::App;

/// What stands in the document, as the table names it.
fn routes() -> BTreeSet<String> {
    let document = include_str!("../../../openapi.json");
    let document: serde_json::Value = serde_json::from_str(document).expect("JSON");
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("methods").keys() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                found.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    found
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let rows: Vec<_> = table::rows().iter().map(Row::name).collect();
    let named: BTreeSet<_> = rows.iter().cloned().collect();
    assert_eq!(rows.len(), named.len(), "a route has two rows");
    let routes = routes();
    let without_row: Vec<_> = routes.difference(&named).collect();
    assert!(
        without_row.is_empty(),
        "add to tests/src/access/table.txt: {without_row:#?}"
    );
    let without_route: Vec<_> = named.difference(&routes).collect();
    assert!(
        without_route.is_empty(),
        "no such route: {without_route:#?}"
    );
}

#[test]
fn everybody_gets_the_answers_of_the_table() {
    // Who may do what is decided above the database: one engine is enough.
    crate::app::run(Engine::Sqlite, answers_are_those_of_the_table);
}

async fn answers_are_those_of_the_table(app: Arc<App>) {
    // Nobody is remembered: who was blocked in the database is blocked at once.
    let settings = [("ENSEMBLE__AUTH__SESSION_CACHE_SECONDS", "0")];
    let client = app.start_with(&settings).await;
    let mut everybody = Everybody::new(&app, &client).await;
    let owner = Owner::new(&client, &everybody).await;
    let before = owner.belongings().await;
    let mut wrong = Vec::new();
    for row in table::rows() {
        let answered = everybody.ask(&row, &owner).await;
        if !row.allows(&answered) {
            wrong.push(row.with(&answered));
        }
    }
    assert!(
        wrong.is_empty(),
        "these rows would be true:\n{}\n",
        wrong.join("\n")
    );
    assert_eq!(
        owner.belongings().await,
        before,
        "nobody changed what is the owner's"
    );
}
