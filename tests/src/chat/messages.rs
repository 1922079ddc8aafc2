//! Messages over the socket.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use test_database::on_every_engine;

use super::device::Device;
use super::{Friends, act, named, room};
use crate::app::App;

on_every_engine! {
    crate::app::run;
    a_message_reaches_every_device_of_both,
    content_is_kept_as_given,
    only_its_author_changes_a_message,
    older_messages_are_loaded_oldest_first,
    a_nonce_makes_sending_twice_one_message,
    everybody_sees_one_order,
    a_third_person_hears_and_reads_nothing,
    a_friend_on_another_node_hears_it,
}

async fn a_message_reaches_every_device_of_both(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let mut second = Device::of(&friends.yuna).await;
    let room = friends.room();
    friends.danas.send_chat(&room, "안녕 🦄").await;
    let chat = friends.danas.next().await;
    let payload = chat["payload"].clone();
    let created_at = payload["created_at"].as_str().expect("a time");
    assert_eq!((created_at.len(), &created_at[10..11]), (26, " "));
    let expected = json!({
        "type": "send", "id": payload["id"], "user_id": friends.dana.id, "chat_id": room,
        "content": "안녕 🦄", "created_at": created_at,
    });
    assert_eq!(payload, expected);
    assert_eq!(friends.yunas.next().await["payload"], payload);
    assert_eq!(second.next().await["payload"], payload);
}

async fn content_is_kept_as_given(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    for content in [
        " \n spaces \t ",
        "<b>&amp;</b>",
        "각\u{1100}\u{1161}",
        &"🦄".repeat(4_000),
    ] {
        assert_eq!(friends.write(content).await["content"], content);
    }
}

async fn edit(device: &mut Device, room: &str, id: &Value, content: &str) {
    let payload = json!({"type": "edit", "id": id, "chat_id": room, "content": content});
    device.frame("chat", payload).await;
}

async fn only_its_author_changes_a_message(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let (room, sent) = (friends.room(), friends.write("helo").await);
    edit(&mut friends.danas, &room, &sent["id"], "mine").await;
    friends.danas.refused(4000).await;
    edit(&mut friends.yunas, &room, &sent["id"], "hello").await;
    let expected = json!({
        "type": "edit", "id": sent["id"], "user_id": sent["user_id"], "chat_id": room,
        "content": "hello", "created_at": sent["created_at"],
    });
    for device in [&mut friends.yunas, &mut friends.danas] {
        assert_eq!(device.next().await["payload"], expected);
    }
    // Without content it is taken back, and cannot be brought back.
    edit(&mut friends.yunas, &room, &sent["id"], "").await;
    for device in [&mut friends.yunas, &mut friends.danas] {
        assert_eq!(device.next().await["payload"]["content"], "");
    }
    edit(&mut friends.yunas, &room, &sent["id"], "again").await;
    friends.yunas.refused(4000).await;
    assert!(
        load(&mut friends.danas, &room, "9999-01-01 00:00:00", 10)
            .await
            .is_empty()
    );
}

/// Loads messages; what they say.
async fn load(device: &mut Device, room: &str, before: &str, count: usize) -> Vec<String> {
    let payload = json!({
        "type": "chat", "load_id": room, "datetime": STANDARD.encode(before), "count": count,
        "mark_end": true,
    });
    device.frame("load", payload).await;
    let mut contents = Vec::new();
    loop {
        let frame = device.next().await;
        if frame["type"] == "load_end" {
            let expected = json!({"load_id": room, "count": contents.len()});
            assert_eq!(frame["payload"], expected);
            return contents;
        }
        assert_eq!(
            (&frame["type"], &frame["seq"]),
            (&json!("chat"), &Value::Null)
        );
        contents.push(
            frame["payload"]["content"]
                .as_str()
                .expect("content")
                .to_owned(),
        );
    }
}

async fn older_messages_are_loaded_oldest_first(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let room = friends.room();
    let mut times = Vec::new();
    for number in 0..5 {
        let sent = friends.write(&number.to_string()).await;
        times.push(sent["created_at"].as_str().expect("a time").to_owned());
    }
    assert!(times.is_sorted());
    let device = &mut friends.danas;
    let late = "2999-01-01 00:00:00.000000";
    assert_eq!(
        load(device, &room, late, 100).await,
        ["0", "1", "2", "3", "4"]
    );
    assert_eq!(load(device, &room, late, 2).await, ["3", "4"]);
    // Older than a message is without that message.
    assert_eq!(load(device, &room, &times[3], 2).await, ["1", "2"]);
    assert!(load(device, &room, &times[0], 2).await.is_empty());
    // Without the mark nothing says where the end is.
    let payload =
        json!({"type": "chat", "load_id": room, "datetime": STANDARD.encode(late), "count": 1});
    device.frame("load", payload).await;
    assert_eq!(device.next().await["payload"]["content"], "4");
    device.is_silent().await;
}

async fn a_nonce_makes_sending_twice_one_message(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let room = friends.room();
    let payload = json!({"type": "send", "chat_id": room, "content": "once", "nonce": "n-1"});
    friends.yunas.frame("chat", payload.clone()).await;
    let first = friends.yunas.next().await["payload"].clone();
    assert_eq!(first["nonce"], "n-1");
    // The other's client knows nothing of it.
    assert_eq!(friends.danas.next().await["payload"]["nonce"], Value::Null);
    // Again, from another device, with other words: the first one counts.
    let mut second = Device::of(&friends.yuna).await;
    let mut other = payload.clone();
    other["content"] = json!("twice");
    second.frame("chat", other).await;
    assert_eq!(second.next().await["payload"], first);
    friends.danas.is_silent().await;
    // Another's nonce is another one.
    friends.danas.frame("chat", payload).await;
    assert_ne!(friends.danas.next().await["payload"]["id"], first["id"]);
}

async fn everybody_sees_one_order(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let room = friends.room();
    for number in 0..20 {
        friends.yunas.send_chat(&room, &format!("y{number}")).await;
        friends.danas.send_chat(&room, &format!("d{number}")).await;
    }
    let mut orders = Vec::new();
    for device in [&mut friends.yunas, &mut friends.danas] {
        let (mut order, mut seq) = (Vec::new(), 0);
        for _ in 0..40 {
            let frame = device.next().await;
            let next = frame["seq"].as_i64().unwrap_or_default();
            assert!(next > 0, "{frame}");
            assert!(seq == 0 || next == seq + 1, "{seq} {next}");
            seq = next;
            order.push(
                frame["payload"]["content"]
                    .as_str()
                    .expect("content")
                    .to_owned(),
            );
        }
        orders.push(order);
    }
    assert_eq!(orders[0], orders[1]);
    assert_eq!(
        load(&mut friends.danas, &room, "2999-01-01 00:00:00", 100).await,
        orders[0]
    );
}

async fn a_third_person_hears_and_reads_nothing(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let mina = named(&friends.yuna.client, "Mina").await;
    let mut minas = Device::of(&mina).await;
    let sent = friends.write("between us").await;
    minas.is_silent().await;
    // From her, their room leads to somebody else or to nobody.
    let theirs = friends.room();
    let payload = json!({
        "type": "chat", "load_id": theirs, "datetime": STANDARD.encode("2999-01-01 00:00:00"), "count": 9,
    });
    minas.frame("load", payload).await;
    minas.refused(4004).await;
    act(&mina, "request", "yuna").await;
    act(&friends.yuna, "response", "mina").await;
    let own = room(&mina, &friends.yuna);
    edit(&mut minas, &own, &sent["id"], "x").await;
    let mut frame = minas.next().await;
    if frame["type"] == "mutual_users" {
        frame = minas.next().await;
    }
    assert_eq!(frame["payload"]["code"], 4000);
}

async fn a_friend_on_another_node_hears_it(app: Arc<App>) {
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
    for number in 0..10 {
        let (from, to) = match number % 2 {
            0 => (&mut yunas, &mut danas),
            _ => (&mut danas, &mut yunas),
        };
        from.send_chat(&room, &number.to_string()).await;
        let sent = from.next().await;
        assert_eq!(to.next().await["payload"], sent["payload"]);
    }
}
