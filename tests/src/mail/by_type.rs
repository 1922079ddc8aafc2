//! Accounts by type.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::{PUBLIC, Post, me, new_email};
use crate::app::App;
use crate::client::text;
use crate::person::{PASSWORD, new_phone};

on_every_engine! {
    crate::app::run;
    an_account_by_type_is_there_at_once_and_asked_to_prove_its_address,
    what_is_taken_is_told_in_the_contracts_words,
    another_type_is_not_supported,
}

async fn an_account_by_type_is_there_at_once_and_asked_to_prove_its_address(app: Arc<App>) {
    let post = Post::start(&app).await;
    for version in ["/api/v1", "/api"] {
        let email = new_email();
        let body = json!({"email": email, "pw": PASSWORD});
        let path = format!("{version}/auth/register/email");
        let made = post.client.post(&path).json(&body).await.is(201).json();
        let token = text(&made["Authorization"])
            .strip_prefix("Bearer ")
            .expect("a bearer");
        let member = post.client.with_token(token);
        let is = me(&member).await;
        assert_eq!(
            (&is["email"], &is["email_verified"]),
            (&json!(email), &json!(false))
        );
        let link = post.mail(&email, 1).await.link(PUBLIC);
        post.client.post(&link).await.is(200);
        assert_eq!(me(&member).await["email_verified"], true);
        let path = format!("{version}/auth/login/email");
        let back = post.client.post(&path).json(&body).await.is(200).json();
        let token = text(&back["Authorization"])
            .strip_prefix("Bearer ")
            .expect("a bearer");
        me(&post.client.with_token(token)).await;
    }
}

async fn what_is_taken_is_told_in_the_contracts_words(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (email, phone) = (new_email(), new_phone());
    let register = || post.client.post("/api/v1/auth/register/email");
    let body = json!({"email": email, "pw": PASSWORD, "name": "유나", "phone": phone});
    register().json(&body).await.is(201);
    let refused = register()
        .json(&body)
        .await
        .refused(400, "user_already_exists");
    assert_eq!(
        (&refused["msg"], &refused["status"]),
        (&json!("EMAIL_EXISTS"), &json!(400))
    );
    let body = json!({"email": new_email(), "pw": PASSWORD, "phone": phone});
    let refused = register()
        .json(&body)
        .await
        .refused(400, "user_already_exists");
    assert_eq!(refused["msg"], "PHONE_EXISTS");
    let body = json!({"email": new_email(), "pw": PASSWORD, "name": "유나"});
    let refused = register().json(&body).await.refused(409, "name_taken");
    assert_eq!(refused["msg"], "NAME_TAKEN");
    let invalid = register().json(&json!({"pw": "password"})).await;
    invalid.invalid(&[("/email", "required"), ("/pw", "common_password")]);
    for (email, password) in [(email.as_str(), "not the password"), ("nobody", PASSWORD)] {
        let body = json!({"email": email, "pw": password});
        let login = post
            .client
            .post("/api/v1/auth/login/email")
            .json(&body)
            .await;
        let refused = login.refused(400, "invalid_credentials");
        assert_eq!(refused["msg"], "NO_MATCH_USER");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 1);
}

async fn another_type_is_not_supported(app: Arc<App>) {
    let post = Post::start(&app).await;
    for path in [
        "/api/v1/auth/register/kakao",
        "/api/auth/register/KK",
        "/api/v1/auth/login/google",
        "/api/auth/login/x",
    ] {
        // Whatever the body is.
        for answer in [
            post.client.post(path).json(&json!({})).await,
            post.client.post(path).await,
        ] {
            let refused = answer.refused(400, "not_supported");
            assert_eq!(refused["msg"], "NOT_SUPPORTED");
        }
    }
}
