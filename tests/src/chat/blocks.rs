//! Wanting to hear nothing of somebody.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{Friends, act, named, room};
use crate::app::App;
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    who_is_blocked_finds_nobody,
    a_block_ends_a_request_and_unblocking_makes_no_friends,
    both_blocking_at_once_blocks_both_ways,
    only_so_many_requests_wait,
}

async fn blocked_by(person: &Person) -> Vec<String> {
    let list = person.client.get("/api/v1/friends/blocks").await;
    let list = list.is(200).json();
    let blocked = list["blocked"].as_array().expect("people");
    let name = |one: &Value| one["name"].as_str().unwrap_or_default().to_owned();
    blocked.iter().map(name).collect()
}

async fn who_is_blocked_finds_nobody(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let sent = friends.write("hello").await;
    let room = friends.room();
    let anyone = json!({"dm_from": "anyone"});
    let settings = "/api/v1/chats/settings";
    friends
        .dana
        .client
        .put(settings)
        .json(&anyone)
        .await
        .is(200);
    let block = json!({"type": "block", "name": "yUNA"});
    friends.danas.frame("mutual_users", block.clone()).await;
    assert_eq!(friends.danas.next().await["type"], "ok");
    // Her own devices hear of it, he only that it ended.
    let own = friends.danas.next().await["payload"].clone();
    assert_eq!(
        (&own["type"], &own["user"]["name"]),
        (&json!("block"), &json!("Yuna"))
    );
    let end = friends.yunas.next().await["payload"].clone();
    assert_eq!(
        (&end["type"], &end["user"]["id"]),
        (&json!("delete"), &json!(friends.dana.id))
    );
    // Again is no news.
    friends.danas.frame("mutual_users", block).await;
    assert_eq!(friends.danas.next().await["type"], "ok");
    assert_eq!(blocked_by(&friends.dana).await, ["Yuna"]);
    assert!(blocked_by(&friends.yuna).await.is_empty());
    // Though anyone may write to her.
    friends.yunas.send_chat(&room, "why?").await;
    friends.yunas.refused(4004).await;
    for (kind, payload) in [
        (
            "chat",
            json!({"type": "edit", "id": sent["id"], "chat_id": room, "content": "why?"}),
        ),
        (
            "load",
            json!({"type": "chat", "load_id": room, "datetime": STANDARD.encode("2999-01-01 00:00:00"), "count": 9}),
        ),
        ("mutual_users", json!({"type": "request", "name": "다나"})),
        ("mutual_users", json!({"type": "delete", "name": "다나"})),
    ] {
        friends.yunas.frame(kind, payload).await;
        friends.yunas.refused(4004).await;
    }
    let path = format!("/api/v1/chats/{}/messages", friends.dana.id);
    let yuna = &friends.yuna.client;
    yuna.get(&path).await.refused(404, "user_not_found");
    let body = json!({"content": "why?"});
    yuna.post(&path)
        .json(&body)
        .await
        .refused(404, "user_not_found");
    let request = json!({"type": "request", "name": "다나"});
    let asked = yuna.post("/api/v1/friends").json(&request).await;
    asked.refused(404, "user_not_found");
    // Nor does she write to him by mistake, but what he wrote is still hers to read.
    friends.danas.send_chat(&room, "hm").await;
    friends.danas.refused(4004).await;
    let path = format!("/api/v1/chats/{}/messages", friends.yuna.id);
    let history = friends.dana.client.get(&path).await.is(200).json();
    assert_eq!(history["items"][0]["content"], "hello");
    friends.danas.is_silent().await;
}

async fn a_block_ends_a_request_and_unblocking_makes_no_friends(app: Arc<App>) {
    let client = app.start().await;
    let (yuna, dana) = (
        named(&client, "Yuna").await,
        named(&client, "Dana / 다나").await,
    );
    act(&dana, "request", "yuna").await;
    let path = "/api/v1/friends/blocks/dANA%20%2F%20다나";
    let blocked = yuna.client.put(path).await.is(200).json();
    assert_eq!(blocked["id"], dana.id);
    yuna.client.put(path).await.is(200);
    let list = dana.client.get("/api/v1/friends").await.is(200).json();
    assert_eq!(list, json!({"friends": [], "requests": [], "asked": []}));
    let request = json!({"type": "request", "name": "dana / 다나"});
    let refused = yuna.client.post("/api/v1/friends").json(&request).await;
    refused.refused(409, "conflict");
    yuna.client.delete(path).await.is(204);
    yuna.client.delete(path).await.is(204);
    assert!(blocked_by(&yuna).await.is_empty());
    // Strangers again.
    act(&dana, "request", "yuna").await;
    act(&yuna, "response", "dana / 다나").await;
    for path in [
        "/api/v1/friends/blocks/nobody",
        "/api/v1/friends/blocks/%20",
    ] {
        yuna.client.put(path).await.refused(404, "user_not_found");
        yuna.client
            .delete(path)
            .await
            .refused(404, "user_not_found");
    }
    let oneself = yuna.client.put("/api/v1/friends/blocks/yuna").await;
    oneself.refused(409, "conflict");
    let nobody = client.get("/api/v1/friends/blocks").await;
    nobody.refused(401, "unauthenticated");
}

async fn both_blocking_at_once_blocks_both_ways(app: Arc<App>) {
    let client = app.start().await;
    let (yuna, dana) = (named(&client, "Yuna").await, named(&client, "Dana").await);
    for _ in 0..5 {
        act(&yuna, "request", "Dana").await;
        tokio::join!(act(&yuna, "block", "Dana"), act(&dana, "block", "Yuna"));
        assert_eq!(blocked_by(&yuna).await, ["Dana"]);
        assert_eq!(blocked_by(&dana).await, ["Yuna"]);
        // One forgives, the other does not.
        act(&yuna, "unblock", "Dana").await;
        assert_eq!(blocked_by(&dana).await, ["Yuna"]);
        let request = json!({"type": "request", "name": "Dana"});
        let refused = yuna.client.post("/api/v1/friends").json(&request).await;
        refused.refused(404, "user_not_found");
        act(&dana, "unblock", "Yuna").await;
    }
    // Asking and blocking at once: no request is left.
    let ask = json!({"type": "request", "name": "Dana"});
    tokio::join!(
        yuna.client.post("/api/v1/friends").json(&ask),
        act(&dana, "block", "Yuna")
    );
    let list = yuna.client.get("/api/v1/friends").await.is(200).json();
    assert_eq!(list["asked"], json!([]));
    assert_eq!(room(&yuna, &dana), room(&dana, &yuna));
}

async fn only_so_many_requests_wait(app: Arc<App>) {
    let settings = [("ENSEMBLE__CHAT__PENDING_REQUESTS", "2")];
    let client = app.start_with(&settings).await;
    let yuna = named(&client, "Yuna").await;
    for name in ["a", "b", "c"] {
        named(&client, name).await;
    }
    for name in ["a", "b"] {
        act(&yuna, "request", name).await;
    }
    // Again is no second one.
    act(&yuna, "request", "a").await;
    let mut device = super::Device::of(&yuna).await;
    device
        .frame("mutual_users", json!({"type": "request", "name": "c"}))
        .await;
    device.refused(4000).await;
    let request = json!({"type": "request", "name": "c"});
    let refused = yuna.client.post("/api/v1/friends").json(&request).await;
    refused.refused(409, "max_pending_requests");
    act(&yuna, "remove", "a").await;
    act(&yuna, "request", "c").await;
}
