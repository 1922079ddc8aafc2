//! What people say of themselves, and what front ends in a browser ask.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use crate::app::App;
use crate::client::Client;
use crate::person::{PASSWORD, Person};

on_every_engine! {
    crate::app::run;
    a_stranger_and_a_guest_are_told_that_they_are_not_signed_in,
    a_member_is_shown_until_they_log_out,
    a_birthday_ends_the_need_for_consent_under_each_address,
    every_failing_field_of_a_profile_is_named,
    a_profile_is_changed_field_by_field,
    a_phone_number_of_somebody_else_is_refused,
    another_site_cannot_log_anybody_out,
}

const ME: &str = "/api/v1/users/me";

/// Somebody with a session cookie: their client, and the cookie as it was set.
async fn with_cookie(client: &Client) -> (Client, String) {
    let account = json!({"id": "yuna1", "password": PASSWORD, "confirm_password": PASSWORD});
    client.post("/signin").json(&account).await.is(201);
    let answer = client.post("/login").json(&account).await.is(200);
    let cookie = answer.header("set-cookie").to_owned();
    (client.with_cookie(&cookie), cookie)
}

async fn who(client: &Client) -> Value {
    let answer = client.get("/auth/me").await.is(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

fn nobody() -> Value {
    json!({"ok": true, "authenticated": false, "user": null})
}

async fn a_stranger_and_a_guest_are_told_that_they_are_not_signed_in(app: Arc<App>) {
    let client = app.start().await;
    assert_eq!(who(&client).await, nobody());
    let made = client.post("/api/v1/sessions/guest").await.is(201);
    let guest = client.with_cookie(made.header("set-cookie"));
    assert_eq!(who(&guest).await, nobody());
    // Logging out leaves a guest who they are.
    let out = guest.post("/auth/logout").await.is(200);
    assert_eq!(out.json(), json!({"ok": true}));
    assert!(!out.headers.contains_key("set-cookie"));
    let wrong = client.with_token("x").get("/auth/me").await;
    wrong.refused(401, "invalid_token");
}

async fn a_member_is_shown_until_they_log_out(app: Arc<App>) {
    let client = app.start().await;
    let (member, cookie) = with_cookie(&client).await;
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
    let shown = who(&member).await;
    let expected = json!({"ok": true, "authenticated": true, "user": {
        "id": shown["user"]["id"], "nick": "yuna1", "img": null, "platform": "username",
        "credit": 0, "needs_consent": true,
    }});
    assert_eq!(shown, expected);
    let out = member.post("/auth/logout").await.is(200);
    assert_eq!(out.json(), json!({"ok": true}));
    let removed = out.header("set-cookie");
    assert!(
        removed.starts_with("sid=;") && removed.contains("Max-Age=0"),
        "{removed}"
    );
    assert_eq!(out.header("clear-site-data"), "\"cache\"");
    // The cookie of before is worth nothing, wherever it is kept.
    assert_eq!(who(&member).await, nobody());
    member.post("/auth/logout").await.is(200);
}

async fn a_birthday_ends_the_need_for_consent_under_each_address(app: Arc<App>) {
    for path in [
        "/users/me/profile",
        "/api/users/me/profile",
        "/api/v1/users/me/profile",
    ] {
        let person = app.person().await;
        let body = json!({"birthday": "2001-02-03", "gender": "여성"});
        let noted = person.client.put(path).json(&body).await.is(200).json();
        let user = json!({"id": person.id, "birthday": "2001-02-03", "gender": "여성"});
        assert_eq!(noted, json!({"ok": true, "user": user}));
        let shown = who(&person.client).await;
        assert_eq!(shown["user"]["needs_consent"], false);
        let stranger = app.start().await.put(path).json(&body).await;
        stranger.refused(401, "unauthenticated");
    }
}

async fn every_failing_field_of_a_profile_is_named(app: Arc<App>) {
    let person = app.person().await;
    let put = async |body: Value| person.client.put("/users/me/profile").json(&body).await;
    put(json!({}))
        .await
        .invalid(&[("/birthday", "required"), ("/gender", "required")]);
    for (birthday, code) in [
        ("1899-12-31", "birthday"),
        ("2999-01-01", "birthday"),
        ("2001-02-30", "date"),
        ("3 February 2001", "date"),
    ] {
        put(json!({"birthday": birthday, "gender": "male"}))
            .await
            .invalid(&[("/birthday", code), ("/gender", "person_gender")]);
    }
    let me = person.client.get(ME).await.is(200).json();
    assert_eq!(
        (&me["birthday"], &me["gender"]),
        (&Value::Null, &Value::Null)
    );
}

async fn a_profile_is_changed_field_by_field(app: Arc<App>) {
    let person = app.person().await;
    let put = async |body: Value| person.client.put(ME).json(&body).await.is(200).json();
    let changed = put(json!({
        "nickname": "유나 ✨", "locale": "ko-KR", "birthday": "2001-02-03", "gender": "남성",
        "phone_number": "010-7777-0001",
    }))
    .await;
    for (member, value) in [
        ("nickname", "유나 ✨"),
        ("locale", "ko-KR"),
        ("birthday", "2001-02-03"),
        ("gender", "남성"),
        ("phone_number", "+821077770001"),
    ] {
        assert_eq!(changed[member], value);
    }
    assert_eq!(who(&person.client).await["user"]["nick"], "유나 ✨");
    let cleared = put(json!({"nickname": null, "locale": null})).await;
    assert_eq!(
        (&cleared["nickname"], &cleared["locale"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(cleared["birthday"], "2001-02-03");
    assert_eq!(person.client.get(ME).await.json(), cleared);
}

async fn a_phone_number_of_somebody_else_is_refused(app: Arc<App>) {
    let person = app.person().await;
    let other = Person::new(&person.client).await;
    let taken = json!({"phone_number": person.phone, "nickname": "x"});
    let answer = other.client.patch(ME).json(&taken).await;
    answer.refused(409, "user_already_exists");
    assert_eq!(other.client.get(ME).await.json()["nickname"], Value::Null);
    // One's own is no news.
    let own = json!({"phone_number": other.phone});
    other.client.patch(ME).json(&own).await.is(200);
}

async fn another_site_cannot_log_anybody_out(app: Arc<App>) {
    let client = app.start().await;
    let (member, _) = with_cookie(&client).await;
    let foreign = member
        .post("/auth/logout")
        .header("origin", "https://evil.example");
    foreign.await.refused(403, "csrf");
    assert_eq!(who(&member).await["authenticated"], true);
}
