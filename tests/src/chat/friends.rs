//! Friendships over the socket.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::device::Device;
use super::{Friends, act, named, room};
use crate::app::App;
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    a_request_is_answered_and_both_are_friends,
    a_request_is_declined_or_withdrawn,
    a_friendship_ends_on_both_sides,
    both_pressing_at_once_makes_one_friendship,
    who_leaves_is_nobodys_friend,
}

async fn tell(device: &mut Device, what: &str, name: &str) -> Value {
    device
        .frame("mutual_users", json!({"type": what, "name": name}))
        .await;
    device.next().await
}

fn ok() -> Value {
    json!({"type": "ok", "payload": null})
}

fn heard(what: &str, person: &Person, name: &str) -> Value {
    let user = json!({"id": person.id, "name": name, "profile": null});
    json!({"type": what, "user": user})
}

/// The names of a person's friends.
async fn friends_of(device: &mut Device) -> Vec<String> {
    device.frame("load", json!({"type": "mutual_users"})).await;
    let frame = device.next().await;
    assert_eq!(frame["type"], "mutual_users");
    let friends = frame["payload"].as_array().expect("friends");
    friends
        .iter()
        .map(|one| one["name"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Two people with a device each, between whom nothing is.
async fn strangers(app: &App) -> (Person, Device, Person, Device) {
    let client = app.start().await;
    let (yuna, dana) = (named(&client, "Yuna").await, named(&client, "Dana").await);
    let (yunas, danas) = (Device::of(&yuna).await, Device::of(&dana).await);
    (yuna, yunas, dana, danas)
}

async fn a_request_is_answered_and_both_are_friends(app: Arc<App>) {
    let (yuna, mut yunas, dana, mut danas) = strangers(&app).await;
    // Whatever the case.
    assert_eq!(tell(&mut yunas, "request", "dANA").await, ok());
    let asked = danas.next().await;
    assert_eq!(asked["type"], "mutual_users");
    assert_eq!(asked["payload"], heard("request", &yuna, "Yuna"));
    assert!(asked["seq"].as_i64().is_some_and(|seq| seq > 0));
    // Asking again is no news.
    assert_eq!(tell(&mut yunas, "request", "Dana").await, ok());
    assert_eq!(tell(&mut danas, "response", "Yuna").await, ok());
    assert_eq!(
        yunas.next().await["payload"],
        heard("response", &dana, "Dana")
    );
    assert_eq!(friends_of(&mut yunas).await, ["Dana"]);
    assert_eq!(friends_of(&mut danas).await, ["Yuna"]);
}

async fn a_request_is_declined_or_withdrawn(app: Arc<App>) {
    let (yuna, mut yunas, dana, mut danas) = strangers(&app).await;
    for (what, name) in [("response", "Dana"), ("remove", "Dana"), ("delete", "Dana")] {
        let refused = tell(&mut yunas, what, name).await;
        assert_eq!(refused["payload"]["code"], 4004, "{what}");
    }
    act(&yuna, "request", "Dana").await;
    danas.next().await;
    // One's own request is not for oneself to accept.
    let refused = tell(&mut yunas, "response", "Dana").await;
    assert_eq!(refused["payload"]["code"], 4004);
    assert_eq!(tell(&mut yunas, "remove", "Dana").await, ok());
    assert_eq!(
        danas.next().await["payload"],
        heard("remove", &yuna, "Yuna")
    );
    act(&yuna, "request", "Dana").await;
    danas.next().await;
    assert_eq!(tell(&mut danas, "remove", "Yuna").await, ok());
    assert_eq!(
        yunas.next().await["payload"],
        heard("remove", &dana, "Dana")
    );
    assert!(friends_of(&mut yunas).await.is_empty());
}

async fn a_friendship_ends_on_both_sides(app: Arc<App>) {
    let Friends {
        yuna,
        dana,
        mut yunas,
        mut danas,
    } = Friends::new(&app).await;
    assert_eq!(tell(&mut danas, "delete", "Yuna").await, ok());
    assert_eq!(
        yunas.next().await["payload"],
        heard("delete", &dana, "다나")
    );
    assert!(friends_of(&mut yunas).await.is_empty());
    assert!(friends_of(&mut danas).await.is_empty());
    // Friends only, unless told: and no friend looks like nobody.
    let room = room(&yuna, &dana);
    yunas.send_chat(&room, "hello?").await;
    yunas.refused(4004).await;
    let anyone = json!({"dm_from": "anyone", "read_receipts": true});
    let settings = "/api/v1/chats/settings";
    assert_eq!(
        dana.client.put(settings).json(&anyone).await.is(200).json(),
        anyone
    );
    yunas.send_chat(&room, "hello").await;
    assert_eq!(yunas.next().await["payload"]["content"], "hello");
    assert_eq!(danas.next().await["payload"]["content"], "hello");
    let nobody = json!({"dm_from": "nobody", "read_receipts": true});
    dana.client.put(settings).json(&nobody).await.is(200);
    yunas.send_chat(&room, "hello?").await;
    yunas.refused(4004).await;
    let wrong = dana
        .client
        .put(settings)
        .json(&json!({"dm_from": "all"}))
        .await;
    wrong.invalid(&[("/dm_from", "choice")]);
    assert_eq!(dana.client.get(settings).await.json(), nobody);
}

async fn both_pressing_at_once_makes_one_friendship(app: Arc<App>) {
    let client = app.start().await;
    let (yuna, dana) = (named(&client, "Yuna").await, named(&client, "Dana").await);
    for _ in 0..5 {
        tokio::join!(act(&yuna, "request", "Dana"), act(&dana, "request", "Yuna"));
        for (person, name) in [(&yuna, "Dana"), (&dana, "Yuna")] {
            let list = person.client.get("/api/v1/friends").await.is(200).json();
            assert_eq!(list["friends"][0]["name"], name);
            assert_eq!(
                (&list["requests"], &list["asked"]),
                (&json!([]), &json!([]))
            );
        }
        act(&yuna, "delete", "Dana").await;
    }
}

async fn who_leaves_is_nobodys_friend(app: Arc<App>) {
    let mut friends = Friends::new(&app).await;
    friends.write("goodbye").await;
    let proof = json!({"password": crate::person::PASSWORD});
    let gone = friends
        .dana
        .client
        .delete("/api/v1/users/me")
        .json(&proof)
        .await;
    gone.is(204);
    assert!(friends_of(&mut friends.yunas).await.is_empty());
    let room = friends.room();
    friends.yunas.send_chat(&room, "hello?").await;
    friends.yunas.refused(4004).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM messages").await, 0);
}
