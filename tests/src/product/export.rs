//! Products as CSV files.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{latte, with};
use crate::app::App;
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    what_is_exported_can_be_imported,
    an_empty_shelf_is_a_header,
}

const HEADER: &str = "product_id,category,name,description,price,cost,barcode,expiration_date,size,created_at,updated_at";

async fn what_is_exported_can_be_imported(app: Arc<App>) {
    let person = app.person().await;
    for name in ["라떼", "a,b", "\"quoted\"", "=SUM(A1)", "𠮷野家 👩🏽‍🍳"] {
        person.create(&with(latte(), json!({"name": name}))).await;
    }
    let nulls =
        json!({"name": "물", "description": null, "barcode": null, "expiration_date": null});
    person.create(&with(latte(), nulls)).await;
    let export = person.client.get("/api/v1/products/export").await.is(200);
    assert_eq!(export.kind(), "text/csv");
    assert!(
        export
            .header("content-disposition")
            .starts_with("attachment")
    );
    assert!(export.text().starts_with(HEADER));

    let heir = Person::new(&person.client).await;
    let import = heir.client.post("/api/v1/products/import");
    let report = import.csv(export.body.clone()).await.is(200).json();
    assert_eq!(report["imported"], 6, "{report}");
    let shelf = async |owner: &Person| {
        let page = owner.list([("sort", "name"), ("limit", "100")]).await;
        let mut items = page["items"].as_array().expect("items").clone();
        for item in &mut items {
            for of_its_own in ["product_id", "created_at", "updated_at"] {
                item[of_its_own] = Value::Null;
            }
        }
        items
    };
    assert_eq!(shelf(&heir).await, shelf(&person).await);
}

async fn an_empty_shelf_is_a_header(app: Arc<App>) {
    let person = app.person().await;
    let export = person.client.get("/api/v1/products/export").await.is(200);
    assert_eq!(export.text(), format!("{HEADER}\r\n"));
}
