//! Another's product is absent, not forbidden.

use std::sync::Arc;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, latte, path};
use crate::app::App;
use crate::client::{Answer, text};
use crate::person::{PASSWORD, Person};
use crate::problem::without_request_id;

on_every_engine! {
    crate::app::run;
    another_owners_product_answers_like_one_that_does_not_exist,
    lists_and_exports_show_ones_own_only,
}

/// All of an answer that may not tell anything.
fn telling(answer: &Answer) -> (u16, HeaderMap, Value) {
    let mut headers = answer.headers.clone();
    headers.remove("date");
    headers.remove("x-request-id");
    let document = without_request_id(answer.json());
    (answer.status.as_u16(), headers, document)
}

/// What a person is answered who tries everything there is to try with a product.
async fn try_everything(person: &Person, id: &str, tag: &str) -> Vec<(u16, HeaderMap, Value)> {
    let client = &person.client;
    let path = path(id);
    let number: i64 = id.parse().expect("an id");
    let change = json!({"price": 1});
    let requests = [
        client.get(&path),
        client.get(&path).header("if-none-match", tag),
        client.get(&path).header("if-none-match", "*"),
        client.get(&path).header("if-match", "\"x\""),
        client.patch(&path).json(&change),
        client.patch(&path).json(&json!({})),
        client.patch(&path).json(&change).header("if-match", tag),
        client
            .patch(&path)
            .json(&change)
            .header("if-match", "\"v999\""),
        client.patch(&path).json(&change).header("if-match", "*"),
        client
            .patch(&path)
            .json(&change)
            .header("if-match", "\"a\", \"b\""),
        client.patch(&path).json(&json!({"price": -1})),
        client
            .patch(PATH)
            .json(&json!({"product_id": id, "price": 1})),
        client
            .patch(PATH)
            .json(&json!({"product_id": number, "price": 1})),
        client.delete(&path),
        client.delete(&path).header("if-match", tag),
        client.delete(&path).header("if-match", "\"v999\""),
        client.delete(PATH).query([("product_id", id)]),
        client.post(&format!("{path}/restore")),
    ];
    let mut told = Vec::new();
    for request in requests {
        told.push(telling(&request.await));
    }
    told
}

async fn another_owners_product_answers_like_one_that_does_not_exist(app: Arc<App>) {
    let owner = app.person().await;
    let stranger = Person::new(&owner.client).await;
    let made = owner.client.post(PATH).json(&latte()).await.is(201);
    let (tag, on_shelf) = (made.header("etag").to_owned(), made.json());
    let on_shelf = text(&on_shelf["product_id"]).to_owned();
    let in_bin = owner.product("in the bin").await;
    owner.client.delete(&path(&in_bin)).await.is(204);
    let before = owner.client.get(&path(&on_shelf)).await.json();

    let mut others = Vec::new();
    for id in [&on_shelf, &in_bin] {
        others.push(try_everything(&stranger, id, &tag).await);
    }
    for (status, _, document) in others.iter().flatten() {
        let expected = if document["code"] == "invalid_request" {
            422
        } else {
            404
        };
        assert_eq!(*status, expected, "{document}");
    }
    // None of it did anything.
    assert_eq!(owner.client.get(&path(&on_shelf)).await.json(), before);
    assert_eq!(owner.names([("deleted", "true")]).await, ["in the bin"]);

    // Now that the owner has left, the same ids name nothing at all.
    let proof = json!({"password": PASSWORD});
    owner
        .client
        .delete("/api/v1/users/me")
        .json(&proof)
        .await
        .is(204);
    let mut absent = Vec::new();
    for id in [&on_shelf, &in_bin] {
        absent.push(try_everything(&stranger, id, &tag).await);
    }
    assert_eq!(others, absent);
}

async fn lists_and_exports_show_ones_own_only(app: Arc<App>) {
    let owner = app.person().await;
    let stranger = Person::new(&owner.client).await;
    owner.create(&latte()).await;
    let own = stranger.product("모카").await;
    for query in [
        &[][..],
        &[("q", "라떼")],
        &[("q", "ㅅㅋㄹ")],
        &[("barcode", "8801234567893")],
        &[("category", "음료")],
        &[("sort", "name")],
        &[("sort", "price")],
        &[("sort", "expiry")],
    ] {
        let names = stranger.names(query.iter().copied()).await;
        assert!(!names.contains(&"슈크림 라떼".to_owned()), "{query:?}");
    }
    let export = stranger.client.get("/api/v1/products/export").await.is(200);
    assert_eq!(export.text().lines().count(), 2);
    assert!(export.text().contains(&own));
}
