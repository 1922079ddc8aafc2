//! Asking twice under one `Idempotency-Key`.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use crate::app::App;
use crate::client::{Answer, Client};
use crate::person::{PASSWORD, Person};

on_every_engine! {
    crate::app::run;
    the_same_request_is_answered_alike_and_done_once,
    a_key_of_another_request_and_a_bad_one_are_refused,
    what_failed_is_tried_again,
    of_many_at_once_one_is_done,
}

fn coffee(price: i64) -> Value {
    json!({"category": "drink", "name": "라떼", "price": price, "cost": 1, "size": "small"})
}

fn is_replayed(answer: &Answer) -> bool {
    let replayed = answer.headers.get("idempotency-replayed");
    replayed.is_some_and(|value| value == "true")
}

async fn products(client: &Client) -> usize {
    let page = client.get("/api/v1/products").await.is(200);
    page.json()["items"].as_array().expect("items").len()
}

async fn the_same_request_is_answered_alike_and_done_once(app: Arc<App>) {
    let person = app.person().await;
    let client = &person.client;
    let ask = || {
        let request = client.post("/api/v1/products").json(&coffee(4_500));
        request.header("idempotency-key", "k-1")
    };
    let first = ask().await.is(201);
    assert!(!is_replayed(&first));
    let again = ask().await.is(201);
    assert!(is_replayed(&again));
    assert_eq!(again.json(), first.json());
    for name in ["location", "etag", "content-type"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(products(client).await, 1);
    // Somebody else's key of the same name is another one.
    let other = Person::new(client).await;
    let request = other.client.post("/api/v1/products").json(&coffee(4_500));
    let theirs = request.header("idempotency-key", "k-1").await.is(201);
    assert!(!is_replayed(&theirs));
    // Signing in once more is no request of a member.
    let sign_in = || {
        let body = json!({"phone_number": person.phone, "password": PASSWORD});
        let request = client.post("/api/v1/users/sign-in").json(&body);
        request.header("idempotency-key", "k-1")
    };
    let (one, other) = (sign_in().await.is(200), sign_in().await.is(200));
    assert_ne!(one.json()["access_token"], other.json()["access_token"]);
    // What is shown once is shown to who asked again, and is not to be read in the database.
    let key = || {
        let request = client.post("/api/v1/users/apikeys").json(&json!({}));
        request.header("idempotency-key", "k-2")
    };
    let (made, again) = (key().await.is(201).json(), key().await.is(201).json());
    assert_eq!(made["secret_key"], again["secret_key"]);
    let secret = made["secret_key"].as_str().expect("a secret");
    let query = format!("SELECT COUNT(*) FROM kept_answers WHERE answer LIKE '%{secret}%'");
    assert_eq!(app.count(&query).await, 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM kept_answers").await, 3);
}

async fn a_key_of_another_request_and_a_bad_one_are_refused(app: Arc<App>) {
    let person = app.person().await;
    let client = &person.client;
    let ask = |body: Value, key: &str| {
        let request = client.post("/api/v1/products").json(&body);
        request.header("idempotency-key", key)
    };
    ask(coffee(1), "k").await.is(201);
    let other = ask(coffee(2), "k").await;
    other.refused(422, "idempotency_key_reused");
    for bad in ["", "a b", &"k".repeat(256)] {
        let refused = ask(coffee(1), bad).await;
        refused.refused(400, "idempotency_key_invalid");
    }
    assert_eq!(products(client).await, 1);
    // Who is nobody hears that first.
    let nobody = Client::new(client.authority().parse().expect("an address"));
    let request = nobody.post("/api/v1/products").json(&coffee(1));
    let refused = request.header("idempotency-key", "k").await;
    refused.refused(401, "unauthenticated");
}

async fn what_failed_is_tried_again(app: Arc<App>) {
    let person = app.person().await;
    let client = &person.client;
    let ask = |body: Value| {
        let request = client.post("/api/v1/products").json(&body);
        request.header("idempotency-key", "k")
    };
    ask(json!({"name": ""}))
        .await
        .refused(422, "invalid_request");
    ask(coffee(3)).await.is(201);
    assert_eq!(products(client).await, 1);
    // A key is remembered for a day.
    app.change("UPDATE kept_answers SET until = 1").await;
    let again = ask(coffee(3)).await.is(201);
    assert!(!is_replayed(&again));
    assert_eq!(products(client).await, 2);
}

async fn of_many_at_once_one_is_done(app: Arc<App>) {
    let person = app.person().await;
    let asked = (0..12).map(|_| {
        let client = person.client.clone();
        tokio::spawn(async move {
            let request = client.post("/api/v1/products").json(&coffee(5));
            let answer = request.header("idempotency-key", "k").await;
            let is_new = !is_replayed(&answer);
            match answer.status.as_u16() {
                201 => is_new,
                _ => {
                    assert_eq!(answer.header("retry-after"), "1");
                    answer.refused(409, "idempotency_key_in_use");
                    false
                }
            }
        })
    });
    let mut done = 0;
    for asked in asked.collect::<Vec<_>>() {
        done += usize::from(asked.await.expect("an answer"));
    }
    assert_eq!((done, products(&person.client).await), (1, 1));
}
