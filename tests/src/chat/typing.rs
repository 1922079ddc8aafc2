//! What is passed on and not kept; and pings.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::device::Device;
use super::raw::{LAST, PING, Raw};
use super::{Friends, act, named, room};
use crate::app::App;

on_every_engine! {
    crate::app::run;
    typing_is_heard_by_every_device_of_the_other_and_not_kept,
    only_friends_hear_of_typing,
    who_is_silent_is_pinged_and_closed_without_a_heartbeat,
    a_friend_on_another_node_hears_of_typing,
}

async fn tap(device: &mut Device, room: &str) {
    device.frame("typing", json!({"chat_id": room})).await;
}

fn typing(room: &str, id: &str) -> Value {
    json!({"type": "typing", "payload": {"chat_id": room, "user_id": id}})
}

async fn typing_is_heard_by_every_device_of_the_other_and_not_kept(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let (room, mut tablet) = (friends.room(), Device::of(&friends.dana).await);
    let expected = typing(&room, &friends.yuna.id);
    // Often is told once.
    for _ in 0..3 {
        tap(&mut friends.yunas, &room).await;
    }
    friends.yunas.is_silent().await;
    for device in [&mut friends.danas, &mut tablet] {
        assert_eq!(device.next().await, expected);
        device.is_silent().await;
    }
    let before = app.count("SELECT COUNT(*) FROM chat_log").await;
    // The other way it is another matter.
    tap(&mut friends.danas, &room).await;
    assert_eq!(friends.yunas.next().await, typing(&room, &friends.dana.id));
    assert_eq!(app.count("SELECT COUNT(*) FROM chat_log").await, before);
}

async fn only_friends_hear_of_typing(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let mina = named(&friends.yuna.client, "Mina").await;
    let mut minas = Device::of(&mina).await;
    for room in [room(&mina, &friends.yuna), "0".to_owned()] {
        tap(&mut minas, &room).await;
        minas.refused(4004).await;
    }
    minas.frame("typing", Value::Null).await;
    minas.refused(4000).await;
    act(&friends.dana, "block", "yuna").await;
    assert_eq!(friends.yunas.next().await["payload"]["type"], "delete");
    let room = friends.room();
    tap(&mut friends.yunas, &room).await;
    friends.yunas.refused(4004).await;
}

async fn who_is_silent_is_pinged_and_closed_without_a_heartbeat(app: Arc<App>) {
    let client = app
        .start_with(&[
            ("ENSEMBLE__CHAT__PING_SECONDS", "1"),
            ("ENSEMBLE__CHAT__HEARTBEAT_SECONDS", "3"),
        ])
        .await;
    // Half open: it takes what comes, and will never say anything.
    let mut raw = Raw::open(&client).await;
    for _ in 0..2 {
        assert_eq!(raw.any().await, Some((LAST | PING, Vec::new())));
    }
    assert_eq!(raw.closed().await, Some(4003));
}

async fn a_friend_on_another_node_hears_of_typing(app: Arc<App>) {
    #[expect(
        clippy::disallowed_methods,
        reason = "which servers there are is told to the tests by nobody else"
    )]
    let redis = std::env::var("TEST_REDIS_URL").unwrap_or_default();
    if app.engine == test_database::Engine::Sqlite || redis.is_empty() {
        return;
    }
    let settings = [("ENSEMBLE__REDIS__URL", redis.as_str())];
    let here = app.start_with(&settings).await;
    let there = app.start_with(&settings).await;
    let (yuna, mut dana) = (named(&here, "Yuna").await, named(&here, "Dana").await);
    act(&yuna, "request", "Dana").await;
    act(&dana, "response", "Yuna").await;
    dana.client = dana.client.at(&there);
    let (mut yunas, mut danas) = (Device::of(&yuna).await, Device::of(&dana).await);
    let room = room(&yuna, &dana);
    // A message first: then both nodes hear each other.
    yunas.send_chat(&room, "hello").await;
    for device in [&mut yunas, &mut danas] {
        assert_eq!(device.next().await["type"], "chat");
    }
    tap(&mut yunas, &room).await;
    assert_eq!(danas.next().await, typing(&room, &yuna.id));
}
