//! Everybody who asks, and somebody whose things are asked for.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use super::table::{Row, WHO};
use crate::app::App;
use crate::client::{Answer, Client, Sent, text};
use crate::notification::Program;
use crate::person::{PASSWORD, Person, sign_in};

/// The smallest PNG, as a data URI.
const PICTURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// Everybody who asks.
pub(super) struct Everybody {
    nobody: Client,
    other: Person,
    admin: Person,
    blocked: Client,
    program: Program,
    /// How often somebody has asked: whoever makes an account needs a name that is free.
    asked: u32,
}

/// Somebody whose things are asked for.
pub(super) struct Owner {
    person: Person,
    /// What stands for each parameter of a path.
    named: BTreeMap<&'static str, String>,
    /// Their program's message, and their message to a friend.
    sent: String,
    written: String,
}

impl Everybody {
    pub(super) async fn new(app: &App, client: &Client) -> Self {
        let admin = Person::new(client).await;
        app.change(&format!(
            "UPDATE users SET role = 1 WHERE id = {}",
            admin.id
        ))
        .await;
        let blocked = Person::new(client).await;
        app.change(&format!(
            "UPDATE users SET status = 1 WHERE id = {}",
            blocked.id
        ))
        .await;
        let other = Person::new(client).await;
        let program = Program::of(&other.client, &["email", "kakao"]).await;
        Self {
            nobody: client.clone(),
            other,
            admin,
            blocked: blocked.client,
            program,
            asked: 0,
        }
    }

    /// What each is answered, in the table's order.
    pub(super) async fn ask(&mut self, row: &Row, owner: &Owner) -> Vec<String> {
        let (path, with) = (owner.fill(&row.path), owner.fill(&row.with));
        let mut answered = Vec::new();
        for (number, who) in WHO.iter().enumerate() {
            if !row.asks(number) {
                answered.push("-".to_owned());
                continue;
            }
            self.asked += 1;
            let with = with.replace("{fresh}", &self.asked.to_string());
            let answer = self.send(who, row, &path, &with).await;
            answered.push(answer.status.as_str().to_owned());
        }
        // Some routes end a session.
        revive(&mut self.other).await;
        revive(&mut self.admin).await;
        answered
    }

    async fn send(&self, who: &str, row: &Row, path: &str, with: &str) -> Answer {
        let (query, body) = match with.strip_prefix('?') {
            Some(rest) => rest.split_once(' ').unwrap_or((rest, "")),
            None => ("", with),
        };
        let request = match who {
            "key" => self.program.request(row.method.clone(), path, query),
            who => {
                let client = match who {
                    "guest" => self.guest().await,
                    "other" => self.other.client.clone(),
                    "admin" => self.admin.client.clone(),
                    "blocked" => self.blocked.clone(),
                    _ => self.nobody.clone(),
                };
                let path = match query {
                    "" => path.to_owned(),
                    query => format!("{path}?{query}"),
                };
                client.request(row.method.clone(), &path)
            }
        };
        with_body(request, body).await
    }

    /// Somebody who has just looked in, with their cookie.
    async fn guest(&self) -> Client {
        let made = self.nobody.post("/api/v1/sessions/guest").await.is(201);
        self.nobody.with_cookie(made.header("set-cookie"))
    }
}

fn with_body(request: Sent, body: &str) -> Sent {
    if let Some(file) = body.strip_prefix("csv:") {
        return request.csv(file.replace(';', "\n"));
    }
    if let Some(form) = body.strip_prefix("form:") {
        return request.body("application/x-www-form-urlencoded", form.to_owned());
    }
    match body {
        "" => request,
        body => request.body("application/json", body.to_owned()),
    }
}

/// Signs somebody in again whose session was ended.
async fn revive(person: &mut Person) {
    if person.client.get("/api/v1/users/me").await.status.as_u16() == 200 {
        return;
    }
    let tokens = sign_in(&person.client, &person.phone, PASSWORD).await;
    let token = tokens.is(200).json();
    person.client = person.client.with_token(text(&token["access_token"]));
}

impl Owner {
    /// Somebody with one of everything.
    pub(super) async fn new(client: &Client, everybody: &Everybody) -> Self {
        let (person, friend) = (Person::new(client).await, Person::new(client).await);
        let mut named = BTreeMap::new();
        let made = |answer: Answer| answer.is(201).json();
        let own = &person.client;
        for (somebody, name) in [(&person, "Yuna"), (&friend, "Dana")] {
            let body = json!({"name": name});
            let renamed = somebody.client.patch("/api/v1/users/me").json(&body).await;
            renamed.is(200);
        }
        named.insert("name", "Yuna".to_owned());
        named.insert("user_id", person.id.clone());
        named.insert("product_id", person.product("코트").await);
        let sessions = own.get("/api/v1/users/me/sessions").await.is(200).json();
        named.insert("session_id", text(&sessions["items"][0]["id"]).to_owned());

        let persona = json!({"persona_img": "/media/3f.png", "persona_parameters": {}});
        let persona = made(own.post("/api/v1/personas").json(&persona).await);
        named.insert("num", persona["persona_num"].to_string());
        named.insert("persona", text(&persona["persona_id"]).to_owned());
        let picture = json!({"image": PICTURE, "private": true});
        let picture = made(own.post("/api/v1/media").json(&picture).await);
        named.insert("key", text(&picture["key"]).to_owned());
        named.insert("picture", PICTURE.to_owned());

        let keys = "/api/v1/users/apikeys";
        let key = made(own.post(keys).json(&json!({})).await);
        named.insert("access_key", text(&key["access_key"]).to_owned());
        let key = text(&key["id"]).to_owned();
        let address = json!({"ip_addr": "203.0.113.7"});
        let entry = own.post(&format!("{keys}/{key}/whitelists")).json(&address);
        let entry = made(entry.await);
        named.insert("list_id", text(&entry["id"]).to_owned());
        named.insert("key_id", key);

        let outfit = json!({"outfit_id": "1", "img_url": "/media/1.jpg"});
        let path = "/api/v1/outfits";
        made(everybody.admin.client.post(path).json(&outfit).await);
        for (parameter, value) in [
            ("outfit_id", "1"),
            ("provider", "kakao"),
            ("account_type", "email"),
            ("number", "1"),
        ] {
            named.insert(parameter, value.to_owned());
        }
        let (sent, written) = (send(own).await, write(&person, &friend).await);
        Self {
            person,
            named,
            sent,
            written,
        }
    }

    /// Puts the owner's things where a path or a body has parameters.
    fn fill(&self, template: &str) -> String {
        let message = match template.contains("/services/") {
            true => &self.sent,
            false => &self.written,
        };
        let mut filled = template.replace("{message_id}", message);
        for (name, value) in &self.named {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        filled
    }

    /// All that somebody else might have changed.
    pub(super) async fn belongings(&self) -> Vec<Value> {
        let key = &self.named["key_id"];
        let mut found = Vec::new();
        for path in [
            "/api/v1/users/me",
            "/api/v1/users/me/sessions",
            "/api/v1/products",
            "/api/v1/personas",
            "/api/v1/users/apikeys",
            &format!("/api/v1/users/apikeys/{key}/whitelists"),
            "/api/v1/chats",
            "/api/v1/chats/settings",
            "/api/v1/friends",
            "/api/v1/friends/blocks",
        ] {
            let mut answer = self.person.client.get(path).await.is(200).json();
            let items = answer.get_mut("items").and_then(Value::as_array_mut);
            if let Some(sessions) = items {
                for session in sessions.iter_mut().filter_map(Value::as_object_mut) {
                    session.remove("last_seen_at");
                }
            }
            found.push(answer);
        }
        let pictures = self.person.client.get("/api/v1/media").await.is(200).json();
        // Its address is signed anew now and then.
        found.push(pictures["items"][0]["key"].clone());
        found
    }
}

/// A mail that the owner's program has sent; its id.
async fn send(own: &Client) -> String {
    let program = Program::of(own, &["email"]).await;
    let mail = json!({"email_to": ["yuna@example.com"], "subject": "hello", "text": "there"});
    let path = "/api/v1/services/email/send_by_gmail";
    let accepted = program.request(Method::POST, path, "").json(&mail).await;
    text(&accepted.is(200).json()["ids"][0]).to_owned()
}

/// A message from somebody to somebody, who become friends; its id.
async fn write(person: &Person, friend: &Person) -> String {
    for (who, what, name) in [(person, "request", "Dana"), (friend, "response", "Yuna")] {
        let body = json!({"type": what, "name": name});
        let done = who.client.post("/api/v1/friends").json(&body).await;
        done.is(200);
    }
    let path = format!("/api/v1/chats/{}/messages", friend.id);
    let message = json!({"content": "hello"});
    let written = person.client.post(&path).json(&message).await.is(201);
    text(&written.json()["id"]).to_owned()
}
