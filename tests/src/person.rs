//! Somebody with an account.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::client::{Answer, Client, text};

/// A password that is not among the common ones.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Somebody who is signed in.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) phone: String,
    pub(crate) refresh_token: String,
    /// Sends their access token along.
    pub(crate) client: Client,
}

/// A phone number that nobody has yet.
pub(crate) fn new_phone() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("010{:08}", LAST.fetch_add(1, Ordering::Relaxed))
}

/// Signs up with a phone number.
pub(crate) async fn sign_up(client: &Client, phone: &str) -> Answer {
    let body = json!({"phone_number": phone, "password": PASSWORD});
    client.post("/api/v1/users/sign-up").json(&body).await
}

/// Signs in with a phone number.
pub(crate) async fn sign_in(client: &Client, phone: &str, password: &str) -> Answer {
    let body = json!({"phone_number": phone, "password": password});
    client.post("/api/v1/users/sign-in").json(&body).await
}

impl Person {
    /// Signs up and in.
    pub(crate) async fn new(client: &Client) -> Self {
        let phone = new_phone();
        let made = sign_up(client, &phone).await.is(201).json();
        let tokens = sign_in(client, &phone, PASSWORD).await.is(200).json();
        Self {
            id: text(&made["user_id"]).to_owned(),
            phone,
            refresh_token: text(&tokens["refresh_token"]).to_owned(),
            client: client.with_token(text(&tokens["access_token"])),
        }
    }

    /// The same person on another device: another session.
    pub(crate) async fn elsewhere(&self) -> Self {
        let tokens = sign_in(&self.client, &self.phone, PASSWORD).await;
        let tokens = tokens.is(200).json();
        Self {
            id: self.id.clone(),
            phone: self.phone.clone(),
            refresh_token: text(&tokens["refresh_token"]).to_owned(),
            client: self.client.with_token(text(&tokens["access_token"])),
        }
    }

    /// Exchanges a refresh token.
    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        let body = json!({"refresh_token": token});
        self.client.post("/api/v1/auth/refresh").json(&body).await
    }

    /// Fails unless the access token still lets its bearer in, or no longer does.
    pub(crate) async fn is_signed_in(&self, expected: bool) {
        let answer = self.client.get("/api/v1/users/me").await;
        if expected {
            assert_eq!(answer.is(200).json()["id"], self.id);
        } else {
            answer.refused(401, "invalid_token");
        }
    }

    /// Makes a product; as it was answered.
    pub(crate) async fn create(&self, body: &Value) -> Value {
        let made = self.client.post("/api/v1/products").json(body).await;
        made.is(201).json()
    }

    /// Makes a product with that name; its id.
    pub(crate) async fn product(&self, name: &str) -> String {
        let body =
            json!({"category": "음료", "name": name, "price": 4500, "cost": 1200, "size": "small"});
        text(&self.create(&body).await["product_id"]).to_owned()
    }

    /// A page of products.
    pub(crate) async fn list<'a>(
        &self,
        query: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Value {
        let answer = self.client.get("/api/v1/products").query(query).await;
        answer.is(200).json()
    }

    /// The names on a page of products.
    pub(crate) async fn names<'a>(
        &self,
        query: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Vec<String> {
        members(&self.list(query).await, "name")
    }
}

/// One member of every item on a page.
pub(crate) fn members(page: &Value, member: &str) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| text(&item[member]).to_owned())
        .collect()
}
