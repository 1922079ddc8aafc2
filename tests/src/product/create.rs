//! Putting products on the shelf.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, latte, with};
use crate::app::App;
use crate::client::text;

on_every_engine! {
    crate::app::run;
    a_product_is_answered_as_it_can_be_read,
    what_is_not_required_may_be_absent_or_null,
    unknown_fields_are_ignored,
    every_failing_field_is_named,
    texts_have_a_length,
    thirteen_digits_have_to_be_an_ean,
}

async fn a_product_is_answered_as_it_can_be_read(app: Arc<App>) {
    let person = app.person().await;
    let answer = person.client.post(PATH).json(&latte()).await.is(201);
    let made = answer.json();
    let location = answer.header("location").to_owned();
    assert_eq!(location, format!("{PATH}/{}", text(&made["product_id"])));
    let read = person.client.get(&location).await.is(200);
    assert_eq!(read.json(), made);
    assert_eq!(read.header("etag"), answer.header("etag"));
    for time in ["created_at", "updated_at"] {
        assert!(text(&made[time]).ends_with('Z'), "{made}");
    }
    let server = json!({
        "product_id": made["product_id"], "created_at": made["created_at"],
        "updated_at": made["created_at"],
    });
    assert_eq!(made, with(latte(), server));
    assert_eq!(person.list([]).await["items"], json!([made]));
}

async fn what_is_not_required_may_be_absent_or_null(app: Arc<App>) {
    let person = app.person().await;
    let least = json!({"category": "음료", "name": "물", "price": 0, "cost": 0, "size": "small"});
    let nulls = json!({"description": null, "barcode": null, "expiration_date": null});
    for body in [least.clone(), with(least.clone(), nulls.clone())] {
        let mut made = person.create(&body).await;
        let members = made.as_object_mut().expect("a product");
        for server in ["product_id", "created_at", "updated_at"] {
            members.remove(server);
        }
        assert_eq!(made, with(least.clone(), nulls.clone()));
    }
}

async fn unknown_fields_are_ignored(app: Arc<App>) {
    let person = app.person().await;
    let more = json!({"product_id": "1", "owner_id": "1", "created_at": "x", "colour": {"a": []}});
    let made = person.create(&with(latte(), more)).await;
    assert_ne!(made["product_id"], "1");
    assert!(made.get("colour").is_none() && made.get("owner_id").is_none());
}

async fn every_failing_field_is_named(app: Arc<App>) {
    let person = app.person().await;
    let post = async |body: Value| person.client.post(PATH).json(&body).await;
    post(json!({})).await.invalid(&[
        ("/category", "required"),
        ("/cost", "required"),
        ("/name", "required"),
        ("/price", "required"),
        ("/size", "required"),
    ]);
    let wrong_types = json!({
        "category": 1, "name": ["a"], "description": {}, "price": "4500", "cost": 1.5,
        "barcode": 8801234567893_i64, "expiration_date": 20261224, "size": true,
    });
    post(wrong_types).await.invalid(&[
        ("/barcode", "wrong_type"),
        ("/category", "wrong_type"),
        ("/cost", "wrong_type"),
        ("/description", "wrong_type"),
        ("/expiration_date", "wrong_type"),
        ("/name", "wrong_type"),
        ("/price", "wrong_type"),
        ("/size", "wrong_type"),
    ]);
    let out_of_range = json!({
        "category": "", "name": " ", "description": "a\u{0}", "price": -1,
        "cost": 9_007_199_254_740_992_i64, "barcode": "8801234567890",
        "expiration_date": "2026-02-30", "size": "medium",
    });
    post(out_of_range).await.invalid(&[
        ("/barcode", "check_digit"),
        ("/category", "length"),
        ("/cost", "range"),
        ("/description", "control_character"),
        ("/expiration_date", "invalid_value"),
        ("/name", "length"),
        ("/price", "range"),
        ("/size", "size"),
    ]);
    // Shape and range at once.
    let mixed = with(latte(), json!({"price": "x", "size": "medium"}));
    post(mixed)
        .await
        .invalid(&[("/price", "wrong_type"), ("/size", "size")]);
    assert_eq!(person.names([]).await, [""; 0]);
}

async fn texts_have_a_length(app: Arc<App>) {
    let person = app.person().await;
    for (member, most) in [
        ("category", 64),
        ("name", 120),
        ("description", 2_000),
        ("barcode", 64),
    ] {
        let longest = with(latte(), json!({member: "뷁".repeat(most)}));
        let made = person.create(&longest).await;
        assert_eq!(made[member], longest[member]);
        let longer = with(latte(), json!({member: "뷁".repeat(most + 1)}));
        let answer = person.client.post(PATH).json(&longer).await;
        answer.invalid(&[(&format!("/{member}"), "length")]);
    }
}

async fn thirteen_digits_have_to_be_an_ean(app: Arc<App>) {
    let person = app.person().await;
    for good in ["8801234567893", "12345678", "88012345678901", "ABC-123"] {
        person
            .create(&with(latte(), json!({"barcode": good})))
            .await;
        let found = person.list([("barcode", good)]).await;
        assert_eq!(found["items"][0]["barcode"], good);
    }
    let wrong = with(latte(), json!({"barcode": "8801234567894"}));
    let answer = person.client.post(PATH).json(&wrong).await;
    answer.invalid(&[("/barcode", "check_digit")]);
}
