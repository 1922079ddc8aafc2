//! Requests that depend on what the client has seen.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::{PATH, latte, path};
use crate::app::App;
use crate::client::text;

on_every_engine! {
    crate::app::run;
    a_product_that_has_not_changed_is_not_sent_again,
    a_change_of_a_product_seen_in_time_is_made,
    a_change_of_a_product_changed_since_is_refused,
    of_many_changes_of_one_version_one_is_made,
}

async fn a_product_that_has_not_changed_is_not_sent_again(app: Arc<App>) {
    let person = app.person().await;
    let made = person.create(&latte()).await;
    let path = path(text(&made["product_id"]));
    let tag = person.client.get(&path).await.header("etag").to_owned();
    let read = async |condition: &str| {
        let request = person.client.get(&path);
        request.header("if-none-match", condition).await
    };
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"x\", {tag}"),
        "*".into(),
    ] {
        let answer = read(&known).await.is(304);
        assert_eq!(answer.header("etag"), tag);
        assert!(answer.body.is_empty());
    }
    read("\"x\"").await.is(200);
    person
        .client
        .patch(&path)
        .json(&json!({"price": 1}))
        .await
        .is(200);
    let answer = read(&tag).await.is(200);
    assert_ne!(answer.header("etag"), tag);
    assert_eq!(answer.json()["price"], 1);
}

async fn a_change_of_a_product_seen_in_time_is_made(app: Arc<App>) {
    let person = app.person().await;
    let made = person.client.post(PATH).json(&latte()).await.is(201);
    let product = made.json();
    let id = text(&product["product_id"]);
    let mut tag = made.header("etag").to_owned();
    for price in [1, 2] {
        let request = person
            .client
            .patch(&path(id))
            .json(&json!({"price": price}));
        let changed = request.header("if-match", &tag).await.is(200);
        assert_ne!(changed.header("etag"), tag);
        tag = changed.header("etag").to_owned();
    }
    let body = json!({"product_id": id, "price": 3});
    let any = person.client.patch(PATH).json(&body);
    let changed = any.header("if-match", "*").await.is(200);
    let both = format!("\"x\", {}", changed.header("etag"));
    let left = person.client.delete(&path(id)).header("if-match", &both);
    left.await.is(204);
}

async fn a_change_of_a_product_changed_since_is_refused(app: Arc<App>) {
    let person = app.person().await;
    let made = person.client.post(PATH).json(&latte()).await.is(201);
    let id = text(&made.json()["product_id"]).to_owned();
    let stale = made.header("etag").to_owned();
    let path = path(&id);
    person
        .client
        .patch(&path)
        .json(&json!({"price": 1}))
        .await
        .is(200);
    let current = person.client.get(&path).await.header("etag").to_owned();
    for condition in [stale.as_str(), "\"x\"", &format!("W/{current}"), "garbage"] {
        let by_path = person.client.patch(&path).json(&json!({"price": 2}));
        let by_body = person
            .client
            .patch(PATH)
            .json(&json!({"product_id": id, "price": 2}));
        let delete = person.client.delete(&path);
        let delete_by_query = person
            .client
            .delete(PATH)
            .query([("product_id", id.as_str())]);
        for request in [by_path, by_body, delete, delete_by_query] {
            let answer = request.header("if-match", condition).await;
            answer.refused(412, "precondition_failed");
        }
    }
    assert_eq!(person.client.get(&path).await.json()["price"], 1);
}

async fn of_many_changes_of_one_version_one_is_made(app: Arc<App>) {
    let person = app.person().await;
    let made = person.client.post(PATH).json(&latte()).await.is(201);
    let tag = made.header("etag").to_owned();
    let path = path(text(&made.json()["product_id"]));
    let changes = (1..=10).map(|price| {
        let request = person.client.patch(&path).json(&json!({"price": price}));
        request.header("if-match", &tag).into_future()
    });
    let answers = futures_util::future::join_all(changes).await;
    let mut made = Vec::new();
    for answer in answers {
        if answer.status == 200 {
            made.push(answer.json());
        } else {
            answer.refused(412, "precondition_failed");
        }
    }
    let read = person.client.get(&path).await.is(200).json();
    assert_eq!(made, [read]);
}
