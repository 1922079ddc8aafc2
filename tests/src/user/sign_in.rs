//! Signing in and out.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use crate::app::App;
use crate::client::{Answer, text};
use crate::person::{PASSWORD, new_phone, sign_in, sign_up};
use crate::problem::without_request_id;

on_every_engine! {
    crate::app::run;
    a_sign_in_gives_a_pair_of_tokens,
    an_unknown_account_and_a_wrong_password_answer_alike,
    every_failing_field_of_a_sign_in_is_named,
    a_sign_out_ends_access_and_refresh_at_once,
    a_stranger_is_told_to_sign_in,
    another_device_stays_signed_in,
}

async fn a_sign_in_gives_a_pair_of_tokens(app: Arc<App>) {
    let client = app.start().await;
    let phone = new_phone();
    sign_up(&client, &phone).await.is(201);
    let answer = sign_in(&client, &phone, PASSWORD).await.is(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let tokens = answer.json();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 900);
    assert!(!text(&tokens["refresh_token"]).is_empty());
    let access = text(&tokens["access_token"]);
    assert_eq!(access.split('.').count(), 3, "a JWT");
    let me = client.with_token(access).get("/api/v1/users/me").await;
    me.is(200);
    let lower = format!("bearer {access}");
    let me = client
        .get("/api/v1/users/me")
        .header("authorization", &lower);
    me.await.is(200);
}

async fn an_unknown_account_and_a_wrong_password_answer_alike(app: Arc<App>) {
    let client = app.start().await;
    let known = new_phone();
    sign_up(&client, &known).await.is(201);
    let telling = |answer: Answer| {
        let mut headers = answer.headers.clone();
        headers.remove("date");
        headers.remove("x-request-id");
        let document = without_request_id(answer.refused(401, "invalid_credentials"));
        (headers, document)
    };
    let wrong = telling(sign_in(&client, &known, "another password").await);
    for (phone, password) in [
        (new_phone().as_str(), PASSWORD),
        (known.as_str(), ""),
        (known.as_str(), &"x".repeat(1_000)),
        ("not a number", PASSWORD),
    ] {
        assert_eq!(telling(sign_in(&client, phone, password).await), wrong);
    }
    for stranger in [
        json!({"email": "nobody@example.com", "password": PASSWORD}),
        json!({"username": "nobody", "password": PASSWORD}),
    ] {
        let answer = client.post("/api/v1/users/sign-in").json(&stranger).await;
        assert_eq!(telling(answer), wrong);
    }
}

async fn every_failing_field_of_a_sign_in_is_named(app: Arc<App>) {
    let client = app.start().await;
    let answer = client.post("/api/v1/users/sign-in").json(&json!({})).await;
    answer.invalid(&[
        ("/password", "required"),
        ("/phone_number", "identifier_required"),
    ]);
    let wrong = json!({"phone_number": 1, "password": "x".repeat(1_025)});
    let answer = client.post("/api/v1/users/sign-in").json(&wrong).await;
    answer.invalid(&[("/password", "length"), ("/phone_number", "wrong_type")]);
    for member in ["phone_number", "email", "username"] {
        let wrong = json!({member: true, "password": PASSWORD});
        let answer = client.post("/api/v1/users/sign-in").json(&wrong).await;
        answer.invalid(&[(&format!("/{member}"), "wrong_type")]);
    }
}

async fn a_sign_out_ends_access_and_refresh_at_once(app: Arc<App>) {
    let person = app.person().await;
    person.is_signed_in(true).await;
    let left = person.client.post("/api/v1/users/sign-out").await.is(204);
    assert!(left.body.is_empty());
    person.is_signed_in(false).await;
    let refused = person.refresh(&person.refresh_token).await;
    refused.refused(401, "invalid_token");
    let again = person.client.post("/api/v1/users/sign-out").await;
    again.refused(401, "invalid_token");
    person.elsewhere().await.is_signed_in(true).await;
}

async fn a_stranger_is_told_to_sign_in(app: Arc<App>) {
    let client = app.start().await;
    for (method, path) in [
        ("POST", "/api/v1/users/sign-out"),
        ("GET", "/api/v1/users/me"),
        ("PATCH", "/api/v1/users/me"),
        ("DELETE", "/api/v1/users/me"),
        ("PUT", "/api/v1/users/me/password"),
        ("GET", "/api/v1/users/me/sessions"),
        ("DELETE", "/api/v1/users/me/sessions"),
        ("DELETE", "/api/v1/users/me/sessions/1"),
        ("GET", "/api/v1/products"),
        ("POST", "/api/v1/products"),
        ("PATCH", "/api/v1/products"),
        ("DELETE", "/api/v1/products?product_id=1"),
        ("GET", "/api/v1/products/1"),
        ("PATCH", "/api/v1/products/1"),
        ("DELETE", "/api/v1/products/1"),
        ("POST", "/api/v1/products/1/restore"),
        ("POST", "/api/v1/products/import"),
        ("GET", "/api/v1/products/export"),
    ] {
        let request = || client.request(method.parse().expect("a method"), path);
        request().await.refused(401, "unauthenticated");
        for bad in ["Bearer nonsense", "Bearer a.b.c", "Basic eDp5", "Bearer"] {
            let answer = request().header("authorization", bad).await;
            answer.refused(401, "invalid_token");
        }
    }
}

async fn another_device_stays_signed_in(app: Arc<App>) {
    let phone = app.person().await;
    let laptop = phone.elsewhere().await;
    phone.client.post("/api/v1/users/sign-out").await.is(204);
    phone.is_signed_in(false).await;
    laptop.is_signed_in(true).await;
}
