//! Which friends are there.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use test_database::{Engine, on_every_engine};

use super::device::Device;
use super::{Friends, act, named};
use crate::app::App;
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    who_asks_hears_which_friends_are_there_and_of_their_coming_and_going,
    only_friends_are_seen_and_only_as_long_as_they_are,
    a_friend_on_another_node_is_seen,
}

async fn watch(device: &mut Device) {
    device.send(&json!({"type": "presence"})).await;
}

fn presence(online: &[&Person], offline: &[&Person]) -> Value {
    let ids = |people: &[&Person]| -> Vec<String> {
        people.iter().map(|person| person.id.clone()).collect()
    };
    let payload = json!({"online": ids(online), "offline": ids(offline)});
    json!({"type": "presence", "payload": payload})
}

async fn who_asks_hears_which_friends_are_there_and_of_their_coming_and_going(app: Arc<App>) {
    let Friends {
        yuna,
        dana,
        mut yunas,
        danas,
    } = Friends::new(&app).await;
    watch(&mut yunas).await;
    assert_eq!(yunas.next().await, presence(&[&dana], &[]));
    // A line that breaks and comes back is no news, nor is a second device.
    drop(danas);
    let mut danas = Device::of(&dana).await;
    let tablet = Device::of(&dana).await;
    drop(tablet);
    yunas.is_silent().await;
    // Who did not ask is not told.
    drop(yunas);
    let mut yunas = Device::of(&yuna).await;
    danas.is_silent().await;
    drop(danas);
    watch(&mut yunas).await;
    // Gone a moment ago is there still.
    assert_eq!(yunas.next().await, presence(&[&dana], &[]));
    assert_eq!(yunas.next().await, presence(&[], &[&dana]));
    let _danas = Device::of(&dana).await;
    assert_eq!(yunas.next().await, presence(&[&dana], &[]));
    assert_eq!(app.count("SELECT COUNT(*) FROM messages").await, 0);
}

async fn only_friends_are_seen_and_only_as_long_as_they_are(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let mina = named(&friends.yuna.client, "Mina").await;
    let mut minas = Device::of(&mina).await;
    watch(&mut minas).await;
    assert_eq!(minas.next().await, presence(&[], &[]));
    let who_did_not_sign_in = Device::open(&mina.client).await;
    drop(who_did_not_sign_in);
    // A request is no friendship yet.
    act(&mina, "request", "yuna").await;
    assert_eq!(friends.yunas.next().await["payload"]["type"], "request");
    minas.is_silent().await;
    act(&friends.yuna, "response", "mina").await;
    let mut told = BTreeSet::new();
    for _ in 0..2 {
        let frame = minas.next().await;
        if frame["type"] == "presence" {
            assert_eq!(frame, presence(&[&friends.yuna], &[]));
        }
        told.insert(frame["type"].as_str().expect("a type").to_owned());
    }
    assert_eq!(told, ["mutual_users", "presence"].map(str::to_owned).into());
    // No friend any more: neither going nor coming is seen.
    act(&friends.yuna, "block", "mina").await;
    assert_eq!(minas.next().await["payload"]["type"], "delete");
    watch(&mut minas).await;
    assert_eq!(minas.next().await, presence(&[], &[]));
}

async fn a_friend_on_another_node_is_seen(app: Arc<App>) {
    #[expect(
        clippy::disallowed_methods,
        reason = "which servers there are is told to the tests by nobody else"
    )]
    let redis = std::env::var("TEST_REDIS_URL").unwrap_or_default();
    if app.engine == Engine::Sqlite || redis.is_empty() {
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
    // A message first: then both nodes hear each other.
    yunas.send_chat(&super::room(&yuna, &dana), "hello").await;
    for device in [&mut yunas, &mut danas] {
        assert_eq!(device.next().await["type"], "chat");
    }
    watch(&mut yunas).await;
    // Asked, the other node answers, unless it has said so before.
    let mut frame = yunas.next().await;
    if frame == presence(&[], &[]) {
        frame = yunas.next().await;
    }
    assert_eq!(frame, presence(&[&dana], &[]));
    drop(danas);
    assert_eq!(yunas.next().await, presence(&[], &[&dana]));
    let _danas = Device::of(&dana).await;
    assert_eq!(yunas.next().await, presence(&[&dana], &[]));
}
