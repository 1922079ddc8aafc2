//! Coming back, and having missed nothing.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::Friends;
use super::device::Device;
use crate::app::App;

on_every_engine! {
    crate::app::run;
    who_comes_back_gets_what_was_missed_in_order,
    who_was_away_for_too_long_is_told_to_read_anew,
    a_restart_of_the_server_loses_nothing,
}

async fn who_comes_back_gets_what_was_missed_in_order(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let room = friends.room();
    friends.yunas.send_chat(&room, "seen").await;
    friends.yunas.next().await;
    let seen = friends.danas.next().await["seq"].as_i64().expect("a place");
    drop(friends.danas);
    for number in 0..250 {
        friends.yunas.send_chat(&room, &number.to_string()).await;
        friends.yunas.next().await;
        // As fast as a connection may talk.
        if number % 100 == 99 {
            friends.yunas = Device::of(&friends.yuna).await;
        }
    }
    let (mut back, welcome) = Device::welcomed(&friends.dana).await;
    assert_eq!(welcome["seq"], seen + 250);
    back.frame("resume", json!({"seq": seen})).await;
    for number in 0..250 {
        let frame = back.next().await;
        assert_eq!(frame["seq"], seen + 1 + number);
        assert_eq!(frame["payload"]["content"], number.to_string());
    }
    assert_eq!(back.next().await, resumed(seen + 250));
    // The same with the first word.
    let mut again = Device::open(&friends.dana.client).await;
    again.beat().await;
    let token = friends.dana.client.token();
    let payload = json!({"auth": token, "seq": seen + 248});
    again.frame("auth", payload).await;
    assert_eq!(again.next().await["type"], "auth");
    for number in [248, 249] {
        assert_eq!(again.next().await["seq"], seen + 1 + number);
    }
    assert_eq!(again.next().await, resumed(seen + 250));
    // Who has everything hears so.
    back.frame("resume", json!({"seq": seen + 250})).await;
    assert_eq!(back.next().await, resumed(seen + 250));
    back.is_silent().await;
}

async fn who_was_away_for_too_long_is_told_to_read_anew(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    for content in ["one", "two", "three"] {
        friends.write(content).await;
    }
    app.change("DELETE FROM chat_log WHERE seq < 3").await;
    let (mut back, welcome) = Device::welcomed(&friends.dana).await;
    let last = welcome["seq"].as_i64().expect("a place");
    back.frame("resume", json!({"seq": 1})).await;
    assert_eq!(back.next().await, resync(2));
    for place in 3..=last {
        assert_eq!(back.next().await["seq"], place);
    }
    assert_eq!(back.next().await, resumed(last));
    // A place of another installation.
    back.frame("resume", json!({"seq": last + 1})).await;
    assert_eq!(back.next().await, resync(last));
    assert_eq!(back.next().await, resumed(last));
    // Nothing is kept any more.
    app.change(&format!(
        "UPDATE chat_people SET removed_seq = last_seq WHERE id = {}",
        friends.dana.id
    ))
    .await;
    app.change("DELETE FROM chat_log").await;
    back.frame("resume", json!({"seq": 1})).await;
    assert_eq!(back.next().await, resync(last));
    assert_eq!(back.next().await, resumed(last));
    // And what comes then is heard.
    let chat = friends.write_to(&mut back, "four").await;
    assert_eq!(chat["seq"], last + 1);
}

fn resumed(seq: i64) -> Value {
    json!({"type": "resumed", "payload": {"seq": seq}})
}

fn resync(seq: i64) -> Value {
    json!({"type": "resync", "payload": {"seq": seq}})
}

async fn a_restart_of_the_server_loses_nothing(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let first = friends.write("before").await;
    app.stop().await;
    let again = app.start().await;
    let (mut yuna, mut dana) = (friends.yuna, friends.dana);
    yuna.client = yuna.client.at(&again);
    dana.client = dana.client.at(&again);
    let mut danas = Device::of(&dana).await;
    danas.frame("resume", json!({"seq": 0})).await;
    let mut found = danas.next().await;
    while found["type"] != "chat" {
        found = danas.next().await;
    }
    assert_eq!(found["payload"], first);
    assert_eq!(danas.next().await["type"], "resumed");
    let mut yunas = Device::of(&yuna).await;
    let room = super::room(&yuna, &dana);
    yunas.send_chat(&room, "after").await;
    assert_eq!(danas.next().await["payload"]["content"], "after");
}
