//! Signing up and in, as clients of the outfit contract know it.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::{Who, log_in, sign_up};
use crate::app::App;
use crate::client::{Client, text};
use crate::person::PASSWORD;
use crate::problem::without_request_id;

on_every_engine! {
    crate::app::run;
    an_account_is_made_however_the_route_is_spelt,
    every_failing_field_of_a_sign_up_is_named,
    a_taken_name_is_told,
    signing_in_sets_a_cookie_that_is_good_everywhere,
    signing_in_again_ends_the_session_the_browser_had,
    a_wrong_name_and_a_wrong_password_look_the_same,
}

async fn an_account_is_made_however_the_route_is_spelt(app: Arc<App>) {
    let client = app.start().await;
    for (path, name) in [("/singin", "yuna"), ("/signin", "Minsu123")] {
        let body = json!({"id": name, "password": PASSWORD, "confirm_password": PASSWORD});
        let made = client.post(path).json(&body).await.is(201).json();
        let expected = json!({"ok": true, "user_id": made["user_id"]});
        assert_eq!(made, expected);
        assert!(text(&made["user_id"]).bytes().all(|b| b.is_ascii_digit()));
        let who = log_in(&Who::member(&client), name).await;
        let me = who.get("/api/v1/users/me").await.is(200).json();
        assert_eq!(me["id"], made["user_id"]);
    }
}

async fn every_failing_field_of_a_sign_up_is_named(app: Arc<App>) {
    let client = app.start().await;
    let post = async |body| client.post("/signin").json(&body).await;
    post(json!({})).await.invalid(&[
        ("/confirm_password", "required"),
        ("/id", "required"),
        ("/password", "required"),
    ]);
    post(json!({"id": "abc", "password": "1234567", "confirm_password": "12345678"}))
        .await
        .invalid(&[
            ("/confirm_password", "password_mismatch"),
            ("/id", "length"),
            ("/password", "length"),
        ]);
    for (name, code) in [
        ("abcdefghijklm", "length"),
        ("", "length"),
        ("yu_na", "letters_or_digits"),
        ("yu na", "letters_or_digits"),
        ("유나유나", "letters_or_digits"),
    ] {
        let body = json!({"id": name, "password": PASSWORD, "confirm_password": PASSWORD});
        post(body).await.invalid(&[("/id", code)]);
    }
    let body = json!({"id": 1234, "password": PASSWORD, "confirm_password": PASSWORD});
    post(body).await.invalid(&[("/id", "wrong_type")]);
    let long = "아주 긴 암호 5!🙂#"
        .repeat(11)
        .chars()
        .take(128)
        .collect::<String>();
    let body = json!({"id": "yuna", "password": &long, "confirm_password": &long});
    post(body).await.is(201);
}

async fn a_taken_name_is_told(app: Arc<App>) {
    let client = app.start().await;
    sign_up(&client, "yuna").await;
    for (path, name) in [("/signin", "yuna"), ("/singin", "YUNA")] {
        let body = json!({"id": name, "password": PASSWORD, "confirm_password": PASSWORD});
        let answer = client.post(path).json(&body).await;
        answer.refused(409, "user_already_exists");
    }
}

async fn signing_in_sets_a_cookie_that_is_good_everywhere(app: Arc<App>) {
    let client = app.start().await;
    let id = sign_up(&client, "yuna").await;
    let body = json!({"id": "yuna", "password": PASSWORD});
    let answer = client.post("/login").json(&body).await.is(200);
    assert_eq!(answer.json(), json!({"ok": true, "user_id": id}));
    assert_eq!(answer.header("cache-control"), "no-store");
    let set = answer.header("set-cookie");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.split("; ").any(|is| is == attribute), "{set}");
    }
    let signed_in = client.with_cookie(set);
    let me = signed_in.get("/api/v1/users/me").await.is(200).json();
    assert_eq!(me["id"], id);
    signed_in.get("/api/v1/products").await.is(200);
    signed_in.get("/images").await.is(200);
    // It stands on the session: when that ends, nobody is signed in any more.
    signed_in.post("/api/v1/users/sign-out").await.is(204);
    let answer = signed_in.get("/api/v1/users/me").await;
    answer.refused(401, "unauthenticated");
    // The same account by another sign-in route.
    let body = json!({"username": "yuna", "password": PASSWORD});
    let tokens = client.post("/api/v1/users/sign-in").json(&body).await;
    let tokens = tokens.is(200).json();
    let bearer = client.with_token(text(&tokens["access_token"]));
    let page = bearer.get(&format!("/images?userid={id}")).await;
    page.is(200);
}

async fn signing_in_again_ends_the_session_the_browser_had(app: Arc<App>) {
    let client = app.start().await;
    sign_up(&client, "yuna").await;
    sign_up(&client, "minho").await;
    let log_in = async |from: &Client, id: &str, password: &str| {
        let body = json!({"id": id, "password": password});
        from.post("/login").json(&body).await
    };
    let is_in = async |browser: &Client| browser.get("/api/v1/users/me").await.status == 200;
    let elsewhere = log_in(&client, "yuna", PASSWORD).await.is(200);
    let elsewhere = client.with_cookie(elsewhere.header("set-cookie"));
    let first = log_in(&client, "yuna", PASSWORD).await.is(200);
    let first = client.with_cookie(first.header("set-cookie"));
    // A try that fails changes nothing, nor does a sign-in that gets tokens and leaves the cookie.
    log_in(&first, "yuna", "not the password").await.is(401);
    let body = json!({"username": "yuna", "password": PASSWORD});
    first
        .post("/api/v1/users/sign-in")
        .json(&body)
        .await
        .is(200);
    assert!(is_in(&first).await);
    let second = log_in(&first, "yuna", PASSWORD).await.is(200);
    let second = client.with_cookie(second.header("set-cookie"));
    assert!(!is_in(&first).await && is_in(&second).await);
    // Nor does it matter who signs in.
    let third = log_in(&second, "minho", PASSWORD).await.is(200);
    let third = client.with_cookie(third.header("set-cookie"));
    assert!(!is_in(&second).await && is_in(&third).await);
    assert!(is_in(&elsewhere).await);
}

async fn a_wrong_name_and_a_wrong_password_look_the_same(app: Arc<App>) {
    let client = app.start().await;
    sign_up(&client, "yuna").await;
    let mut bodies = Vec::new();
    for (name, password) in [
        ("yuna", "not the password"),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("no such name, ever", PASSWORD),
    ] {
        let body = json!({"id": name, "password": password});
        let answer = client.post("/login").json(&body).await;
        assert!(!answer.headers.contains_key("set-cookie"));
        let document = answer.refused(401, "invalid_credentials");
        bodies.push(without_request_id(document));
    }
    assert!(bodies.windows(2).all(|two| two[0] == two[1]), "{bodies:?}");
    let answer = client.post("/login").json(&json!({"id": 1})).await;
    answer.invalid(&[("/id", "wrong_type"), ("/password", "required")]);
}
