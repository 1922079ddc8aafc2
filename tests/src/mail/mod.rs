//! Accounts by e-mail, from the outside: the real server, and a real mail server beside it.

mod address;
mod by_type;
mod delivery;
mod pages;
mod password;
mod register;

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::app::App;
use crate::client::{Answer, Client, text};
use crate::person::PASSWORD;
use crate::smtp::{Arrived, Sink};

/// Where links lead: never to what a request says.
pub(crate) const PUBLIC: &str = "https://shop.example";

/// A server that mails, its mail server, and somebody at the outside.
pub(crate) struct Post {
    pub(crate) sink: Sink,
    pub(crate) client: Client,
}

/// An address that nobody has yet.
pub(crate) fn new_email() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    format!("somebody{number}@example.com")
}

/// A name that nobody has yet.
pub(crate) fn new_name() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("somebody {}", LAST.fetch_add(1, Ordering::Relaxed))
}

impl Post {
    pub(crate) async fn start(app: &App) -> Self {
        Self::start_with(app, &[]).await
    }

    pub(crate) async fn start_with(app: &App, settings: &[(&str, &str)]) -> Self {
        let sink = Sink::start().await;
        let client = Self::server(app, &sink, settings).await;
        Self { sink, client }
    }

    /// One more server that mails through the same mail server.
    pub(crate) async fn server(app: &App, sink: &Sink, settings: &[(&str, &str)]) -> Client {
        let own = sink.settings();
        let mut all: Vec<(&str, &str)> = own
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        all.push(("BACKEND_URL", PUBLIC));
        all.extend_from_slice(settings);
        app.start_with(&all).await
    }

    pub(crate) async fn register(&self, email: &str, name: &str, password: &str) -> Answer {
        let body = json!({"name": name, "email": email, "password": password});
        self.client.post("/api/v1/auth/register").json(&body).await
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Answer {
        let body = json!({"email": email, "password": password});
        self.client.post("/api/v1/auth/login").json(&body).await
    }

    /// Somebody with a proved address; the bearer of their token.
    pub(crate) async fn member(&self, email: &str) -> Client {
        let before = self.sink.count();
        self.register(email, &new_name(), PASSWORD).await.is(201);
        let mail = self.sink.mails(email, 1).await.pop().expect("a mail");
        assert!(self.sink.count() > before);
        self.client.get(&mail.link(PUBLIC)).await.is(201);
        self.signed_in(email, PASSWORD).await
    }

    pub(crate) async fn signed_in(&self, email: &str, password: &str) -> Client {
        let answer = self.login(email, password).await.is(201).json();
        self.client.with_token(text(&answer["payload"]["token"]))
    }

    /// The latest of so many mails to an address.
    pub(crate) async fn mail(&self, to: &str, number: usize) -> Arrived {
        self.sink.mail(to, number).await
    }
}

/// Who that is.
pub(crate) async fn me(client: &Client) -> Value {
    client.get("/api/v1/users/me").await.is(200).json()
}
