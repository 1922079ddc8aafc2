//! Making, changing and removing API keys.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;
use tokio::task::JoinSet;

use super::{PATH, key, made};
use crate::app::App;
use crate::client::{Client, text};
use crate::person::{PASSWORD, Person};

on_every_engine! {
    crate::app::run;
    a_key_is_made_listed_changed_and_removed,
    a_secret_is_stored_sealed_and_told_once,
    of_many_made_at_once_three_stay,
    an_allow_list_has_at_most_ten_entries,
    anothers_keys_look_absent,
    what_is_not_valid_is_named,
    keys_go_with_the_account,
    the_addresses_of_before_work,
}

fn path(key: &Value) -> String {
    format!("{PATH}/{}", text(&key["id"]))
}

async fn remove(client: &Client, key: &Value) {
    let named = [("access_key", text(&key["access_key"]))];
    let removed = client.delete(&path(key)).query(named).await.is(200);
    assert_eq!(removed.json(), json!({"message": "OK"}));
}

async fn a_key_is_made_listed_changed_and_removed(app: Arc<App>) {
    let me = app.person().await.client;
    let new = json!({"user_memo": "쇼핑몰", "scopes": ["email"]});
    let mut first = made(&me, &new).await;
    assert_eq!(first["user_memo"], "쇼핑몰");
    assert_eq!(first["scopes"], json!(["email"]));
    assert!(text(&first["created_at"]).ends_with('Z'));
    let second = me.post(PATH).await.is(201).json();
    assert_eq!(second["scopes"], json!(["email", "kakao"]));
    let listed = me.get(PATH).await.is(200).json();
    assert!(
        first
            .as_object_mut()
            .expect("a key")
            .remove("secret_key")
            .is_some()
    );
    assert_eq!(listed[0], first);
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
    let change =
        json!({"user_memo": null, "scopes": ["kakao"], "expires_at": "2100-01-01T00:00:00Z"});
    let changed = me.put(&path(&first)).json(&change).await.is(200).json();
    assert_eq!(changed["user_memo"], json!(null));
    assert_eq!(changed["scopes"], json!(["kakao"]));
    assert_eq!(me.get(PATH).await.is(200).json()[0], changed);
    // The name says it once more: a slip of the id removes nothing.
    let slip = [("access_key", text(&second["access_key"]))];
    let answer = me.delete(&path(&first)).query(slip).await;
    answer.refused(404, "api_key_not_found");
    remove(&me, &first).await;
    let answer = me.put(&path(&first)).json(&change).await;
    answer.refused(404, "api_key_not_found");
    assert_eq!(
        me.get(PATH).await.is(200).json().as_array().map(Vec::len),
        Some(1)
    );
}

async fn a_secret_is_stored_sealed_and_told_once(app: Arc<App>) {
    let me = app.person().await.client;
    let answer = me.post(PATH).await.is(201);
    assert_eq!(answer.header("cache-control"), "no-store");
    let made = answer.json();
    let secret = text(&made["secret_key"]);
    assert!(secret.len() >= 43, "{}", secret.len());
    assert!(!me.get(PATH).await.is(200).text().contains(secret));
    let sealed = "SELECT COUNT(*) FROM api_keys WHERE secret LIKE 'v1.%'";
    assert_eq!(app.count(sealed).await, 1);
    let plain = format!("SELECT COUNT(*) FROM api_keys WHERE secret LIKE '%{secret}%'");
    assert_eq!(app.count(&plain).await, 0);
    // A new one is told once as well.
    let rotated = me
        .post(&format!("{}/rotate", path(&made)))
        .await
        .is(200)
        .json();
    assert_eq!(rotated["access_key"], made["access_key"]);
    assert_ne!(rotated["secret_key"], made["secret_key"]);
    assert!(rotated["old_secret_until"].is_string());
}

async fn of_many_made_at_once_three_stay(app: Arc<App>) {
    let me = app.person().await.client;
    let mut making = JoinSet::new();
    for _ in 0..20 {
        let me = me.clone();
        making.spawn(async move { me.post(PATH).await });
    }
    let mut refused = 0;
    for answer in making.join_all().await {
        if answer.status.as_u16() != 201 {
            answer.refused(400, "max_key_count");
            refused += 1;
        }
    }
    assert_eq!(refused, 17);
    let keys = me.get(PATH).await.is(200).json();
    assert_eq!(keys.as_array().map(Vec::len), Some(3));
    // One that is removed, or has expired, makes room.
    remove(&me, &keys[0]).await;
    made(&me, &json!({})).await;
    me.post(PATH).await.refused(400, "max_key_count");
    app.change("UPDATE api_keys SET expires_at = 1").await;
    made(&me, &json!({})).await;
}

async fn an_allow_list_has_at_most_ten_entries(app: Arc<App>) {
    let me = app.person().await.client;
    let list = format!("{}/whitelists", path(&made(&me, &json!({})).await));
    let allow = async |ip: &str| me.post(&list).json(&json!({"ip_addr": ip})).await;
    let first = allow("203.0.113.0/24").await.is(201).json();
    assert_eq!(first["ip_addr"], "203.0.113.0/24");
    let again = allow("203.0.113.77/24").await.is(200).json();
    assert_eq!(again, first);
    for number in 1..10 {
        allow(&format!("2001:db8::{number}")).await.is(201);
    }
    allow("192.0.2.1").await.refused(400, "max_whitelist_count");
    for wrong in ["", "localhost", "203.0.113.7/33", "1.2.3"] {
        allow(wrong).await.refused(400, "invalid_ip");
    }
    let listed = me.get(&list).await.is(200).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(10));
    let entry = format!("{list}/{}", text(&first["id"]));
    me.delete(&entry).await.is(200);
    me.delete(&entry).await.refused(404, "whitelist_not_found");
    me.delete(&format!("{list}/x"))
        .await
        .refused(404, "whitelist_not_found");
}

async fn anothers_keys_look_absent(app: Arc<App>) {
    let me = app.person().await.client;
    let other = Person::new(&me).await.client;
    let key = made(&me, &json!({})).await;
    let (path, list) = (path(&key), format!("{}/whitelists", path(&key)));
    assert_eq!(other.get(PATH).await.is(200).json(), json!([]));
    let named = [("access_key", text(&key["access_key"]))];
    for answer in [
        other.put(&path).json(&json!({})).await,
        other.delete(&path).query(named).await,
        other.post(&format!("{path}/rotate")).await,
        other.get(&list).await,
        other
            .post(&list)
            .json(&json!({"ip_addr": "192.0.2.1"}))
            .await,
        other.delete(&format!("{list}/1")).await,
    ] {
        answer.refused(404, "api_key_not_found");
    }
}

async fn what_is_not_valid_is_named(app: Arc<App>) {
    let me = app.person().await.client;
    let wrong = json!({"user_memo": "", "scopes": ["fax"], "expires_at": "2001-01-01T00:00:00Z"});
    let named = [
        ("/expires_at", "past"),
        ("/scopes", "choice"),
        ("/user_memo", "length"),
    ];
    me.post(PATH).json(&wrong).await.invalid(&named);
    let key = made(&me, &json!({})).await;
    me.put(&path(&key)).json(&wrong).await.invalid(&named);
    me.delete(&path(&key))
        .await
        .invalid(&[("/access_key", "required")]);
}

async fn keys_go_with_the_account(app: Arc<App>) {
    let me = app.person().await;
    let key = made(&me.client, &json!({})).await;
    let list = format!("{}/whitelists", path(&key));
    let entry = json!({"ip_addr": "192.0.2.1"});
    me.client.post(&list).json(&entry).await.is(201);
    let leave = me.client.delete("/api/v1/users/me");
    leave.json(&json!({"password": PASSWORD})).await.is(204);
    for table in ["api_keys", "api_key_networks"] {
        assert_eq!(app.count(&format!("SELECT COUNT(*) FROM {table}")).await, 0);
    }
}

async fn the_addresses_of_before_work(app: Arc<App>) {
    let me = app.person().await.client;
    let old = "/api/user/apikeys";
    let key = me
        .post(old)
        .json(&json!({"user_memo": "옛 주소"}))
        .await
        .is(201)
        .json();
    let one = format!("{old}/{}", text(&key["id"]));
    me.put(&one)
        .json(&json!({"user_memo": "새 이름"}))
        .await
        .is(200);
    assert_eq!(me.get(old).await.is(200).json()[0]["user_memo"], "새 이름");
    let list = format!("{one}/whitelists");
    let entry = me
        .post(&list)
        .json(&json!({"ip_addr": "192.0.2.1"}))
        .await
        .is(201)
        .json();
    assert_eq!(me.get(&list).await.is(200).json()[0], entry);
    me.delete(&format!("{list}/{}", text(&entry["id"])))
        .await
        .is(200);
    let named = [("access_key", text(&key["access_key"]))];
    me.delete(&one).query(named).await.is(200);
    assert_eq!(me.get(old).await.is(200).json(), json!([]));
    // What was removed opens nothing.
    let (access, _) = self::key(&me).await;
    assert_ne!(text(&key["access_key"]), access);
}
