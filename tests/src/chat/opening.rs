//! Heartbeats, signing in, and what is refused.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;
use tokio_tungstenite::tungstenite::Message;

use super::device::{Device, Ended};
use super::{Friends, named};
use crate::app::App;

on_every_engine! {
    crate::app::run;
    who_signs_in_hears_who_they_are_and_whom_they_know,
    a_heartbeat_comes_before_anything_else,
    who_does_not_sign_in_is_closed,
    who_does_not_beat_is_closed,
    what_cannot_be_understood_is_refused_and_the_socket_stays_open,
    nothing_is_answered_to_who_is_not_signed_in,
    signing_out_closes_the_socket_at_once,
    a_server_that_stops_says_so,
    a_plain_request_is_no_socket,
}

async fn who_signs_in_hears_who_they_are_and_whom_they_know(app: Arc<App>) {
    let friends = Friends::new(&app).await;
    let mina = named(&friends.yuna.client, "Mina").await;
    super::act(&mina, "request", "yuna").await;
    let (_, welcome) = Device::welcomed(&friends.yuna).await;
    let user = |id: &str, name: &str| json!({"id": id, "name": name, "profile": null});
    let expected = json!({
        "self_user": user(&friends.yuna.id, "Yuna"),
        "mutual_requests": [user(&mina.id, "Mina")],
        "mutual_users": [user(&friends.dana.id, "다나")],
    });
    assert_eq!(welcome["payload"], expected);
}

async fn a_heartbeat_comes_before_anything_else(app: Arc<App>) {
    let person = app.person().await;
    let mut device = Device::open(&person.client).await;
    device.frame("load", json!({"type": "mutual_users"})).await;
    device.refused(4003).await;
    device
        .frame("auth", json!({"auth": person.client.token()}))
        .await;
    device.refused(4003).await;
    assert_eq!(device.ended().await, Ended::Closed(4003));
}

async fn who_does_not_sign_in_is_closed(app: Arc<App>) {
    let client = app
        .start_with(&[("ENSEMBLE__CHAT__AUTH_SECONDS", "1")])
        .await;
    let mut device = Device::open(&client).await;
    device.beat().await;
    assert_eq!(device.ended().await, Ended::Closed(4001));
}

async fn who_does_not_beat_is_closed(app: Arc<App>) {
    let client = app
        .start_with(&[("ENSEMBLE__CHAT__HEARTBEAT_SECONDS", "1")])
        .await;
    let person = crate::person::Person::new(&client).await;
    let mut device = Device::of(&person).await;
    assert_eq!(device.ended().await, Ended::Closed(4003));
}

async fn what_cannot_be_understood_is_refused_and_the_socket_stays_open(app: Arc<App>) {
    let friends = Friends::new(&app).await;
    let (room, mut device) = (friends.room(), friends.yunas);
    device.send_text("{").await;
    device.refused(1007).await;
    device.send_raw(Message::binary(vec![1, 2, 3])).await;
    device.refused(1003).await;
    for (kind, payload) in [
        ("dance", json!({})),
        ("chat", Value::Null),
        (
            "chat",
            json!({"type": "send", "chat_id": room, "content": ""}),
        ),
        (
            "chat",
            json!({"type": "send", "chat_id": room, "content": "가".repeat(4_001)}),
        ),
        (
            "load",
            json!({"type": "chat", "load_id": room, "datetime": "now", "count": 1}),
        ),
        ("mutual_users", json!({"type": "marry", "name": "다나"})),
        ("mutual_users", json!({"type": "request", "name": "yuna"})),
    ] {
        device.frame(kind, payload).await;
        device.refused(4000).await;
    }
    for room in ["0", "12345"] {
        device.send_chat(room, "x").await;
        device.refused(4004).await;
    }
    device
        .frame("mutual_users", json!({"type": "request", "name": "nobody"}))
        .await;
    device.refused(4004).await;
    device.is_silent().await;
}

async fn nothing_is_answered_to_who_is_not_signed_in(app: Arc<App>) {
    let person = app.person().await;
    let mut device = Device::open(&person.client).await;
    device.beat().await;
    for token in ["", "x"] {
        device.frame("auth", json!({"auth": token})).await;
        device.refused(4000).await;
    }
    device.frame("load", json!({"type": "mutual_users"})).await;
    device.refused(4001).await;
    device.send_chat("6", "x").await;
    device.refused(4001).await;
    let welcome = device.auth(person.client.token()).await;
    assert_eq!(welcome["type"], "auth");
}

async fn signing_out_closes_the_socket_at_once(app: Arc<App>) {
    let person = app.person().await;
    let other = person.elsewhere().await;
    let (mut device, mut stays) = (Device::of(&person).await, Device::of(&other).await);
    person.client.post("/api/v1/users/sign-out").await.is(204);
    assert_eq!(device.ended().await, Ended::Closed(4001));
    stays.is_silent().await;
    // A new password ends every session but the one that asked for it.
    let third = other.elsewhere().await;
    let mut ends = Device::of(&third).await;
    let body = json!({"current_password": crate::person::PASSWORD, "new_password": "battery staple horse"});
    other
        .client
        .put("/api/v1/users/me/password")
        .json(&body)
        .await
        .is(204);
    assert_eq!(ends.ended().await, Ended::Closed(4001));
    stays.is_silent().await;
}

async fn a_server_that_stops_says_so(app: Arc<App>) {
    let person = app.person().await;
    // Who did not sign in yet hears it as well.
    let devices = [
        Device::of(&person).await,
        Device::open(&person.client).await,
    ];
    let stopping = tokio::spawn(async move { app.stop().await });
    for mut device in devices {
        let frame = device.next().await;
        assert_eq!(frame["type"], "reconnect");
        let after = frame["payload"]["after_ms"].as_u64();
        assert!(after.is_some_and(|ms| ms < 5_000));
        assert_eq!(device.ended().await, Ended::Closed(1012));
    }
    stopping.await.expect("it stops");
}

async fn a_plain_request_is_no_socket(app: Arc<App>) {
    let client = app.start().await;
    client.get("/ws").await.refused(400, "bad_request");
}
