//! The same over HTTP.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{Friends, named};
use crate::app::App;
use crate::client::text;
use crate::person::members;

on_every_engine! {
    crate::app::run;
    a_message_sent_over_http_is_heard_on_the_sockets,
    history_comes_in_pages_the_newest_first,
    strangers_look_absent,
    every_failing_field_is_named,
}

fn messages(with: &str) -> String {
    format!("/api/v1/chats/{with}/messages")
}

async fn a_message_sent_over_http_is_heard_on_the_sockets(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    let path = messages(&friends.dana.id);
    let body = json!({"content": "helo", "nonce": "n1"});
    let sent = friends
        .yuna
        .client
        .post(&path)
        .json(&body)
        .await
        .is(201)
        .json();
    assert_eq!(sent["user_id"], friends.yuna.id);
    assert_eq!(friends.danas.next().await["payload"]["content"], "helo");
    let again = friends
        .yuna
        .client
        .post(&path)
        .json(&body)
        .await
        .is(201)
        .json();
    assert_eq!(again, sent);
    let one = format!("{path}/{}", text(&sent["id"]));
    let edited = friends
        .yuna
        .client
        .patch(&one)
        .json(&json!({"content": "hello"}))
        .await;
    let edited = edited.is(200).json();
    assert!(edited["edited_at"].is_string());
    assert_eq!(friends.danas.next().await["payload"]["content"], "hello");
    let theirs = format!("{}/{}", messages(&friends.yuna.id), text(&sent["id"]));
    let foreign = friends.dana.client.delete(&theirs).await;
    foreign.refused(404, "message_not_found");
    friends.yuna.client.delete(&one).await.is(204);
    assert_eq!(friends.danas.next().await["payload"]["content"], "");
    friends
        .yuna
        .client
        .delete(&one)
        .await
        .refused(404, "message_not_found");
}

async fn history_comes_in_pages_the_newest_first(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    for number in 0..5 {
        friends.write(&number.to_string()).await;
    }
    let path = messages(&friends.yuna.id);
    let (mut seen, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut query = vec![("limit", "2")];
        if let Some(cursor) = cursor.as_str() {
            query.push(("cursor", cursor));
        }
        let page = friends
            .dana
            .client
            .get(&path)
            .query(query)
            .await
            .is(200)
            .json();
        seen.extend(members(&page, "content"));
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen, ["4", "3", "2", "1", "0"]);
    let wrong = friends
        .dana
        .client
        .get(&path)
        .query([("cursor", "x")])
        .await;
    wrong.refused(422, "invalid_cursor");
}

async fn strangers_look_absent(app: Arc<App>) {
    let friends = Friends::new(&app).await;
    let mina = named(&friends.yuna.client, "Mina").await;
    let body = json!({"content": "hello"});
    for person in [mina.id.as_str(), "1", friends.yuna.id.as_str()] {
        let answer = friends
            .yuna
            .client
            .post(&messages(person))
            .json(&body)
            .await;
        answer.refused(404, "user_not_found");
    }
    let nobody = json!({"type": "request", "name": "nobody"});
    let answer = mina.client.post("/api/v1/friends").json(&nobody).await;
    answer.refused(404, "user_not_found");
    let nothing = json!({"type": "response", "name": "Yuna"});
    let answer = mina.client.post("/api/v1/friends").json(&nothing).await;
    answer.refused(409, "conflict");
}

async fn every_failing_field_is_named(app: Arc<App>) {
    let friends = Friends::new(&app).await;
    let client = &friends.yuna.client;
    let answer = client
        .post("/api/v1/friends")
        .json(&json!({"type": "marry"}))
        .await;
    answer.invalid(&[("/name", "required"), ("/type", "choice")]);
    let body = json!({"content": "", "nonce": "n".repeat(65)});
    let answer = client.post(&messages(&friends.dana.id)).json(&body).await;
    answer.invalid(&[("/content", "length"), ("/nonce", "length")]);
    for path in ["/api/v1/friends", "/api/v1/chats/settings"] {
        app.start()
            .await
            .get(path)
            .await
            .refused(401, "unauthenticated");
    }
}
