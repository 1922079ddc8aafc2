//! Changing products.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, latte, path, with};
use crate::app::App;
use crate::client::text;

on_every_engine! {
    crate::app::run;
    both_forms_change_what_is_named_and_nothing_else,
    null_clears_what_may_be_null,
    null_does_not_clear_what_is_required,
    an_id_may_be_a_text_or_a_number,
    a_body_has_to_name_a_product_where_the_path_does_not,
    every_failing_field_of_a_change_is_named,
    a_product_that_is_not_there_cannot_be_changed,
}

async fn both_forms_change_what_is_named_and_nothing_else(app: Arc<App>) {
    let person = app.person().await;
    let mut known = person.create(&latte()).await;
    let id = text(&known["product_id"]).to_owned();
    let changes = [
        json!({"price": 4800}),
        json!({"name": "모카", "cost": 0, "unknown": 1}),
        json!({"category": "커피", "size": "small", "barcode": "B-1"}),
        json!({"description": "", "expiration_date": "2027-01-01"}),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let changed = if number % 2 == 0 {
            person.client.patch(&path(&id)).json(&change).await
        } else {
            let named = with(change.clone(), json!({"product_id": id}));
            person.client.patch(PATH).json(&named).await
        };
        let changed = changed.is(200).json();
        let mut change = change;
        if let Some(members) = change.as_object_mut() {
            members.remove("unknown");
        }
        known = with(known, change);
        known["updated_at"] = changed["updated_at"].clone();
        assert_eq!(changed, known);
        let read = person.client.get(&path(&id)).await.is(200).json();
        assert_eq!(read, known);
    }
    assert!(text(&known["updated_at"]) > text(&known["created_at"]));
}

async fn null_clears_what_may_be_null(app: Arc<App>) {
    let person = app.person().await;
    let made = person.create(&latte()).await;
    let path = path(text(&made["product_id"]));
    for member in ["description", "barcode", "expiration_date"] {
        let changed = person.client.patch(&path).json(&json!({member: null}));
        assert_eq!(changed.await.is(200).json()[member], Value::Null);
    }
    let read = person.client.get(&path).await.is(200).json();
    assert_eq!(read["barcode"], Value::Null);
    assert_eq!(read["name"], made["name"]);
}

async fn null_does_not_clear_what_is_required(app: Arc<App>) {
    let person = app.person().await;
    let made = person.create(&latte()).await;
    let path = path(text(&made["product_id"]));
    let nulls = json!({"category": null, "name": null, "price": null, "cost": null, "size": null});
    person.client.patch(&path).json(&nulls).await.invalid(&[
        ("/category", "wrong_type"),
        ("/cost", "wrong_type"),
        ("/name", "wrong_type"),
        ("/price", "wrong_type"),
        ("/size", "wrong_type"),
    ]);
    assert_eq!(person.client.get(&path).await.json(), made);
}

async fn an_id_may_be_a_text_or_a_number(app: Arc<App>) {
    let person = app.person().await;
    let id = person.product("라떼").await;
    let number: i64 = id.parse().expect("an id");
    for form in [json!(id), json!(number)] {
        let body = json!({"product_id": form, "price": 1});
        let changed = person.client.patch(PATH).json(&body).await.is(200);
        assert_eq!(changed.json()["product_id"], id);
    }
    for wrong in [
        json!("x"),
        json!(-1),
        json!("1 "),
        json!("99999999999999999999"),
    ] {
        let body = json!({"product_id": wrong, "price": 1});
        let answer = person.client.patch(PATH).json(&body).await;
        answer.invalid(&[("/product_id", "invalid_value")]);
    }
    for wrong in [json!(1.5), json!(true), json!([])] {
        let body = json!({"product_id": wrong, "price": 1});
        let answer = person.client.patch(PATH).json(&body).await;
        answer.invalid(&[("/product_id", "wrong_type")]);
    }
}

async fn a_body_has_to_name_a_product_where_the_path_does_not(app: Arc<App>) {
    let person = app.person().await;
    for body in [json!({"price": 1}), json!({"product_id": null, "price": 1})] {
        let answer = person.client.patch(PATH).json(&body).await;
        answer.invalid(&[("/product_id", "required")]);
    }
    let answer = person.client.delete(PATH).await;
    answer.invalid(&[("/product_id", "required")]);
}

async fn every_failing_field_of_a_change_is_named(app: Arc<App>) {
    let person = app.person().await;
    let id = person.product("라떼").await;
    let wrong = json!({
        "category": "x".repeat(65), "name": "x".repeat(121), "description": "x".repeat(2_001),
        "price": -1, "cost": "1", "barcode": "8801234567890", "expiration_date": "tomorrow",
        "size": "Small",
    });
    person
        .client
        .patch(&path(&id))
        .json(&wrong)
        .await
        .invalid(&[
            ("/barcode", "check_digit"),
            ("/category", "length"),
            ("/cost", "wrong_type"),
            ("/description", "length"),
            ("/expiration_date", "invalid_value"),
            ("/name", "length"),
            ("/price", "range"),
            ("/size", "size"),
        ]);
}

async fn a_product_that_is_not_there_cannot_be_changed(app: Arc<App>) {
    let person = app.person().await;
    let body = json!({"price": 1});
    for id in [
        "1",
        "0",
        "9223372036854775807",
        "9223372036854775808",
        "-1",
        "x",
        "%00",
        "1.0",
    ] {
        for method in ["GET", "PATCH", "DELETE"] {
            let method = method.parse().expect("a method");
            let answer = person.client.request(method, &path(id)).json(&body).await;
            answer.refused(404, "product_not_found");
        }
        let answer = person.client.post(&format!("{}/restore", path(id))).await;
        answer.refused(404, "product_not_found");
    }
    let named = json!({"product_id": "1", "price": 1});
    let answer = person.client.patch(PATH).json(&named).await;
    answer.refused(404, "product_not_found");
    let answer = person
        .client
        .delete(PATH)
        .query([("product_id", "1")])
        .await;
    answer.refused(404, "product_not_found");
}
