//! Outfits: the feed, hearts, guests, and the catalogue behind them.

mod accounts;
mod activity;
mod catalogue;
mod editing;
mod guests;
mod hearts;
mod import;
mod looks;
mod merge;
mod pages;
mod restart;
mod taste;

use std::fmt::Write;

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::App;
use crate::client::{Client, Sent, text};
use crate::person::{PASSWORD, Person};

const PATH: &str = "/api/v1/outfits";

/// Everybody's feed is ranked for them: nobody gets what is popular for comparison.
const RANKED: [(&str, &str); 1] = [("ENSEMBLE__FEED__YARDSTICK_PERCENT", "0")];

/// Somebody who looks at outfits: a guest by the id in the query, or whoever the client is.
#[derive(Clone)]
struct Who {
    client: Client,
    guest: Option<String>,
}

impl Who {
    /// A guest who brings their id in the query.
    async fn guest(client: &Client) -> Self {
        let made = client.post("/api/v1/sessions/guest").await.is(201).json();
        Self {
            client: client.clone(),
            guest: Some(text(&made["guest_id"]).to_owned()),
        }
    }

    /// Whoever the client's token or cookie says.
    fn member(client: &Client) -> Self {
        Self {
            client: client.clone(),
            guest: None,
        }
    }

    /// The same person at another server.
    fn at(&self, other: &Client) -> Self {
        Self {
            client: self.client.at(other),
            guest: self.guest.clone(),
        }
    }

    fn request(&self, method: Method, path: &str) -> Sent {
        let request = self.client.request(method, path);
        match &self.guest {
            Some(id) => request.query([("userid", id.as_str())]),
            None => request,
        }
    }

    fn get(&self, path: &str) -> Sent {
        self.request(Method::GET, path)
    }

    fn post(&self, path: &str, body: &Value) -> Sent {
        self.request(Method::POST, path).json(body)
    }

    /// Hearts an outfit.
    async fn heart(&self, id: impl ToString) {
        let body = json!({"outfit_id": id.to_string()});
        let done = self.post("/heart", &body).await.is(200);
        assert_eq!(done.json(), json!({"ok": true}));
    }

    /// Takes a heart back.
    async fn unheart(&self, id: impl ToString) {
        let body = json!({"outfit_id": id.to_string()});
        let done = self
            .request(Method::PUT, "/heart")
            .json(&body)
            .await
            .is(200);
        assert_eq!(done.json(), json!({"ok": true}));
    }

    /// The ids of the collection, the newest heart first.
    async fn collection(&self) -> Vec<String> {
        ids(&self.page("/heart", 100, 0).await)
    }

    /// A page of one of the old routes.
    async fn page(&self, path: &str, size: usize, offset: usize) -> Value {
        let (size, offset) = (size.to_string(), offset.to_string());
        let query = [("pagesize", size.as_str()), ("offset", &offset)];
        self.get(path).query(query).await.is(200).json()
    }

    /// The ids on a page of the feed.
    async fn feed(&self, size: usize, offset: usize) -> Vec<String> {
        ids(&self.page("/images", size, offset).await)
    }

    async fn dislike(&self, what: &Value) {
        let path = format!("{PATH}/dislikes");
        self.post(&path, what).await.is(204);
    }
}

/// The ids of the outfits on a page of one of the old routes.
fn ids(page: &Value) -> Vec<String> {
    let outfits = page["outfits"].as_array().expect("outfits");
    let id = |outfit: &Value| text(&outfit["outfit_id"]).to_owned();
    outfits.iter().map(id).collect()
}

/// How many people heart an outfit.
async fn hearts(client: &Client, id: impl ToString) -> i64 {
    let path = format!("{PATH}/{}", id.to_string());
    let outfit = client.get(&path).await.is(200).json();
    outfit["hearts"].as_i64().expect("a number")
}

/// Somebody who may change the catalogue.
async fn editor(app: &App, client: &Client) -> Person {
    let person = Person::new(client).await;
    let promote = format!("UPDATE users SET role = 1 WHERE id = {}", person.id);
    app.change(&promote).await;
    person
}

/// Puts outfits in, with ids from 1 on and whatever else is said of each.
async fn fill(editor: &Person, number: usize, members: impl Fn(usize) -> Value) {
    let mut file = String::new();
    for id in 1..=number {
        let mut outfit =
            json!({"outfit_id": id.to_string(), "img_url": format!("/media/{id}.jpg")});
        if let (Some(outfit), Value::Object(more)) = (outfit.as_object_mut(), members(id)) {
            outfit.extend(more);
        }
        writeln!(file, "{outfit}").expect("a text");
    }
    let path = format!("{PATH}/import");
    let request = editor.client.post(&path);
    let report = request.body("application/x-ndjson", file).await.is(200);
    assert_eq!(report.json()["imported"], number, "{}", report.text());
}

/// A server with so many outfits of which nothing is said; somebody who is nobody yet.
async fn gallery(app: &App, number: usize) -> Client {
    let client = app.start_with(&RANKED).await;
    let editor = editor(app, &client).await;
    fill(&editor, number, |_| json!({})).await;
    client
}

/// Shows an outfit to nobody, or to everybody again.
async fn hide(editor: &Person, id: impl ToString, hidden: bool) {
    let path = format!("{PATH}/{}", id.to_string());
    let request = editor.client.patch(&path).json(&json!({"hidden": hidden}));
    assert_eq!(request.await.is(200).json()["hidden"], hidden);
}

/// Makes an account with a user name.
async fn sign_up(client: &Client, name: &str) -> String {
    let body = json!({"id": name, "password": PASSWORD, "confirm_password": PASSWORD});
    let made = client.post("/signin").json(&body).await.is(201).json();
    text(&made["user_id"]).to_owned()
}

/// Signs in with a user name, as whoever `who` was before.
async fn log_in(who: &Who, name: &str) -> Who {
    let body = json!({"id": name, "password": PASSWORD});
    let answer = who.post("/login", &body).await.is(200);
    Who::member(&who.client.with_cookie(answer.header("set-cookie")))
}
