//! Seeing and ending one's sessions.

use std::sync::Arc;

use serde_json::Value;
use test_database::on_every_engine;

use crate::app::App;
use crate::client::text;
use crate::person::{Person, members};

on_every_engine! {
    crate::app::run;
    everybody_sees_their_own_sessions,
    a_session_can_be_ended_from_another,
    all_others_can_be_ended_at_once,
    another_persons_session_looks_absent,
}

const PATH: &str = "/api/v1/users/me/sessions";

impl Person {
    async fn sessions(&self) -> Value {
        self.client.get(PATH).await.is(200).json()
    }

    /// The id of the session that asks.
    async fn session(&self) -> String {
        let page = self.sessions().await;
        let items = page["items"].as_array().expect("sessions");
        let current = items.iter().find(|item| item["current"] == true);
        text(&current.expect("the session that asks")["id"]).to_owned()
    }
}

async fn everybody_sees_their_own_sessions(app: Arc<App>) {
    let person = app.person().await;
    let other = person.elsewhere().await;
    Person::new(&person.client).await;
    let page = person.sessions().await;
    assert_eq!(page["next_cursor"], Value::Null);
    let items = page["items"].as_array().expect("sessions");
    assert_eq!(items.len(), 2);
    let current = items.iter().filter(|item| item["current"] == true);
    assert_eq!(current.count(), 1);
    for item in items {
        assert_eq!(item["device"], "e2e/1.0");
        assert_eq!(item["ip"], "127.0.0.1");
        for time in ["created_at", "last_seen_at", "expires_at"] {
            assert!(text(&item[time]).ends_with('Z'), "{item}");
        }
    }
    assert_ne!(person.session().await, other.session().await);
}

async fn a_session_can_be_ended_from_another(app: Arc<App>) {
    let person = app.person().await;
    let other = person.elsewhere().await;
    other.is_signed_in(true).await;
    let path = format!("{PATH}/{}", other.session().await);
    person.client.delete(&path).await.is(204);
    other.is_signed_in(false).await;
    let refused = other.refresh(&other.refresh_token).await;
    refused.refused(401, "invalid_token");
    person.is_signed_in(true).await;
    let again = person.client.delete(&path).await;
    again.refused(404, "session_not_found");
    // One's own session can be ended like any other.
    let own = format!("{PATH}/{}", person.session().await);
    person.client.delete(&own).await.is(204);
    person.is_signed_in(false).await;
}

async fn all_others_can_be_ended_at_once(app: Arc<App>) {
    let person = app.person().await;
    let others = [person.elsewhere().await, person.elsewhere().await];
    for other in &others {
        other.is_signed_in(true).await;
    }
    person.client.delete(PATH).await.is(204);
    for other in &others {
        other.is_signed_in(false).await;
    }
    person.is_signed_in(true).await;
    assert_eq!(members(&person.sessions().await, "id").len(), 1);
}

async fn another_persons_session_looks_absent(app: Arc<App>) {
    let person = app.person().await;
    let stranger = Person::new(&person.client).await;
    for id in [person.session().await.as_str(), "1", "no-id", "-1"] {
        let answer = stranger.client.delete(&format!("{PATH}/{id}")).await;
        answer.refused(404, "session_not_found");
    }
    person.is_signed_in(true).await;
}
