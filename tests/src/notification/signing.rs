//! Requests that a program signs.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;
use tokio::task::JoinSet;

use super::{PATH, key, now, sign};
use crate::app::App;
use crate::client::{Answer, Client, text};

on_every_engine! {
    crate::app::run;
    the_older_form_opens_the_services,
    a_request_is_good_once,
    of_many_that_send_the_same_one_is_answered,
    what_is_missing_wrong_or_late_is_told_apart,
    the_newer_form_signs_everything,
    an_allow_list_is_enforced,
    an_old_secret_goes_on_for_a_while,
}

const SERVICES: &str = "/api/v1/services";

/// Sends a query with the signature that the secret makes of it.
async fn send(client: &Client, path: &str, query: &str, secret: &str) -> Answer {
    let signature = sign(secret, query);
    let request = client.get(&format!("{path}?{query}"));
    request.header("secret", &signature).await
}

/// A query for now, which a number makes different from others.
fn query(access: &str, number: u32) -> String {
    format!("key={access}&timestamp={}&nonce={number}", now())
}

async fn the_older_form_opens_the_services(app: Arc<App>) {
    let me = app.person().await.client;
    let (access, secret) = key(&me).await;
    let nobody = me.with_token("");
    for path in [SERVICES, "/api/services"] {
        // As old clients sign: no nonce, and Korean time as well.
        for timestamp in [now(), now() + 9 * 3_600] {
            let query = format!("key={access}&timestamp={timestamp}");
            let answer = send(&nobody, path, &query, &secret).await.is(200);
            assert_eq!(answer.json(), json!({"your_email": null}));
        }
    }
    let keys = me.get(PATH).await.is(200).json();
    assert!(keys[0]["last_used_at"].is_string());
}

async fn a_request_is_good_once(app: Arc<App>) {
    let me = app.person().await.client;
    let (access, secret) = key(&me).await;
    let query = query(&access, 1);
    send(&me, SERVICES, &query, &secret).await.is(200);
    let again = send(&me, SERVICES, &query, &secret).await;
    let problem = again.refused(401, "replayed");
    assert_eq!(problem["msg"], "REPLAYED");
    assert!(problem["detail"].is_string());
    send(&me, SERVICES, &self::query(&access, 2), &secret)
        .await
        .is(200);
}

async fn of_many_that_send_the_same_one_is_answered(app: Arc<App>) {
    let me = app.person().await.client;
    let (access, secret) = key(&me).await;
    let query: Arc<str> = query(&access, 1).into();
    let secret: Arc<str> = secret.into();
    let mut sending = JoinSet::new();
    for _ in 0..20 {
        let (me, query, secret) = (me.clone(), query.clone(), secret.clone());
        sending.spawn(async move { send(&me, SERVICES, &query, &secret).await.status });
    }
    let statuses = sending.join_all().await;
    let good = statuses.iter().filter(|status| status.as_u16() == 200);
    assert_eq!(good.count(), 1, "{statuses:?}");
}

async fn what_is_missing_wrong_or_late_is_told_apart(app: Arc<App>) {
    let me = app.person().await.client;
    let (access, secret) = key(&me).await;
    let good = query(&access, 1);
    me.get(SERVICES).await.refused(400, "signature_missing");
    let unsigned = me.get(&format!("{SERVICES}?{good}")).await;
    unsigned.refused(400, "signature_missing");
    let garbage = me.get(&format!("{SERVICES}?{good}")).header("secret", "?");
    garbage.await.refused(400, "signature_missing");
    for (query, status, code) in [
        (format!("timestamp={}", now()), 400, "signature_missing"),
        (format!("key={access}"), 400, "signature_missing"),
        (
            format!("key={access}&timestamp=noon"),
            400,
            "signature_missing",
        ),
        (format!("{good}&key={access}"), 400, "signature_missing"),
        (
            format!("key=ek{}&timestamp={}", "0".repeat(24), now()),
            401,
            "key_unknown",
        ),
        (format!("key=x&timestamp={}", now()), 401, "key_unknown"),
        (
            format!("key={access}&timestamp={}", now() - 60),
            401,
            "timestamp_out_of_window",
        ),
        (
            format!("key={access}&timestamp={}", now() + 60),
            401,
            "timestamp_out_of_window",
        ),
    ] {
        send(&me, SERVICES, &query, &secret)
            .await
            .refused(status, code);
    }
    // Signed is what is sent: not another order, not another spelling.
    let signature = sign(&secret, &good);
    let tampered = me.get(&format!("{SERVICES}?{good}&more=1"));
    let tampered = tampered.header("secret", &signature).await;
    tampered.refused(401, "signature_invalid");
    send(&me, SERVICES, &good, "another secret")
        .await
        .refused(401, "signature_invalid");
    let keys = me.get(PATH).await.is(200).json();
    let path = format!("{PATH}/{}", text(&keys[0]["id"]));
    me.delete(&path)
        .query([("access_key", access.as_str())])
        .await
        .is(200);
    send(&me, SERVICES, &good, &secret)
        .await
        .refused(401, "key_unknown");
}

async fn the_newer_form_signs_everything(app: Arc<App>) {
    let me = app.person().await.client;
    let (access, secret) = key(&me).await;
    let timestamp = now().to_string();
    let nobody = sha2_of_nothing();
    let canonical = |nonce: &str, query: &str| {
        format!("v2\nGET\n{SERVICES}\n{query}\n{nobody}\n{timestamp}\n{nonce}")
    };
    let send = async |signed: &str, query: &str, nonce: &str| {
        let request = me.get(&format!("{SERVICES}?{query}"));
        let request = request.header("ensemble-key", &access);
        let request = request.header("ensemble-timestamp", &timestamp);
        let request = request.header("ensemble-nonce", nonce);
        request
            .header("ensemble-signature", &sign(&secret, signed))
            .await
    };
    send(&canonical("n-1", "a=1"), "a=1", "n-1").await.is(200);
    let again = send(&canonical("n-1", "a=1"), "a=1", "n-1").await;
    again.refused(401, "replayed");
    send(&canonical("n-2", "a=1"), "a=1", "n-2").await.is(200);
    for (query, nonce) in [("a=2", "n-3"), ("a=1", "n-4")] {
        let refused = send(&canonical("n-3", "a=1"), query, nonce).await;
        refused.refused(401, "signature_invalid");
    }
    let long = "n".repeat(65);
    let refused = send(&canonical(&long, "a=1"), "a=1", &long).await;
    refused.refused(400, "signature_missing");
}

fn sha2_of_nothing() -> &'static str {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}

async fn an_allow_list_is_enforced(app: Arc<App>) {
    let me = app.person().await.client;
    let (access, secret) = key(&me).await;
    let keys = me.get(PATH).await.is(200).json();
    let list = format!("{PATH}/{}/whitelists", text(&keys[0]["id"]));
    let allow = async |ip: &str| {
        let entry = me.post(&list).json(&json!({"ip_addr": ip}));
        entry.await.is(201);
    };
    allow("203.0.113.0/24").await;
    let refused = send(&me, SERVICES, &query(&access, 1), &secret).await;
    refused.refused(403, "address_not_allowed");
    // What a client says of itself is believed of proxies only.
    let claimed = query(&access, 2);
    let signature = sign(&secret, &claimed);
    let request = me
        .get(&format!("{SERVICES}?{claimed}"))
        .header("secret", &signature);
    let request = request.header("x-forwarded-for", "203.0.113.7");
    request.await.refused(403, "address_not_allowed");
    allow("127.0.0.0/8").await;
    send(&me, SERVICES, &query(&access, 3), &secret)
        .await
        .is(200);
}

async fn an_old_secret_goes_on_for_a_while(app: Arc<App>) {
    let me = app.person().await.client;
    let (access, old) = key(&me).await;
    let keys = me.get(PATH).await.is(200).json();
    let rotate = format!("{PATH}/{}/rotate", text(&keys[0]["id"]));
    let rotated = me.post(&rotate).await.is(200).json();
    let new = text(&rotated["secret_key"]);
    send(&me, SERVICES, &query(&access, 1), &old).await.is(200);
    send(&me, SERVICES, &query(&access, 2), new).await.is(200);
    app.change("UPDATE api_keys SET outgoing_until = 1").await;
    let refused = send(&me, SERVICES, &query(&access, 3), &old).await;
    refused.refused(401, "signature_invalid");
    send(&me, SERVICES, &query(&access, 4), new).await.is(200);
}
