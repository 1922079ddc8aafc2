//! Somebody with personas, at a server that knows the stand-in.

use std::sync::Arc;

use reqwest::Url;
use serde_json::{Value, json};

use super::graph::Graph;
use crate::app::App;
use crate::client::{Answer, Client};
use crate::person::Person;

/// A server, the stand-in it knows, and somebody with one persona.
pub(crate) struct Linked {
    pub(crate) graph: Graph,
    pub(crate) person: Person,
}

/// Starts a server that knows the stand-in.
pub(crate) async fn start(app: &Arc<App>, graph: &Graph, more: &[(&str, &str)]) -> Client {
    let settings = graph.settings();
    let settings = settings.iter().map(|(name, value)| (*name, value.as_str()));
    let settings: Vec<_> = settings.chain(more.iter().copied()).collect();
    app.start_with(&settings).await
}

impl Linked {
    pub(crate) async fn new(app: &Arc<App>) -> Self {
        Self::with(app, &[]).await
    }

    pub(crate) async fn with(app: &Arc<App>, more: &[(&str, &str)]) -> Self {
        let graph = Graph::start().await;
        let client = start(app, &graph, more).await;
        let person = Person::new(&client).await;
        persona(&person).await;
        Self { graph, person }
    }

    /// Connects the persona with this number.
    pub(crate) async fn connect(&self, number: &str) {
        connect(&self.person.client, number).await;
    }

    pub(crate) async fn accounts(&self, number: &str) -> Answer {
        let path = format!("/oauth/instagram/accounts?persona_num={number}");
        self.person.client.get(&path).await
    }

    /// What the persona with this number is connected like.
    pub(crate) async fn status(&self, number: &str) -> String {
        let path = format!("/api/v1/personas/{number}");
        let persona = self.person.client.get(&path).await.is(200).json();
        persona["ig_status"].as_str().expect("a status").to_owned()
    }
}

/// Makes a persona.
pub(crate) async fn persona(person: &Person) -> Value {
    let body = json!({"persona_img": "/media/3f.png", "persona_parameters": {"mood": "힙"}});
    let made = person.client.put("/api/personas/setting").json(&body).await;
    made.is(201).json()
}

/// Goes to Meta; the state that would come back.
pub(crate) async fn state(client: &Client, number: Option<&str>) -> String {
    let query = number.map(|number| ("persona_num", number));
    let start = client.get("/oauth/instagram/start").query(query).await;
    let dialog = Url::parse(start.is(302).header("location")).expect("an address");
    let mut pairs = dialog.query_pairs();
    let state = pairs.find(|(name, _)| name == "state").expect("a state");
    state.1.into_owned()
}

/// Comes back from Meta.
pub(crate) async fn come_back(client: &Client, state: &str, code: &str) -> Answer {
    let callback = client.get("/oauth/instagram/callback");
    callback.query([("code", code), ("state", state)]).await
}

pub(crate) async fn connect(client: &Client, number: &str) {
    let state = state(client, Some(number)).await;
    let back = come_back(client, &state, "good code").await.is(302);
    assert_eq!(
        back.header("location"),
        "https://front.example/mypage?ig=connected"
    );
}
