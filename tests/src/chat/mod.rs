//! Friends and direct messages: the contract's table, row by row, over a real WebSocket.

mod blocks;
mod conversations;
mod device;
mod friends;
mod hostile;
mod messages;
mod opening;
mod presence;
mod raw;
mod rest;
mod resuming;
mod typing;

use serde_json::{Value, json};

use self::device::Device;
use crate::app::App;
use crate::client::Client;
use crate::person::Person;

/// Two people on one server, who are friends, each with a device.
struct Friends {
    yuna: Person,
    dana: Person,
    yunas: Device,
    danas: Device,
}

/// What a room of two is named by.
fn room(one: &Person, other: &Person) -> String {
    let id = |person: &Person| person.id.parse::<i64>().expect("an id");
    (id(one) ^ id(other)).to_string()
}

async fn named(client: &Client, name: &str) -> Person {
    let person = Person::new(client).await;
    let body = json!({"name": name});
    person
        .client
        .patch("/api/v1/users/me")
        .json(&body)
        .await
        .is(200);
    person
}

/// Does something about a friendship over HTTP.
async fn act(person: &Person, what: &str, name: &str) {
    let body = json!({"type": what, "name": name});
    person
        .client
        .post("/api/v1/friends")
        .json(&body)
        .await
        .is(200);
}

impl Friends {
    async fn new(app: &App) -> Self {
        let client = app.start().await;
        let (yuna, dana) = (named(&client, "Yuna").await, named(&client, "다나").await);
        act(&yuna, "request", "다나").await;
        act(&dana, "response", "yuna").await;
        let yunas = Device::of(&yuna).await;
        let danas = Device::of(&dana).await;
        Self {
            yuna,
            dana,
            yunas,
            danas,
        }
    }

    fn room(&self) -> String {
        room(&self.yuna, &self.dana)
    }

    /// Yuna writes; what both devices get.
    async fn write(&mut self, content: &str) -> Value {
        let room = self.room();
        self.yunas.send_chat(&room, content).await;
        let chat = self.yunas.next().await;
        assert_eq!(self.danas.next().await["payload"], chat["payload"]);
        chat["payload"].clone()
    }

    /// Yuna writes; what another device gets.
    async fn write_to(&mut self, device: &mut Device, content: &str) -> Value {
        let room = self.room();
        self.yunas.send_chat(&room, content).await;
        let chat = device.next().await;
        assert_eq!(chat["payload"]["content"], content);
        chat
    }
}
