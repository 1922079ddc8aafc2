//! Whom somebody talks with, and what of it they have read.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::device::Device;
use super::{Friends, act, named};
use crate::app::App;
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    conversations_are_listed_with_what_is_unread,
    reading_is_heard_by_both_and_never_goes_back,
    who_minds_is_not_known_to_have_read,
    a_block_takes_the_conversation_from_who_is_blocked,
    pages_of_conversations_follow_each_other,
}

async fn chats(person: &Person) -> Vec<Value> {
    let page = person.client.get("/api/v1/chats").await.is(200).json();
    assert_eq!(page["next_cursor"], Value::Null);
    page["items"].as_array().expect("conversations").clone()
}

async fn read(device: &mut Device, room: &str, id: &Value) {
    let payload = json!({"chat_id": room, "id": id});
    device.frame("read", payload).await;
}

fn ok() -> Value {
    json!({"type": "ok", "payload": null})
}

async fn conversations_are_listed_with_what_is_unread(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    assert!(chats(&friends.yuna).await.is_empty());
    friends.write("one").await;
    let last = friends.write("two").await;
    let room = friends.room();
    let theirs = chats(&friends.dana).await;
    let user = json!({"id": friends.yuna.id, "name": "Yuna", "profile": null});
    assert_eq!((theirs.len(), &theirs[0]["user"]), (1, &user));
    assert_eq!(
        (&theirs[0]["chat_id"], &theirs[0]["unread"]),
        (&json!(room), &json!(2))
    );
    assert_eq!(theirs[0]["last_message"]["id"], last["id"]);
    assert_eq!(theirs[0]["last_message"]["content"], "two");
    assert_eq!(theirs[0]["read_until"], Value::Null);
    let own = chats(&friends.yuna).await;
    assert_eq!(
        (&own[0]["unread"], &own[0]["seen_until"]),
        (&json!(0), &Value::Null)
    );
    // Taken back, it is neither unread nor to be read.
    let edit = json!({"type": "edit", "id": last["id"], "chat_id": room, "content": ""});
    friends.yunas.frame("chat", edit).await;
    friends.yunas.next().await;
    let theirs = chats(&friends.dana).await;
    assert_eq!(
        (&theirs[0]["unread"], &theirs[0]["last_message"]["content"]),
        (&json!(1), &json!(""))
    );
    let nobody = app.start().await.get("/api/v1/chats").await;
    nobody.refused(401, "unauthenticated");
}

async fn reading_is_heard_by_both_and_never_goes_back(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let (room, first) = (friends.room(), friends.write("one").await);
    let second = friends.write("two").await;
    let mut tablet = Device::of(&friends.dana).await;
    read(&mut friends.danas, &room, &second["id"]).await;
    assert_eq!(friends.danas.next().await, ok());
    let expected = json!({"chat_id": room, "user_id": friends.dana.id, "id": second["id"]});
    for device in [&mut friends.danas, &mut tablet, &mut friends.yunas] {
        let frame = device.next().await;
        assert_eq!(
            (&frame["type"], &frame["payload"]),
            (&json!("read"), &expected)
        );
        assert!(frame["seq"].as_i64().is_some_and(|seq| seq > 0));
    }
    // Again, and what is older: no news.
    for id in [&second["id"], &first["id"]] {
        read(&mut friends.danas, &room, id).await;
        assert_eq!(friends.danas.next().await, ok());
    }
    for device in [&mut friends.danas, &mut tablet, &mut friends.yunas] {
        device.is_silent().await;
    }
    let theirs = chats(&friends.dana).await;
    assert_eq!(theirs[0]["unread"], 0);
    let own = chats(&friends.yuna).await;
    assert_eq!(own[0]["seen_until"], own[0]["last_message"]["created_at"]);
    assert_eq!(own[0]["seen_until"], theirs[0]["read_until"]);
    // No message of this room, and no room.
    read(&mut friends.danas, &room, &json!("1")).await;
    friends.danas.refused(4000).await;
    read(&mut friends.danas, "0", &second["id"]).await;
    friends.danas.refused(4004).await;
    friends.danas.frame("read", json!({"chat_id": room})).await;
    friends.danas.refused(4000).await;
}

async fn who_minds_is_not_known_to_have_read(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let settings = "/api/v1/chats/settings";
    let dana = friends.dana.client.clone();
    let silent = json!({"dm_from": "friends", "read_receipts": false});
    assert_eq!(
        dana.put(settings).json(&silent).await.is(200).json(),
        silent
    );
    // What is not said stays as it is.
    let only = json!({"dm_from": "friends"});
    assert_eq!(dana.put(settings).json(&only).await.is(200).json(), silent);
    assert_eq!(dana.get(settings).await.json(), silent);
    let sent = friends.write("hello").await;
    let path = format!("/api/v1/chats/{}/read", friends.yuna.id);
    let body = json!({"id": sent["id"]});
    dana.post(&path).json(&body).await.is(204);
    assert_eq!(friends.danas.next().await["type"], "read");
    friends.yunas.is_silent().await;
    assert_eq!(chats(&friends.dana).await[0]["unread"], 0);
    assert_eq!(chats(&friends.yuna).await[0]["seen_until"], Value::Null);
    dana.post(&path)
        .json(&json!({}))
        .await
        .invalid(&[("/id", "required")]);
    let unknown = dana.post(&path).json(&json!({"id": "1"})).await;
    unknown.refused(404, "message_not_found");
    let oneself = format!("/api/v1/chats/{}/read", friends.dana.id);
    let oneself = dana.post(&oneself).json(&body).await;
    oneself.refused(404, "user_not_found");
}

async fn a_block_takes_the_conversation_from_who_is_blocked(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let sent = friends.write("hello").await;
    act(&friends.yuna, "block", "다나").await;
    assert!(chats(&friends.dana).await.is_empty());
    assert_eq!(chats(&friends.yuna).await.len(), 1);
    let path = format!("/api/v1/chats/{}/read", friends.yuna.id);
    let body = json!({"id": sent["id"]});
    let refused = friends.dana.client.post(&path).json(&body).await;
    refused.refused(404, "user_not_found");
    act(&friends.yuna, "unblock", "다나").await;
    assert_eq!(chats(&friends.dana).await.len(), 1);
}

async fn pages_of_conversations_follow_each_other(app: Arc<App>) {
    let client = app.start().await;
    let yuna = named(&client, "Yuna").await;
    let anyone = json!({"dm_from": "anyone"});
    let mut names = Vec::new();
    for number in 0..5 {
        let name = format!("friend {number}");
        let other = named(&client, &name).await;
        let settings = other.client.put("/api/v1/chats/settings").json(&anyone);
        settings.await.is(200);
        let path = format!("/api/v1/chats/{}/messages", other.id);
        let sent = yuna
            .client
            .post(&path)
            .json(&json!({"content": "hi"}))
            .await;
        sent.is(201);
        names.insert(0, name);
    }
    let (mut seen, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut query = vec![("limit", "2")];
        if let Some(cursor) = cursor.as_str() {
            query.push(("cursor", cursor));
        }
        let page = yuna.client.get("/api/v1/chats").query(query).await;
        let page = page.is(200).json();
        for item in page["items"].as_array().expect("conversations") {
            seen.push(item["user"]["name"].as_str().expect("a name").to_owned());
        }
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen, names);
    let wrong = yuna
        .client
        .get("/api/v1/chats")
        .query([("cursor", "x")])
        .await;
    wrong.refused(422, "invalid_cursor");
}
