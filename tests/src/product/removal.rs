//! The bin.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, path};
use crate::app::App;

on_every_engine! {
    crate::app::run;
    both_forms_put_a_product_in_the_bin,
    what_is_in_the_bin_is_nowhere_else,
    a_product_taken_out_of_the_bin_is_as_it_was,
}

async fn both_forms_put_a_product_in_the_bin(app: Arc<App>) {
    let person = app.person().await;
    let (first, second) = (person.product("첫째").await, person.product("둘째").await);
    let by_path = || person.client.delete(&path(&first));
    let by_query = || {
        person
            .client
            .delete(PATH)
            .query([("product_id", second.as_str())])
    };
    for request in [by_path(), by_query()] {
        assert!(request.await.is(204).body.is_empty());
    }
    for again in [by_path(), by_query()] {
        again.await.refused(404, "product_not_found");
    }
    let answer = person
        .client
        .delete(PATH)
        .query([("product_id", "x")])
        .await;
    answer.invalid(&[("/product_id", "invalid_value")]);
}

async fn what_is_in_the_bin_is_nowhere_else(app: Arc<App>) {
    let person = app.person().await;
    let gone = person.product("슈크림 라떼").await;
    person.product("슈크림 모카").await;
    person.client.delete(&path(&gone)).await.is(204);
    assert_eq!(person.names([]).await, ["슈크림 모카"]);
    assert_eq!(person.names([("q", "ㅅㅋㄹ")]).await, ["슈크림 모카"]);
    assert_eq!(person.names([("deleted", "true")]).await, ["슈크림 라떼"]);
    let export = person.client.get("/api/v1/products/export").await.is(200);
    assert!(!export.text().contains("라떼"));
    let answer = person.client.get(&path(&gone)).await;
    answer.refused(404, "product_not_found");
    let change = person.client.patch(&path(&gone)).json(&json!({"price": 1}));
    change.await.refused(404, "product_not_found");
}

async fn a_product_taken_out_of_the_bin_is_as_it_was(app: Arc<App>) {
    let person = app.person().await;
    let id = person.product("슈크림 라떼").await;
    let path = path(&id);
    let restore = || person.client.post(&format!("{path}/restore"));
    let mut before = person.client.get(&path).await.is(200).json();
    let tag = person.client.get(&path).await.header("etag").to_owned();
    person.client.delete(&path).await.is(204);
    let answer = restore().await.is(200);
    assert_ne!(answer.header("etag"), tag);
    let restored: Value = answer.json();
    before["updated_at"] = restored["updated_at"].clone();
    assert_eq!(restored, before);
    assert_eq!(person.names([("q", "ㅅㅋㄹ")]).await, ["슈크림 라떼"]);
    assert_eq!(person.names([("deleted", "true")]).await, [""; 0]);
    // Once more changes nothing.
    assert_eq!(restore().await.is(200).json(), restored);
}
