//! API keys, and requests that are signed with them.

mod delivering;
mod keys;
mod sending;
mod signing;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client, Sent, text};

const PATH: &str = "/api/v1/users/apikeys";

/// Makes a key; what was told of it.
async fn made(client: &Client, body: &Value) -> Value {
    client.post(PATH).json(body).await.is(201).json()
}

/// Makes a key; its name and its secret.
async fn key(client: &Client) -> (String, String) {
    let made = made(client, &json!({})).await;
    let member = |name: &str| text(&made[name]).to_owned();
    (member("access_key"), member("secret_key"))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("a clock").as_secs().cast_signed()
}

fn sign(secret: &str, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, text.as_bytes()))
}

/// A program that holds a key of somebody's, and signs in the older form.
pub(crate) struct Program {
    client: Client,
    access: String,
    secret: String,
    signed: AtomicU32,
}

impl Program {
    /// A program of whoever is signed in there, with these scopes.
    pub(crate) async fn of(client: &Client, scopes: &[&str]) -> Self {
        let key = made(client, &json!({"scopes": scopes})).await;
        Self {
            client: client.with_token(""),
            access: text(&key["access_key"]).to_owned(),
            secret: text(&key["secret_key"]).to_owned(),
            signed: AtomicU32::new(0),
        }
    }

    /// A signed request; `query` is what it has besides the signature's own.
    pub(crate) fn request(&self, method: Method, path: &str, query: &str) -> Sent {
        let number = self.signed.fetch_add(1, Ordering::Relaxed);
        let own = format!("key={}&timestamp={}&nonce={number}", self.access, now());
        let query = if query.is_empty() {
            own
        } else {
            format!("{own}&{query}")
        };
        let signature = sign(&self.secret, &query);
        let request = self.client.request(method, &format!("{path}?{query}"));
        request.header("secret", &signature)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::POST, path, "").json(body).await
    }

    pub(crate) async fn get(&self, path: &str, query: &str) -> Answer {
        self.request(Method::GET, path, query).await
    }

    pub(crate) async fn delete(&self, path: &str, query: &str) -> Answer {
        self.request(Method::DELETE, path, query).await
    }

    /// What became of a message, once it waits no more.
    pub(crate) async fn settled(&self, id: &str) -> Value {
        let path = format!("{}/{id}", sending::MESSAGES);
        let told = async {
            let mut rounds = tokio::time::interval(Duration::from_millis(10));
            loop {
                rounds.tick().await;
                // Each look is signed anew: a signed request is good once.
                let status = self.get(&path, "").await.is(200).json();
                if status["status"] != "waiting" {
                    return status;
                }
            }
        };
        let told = tokio::time::timeout(Duration::from_secs(60), told).await;
        told.expect("it is settled in time")
    }
}
