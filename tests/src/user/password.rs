//! Changing one's password.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use crate::app::App;
use crate::client::{Answer, text};
use crate::person::{PASSWORD, Person, sign_in};

on_every_engine! {
    crate::app::run;
    a_new_password_ends_every_other_session,
    a_wrong_current_password_changes_nothing,
    a_new_password_obeys_the_rules_of_all_passwords,
    no_session_of_the_old_password_outlives_the_change,
}

const NEW: &str = "staple of the battery";

async fn change(person: &Person, body: Value) -> Answer {
    let request = person.client.put("/api/v1/users/me/password");
    request.json(&body).await
}

async fn a_new_password_ends_every_other_session(app: Arc<App>) {
    let person = app.person().await;
    let other = person.elsewhere().await;
    let stranger = Person::new(&person.client).await;
    other.is_signed_in(true).await;
    let body = json!({"current_password": PASSWORD, "new_password": NEW});
    change(&person, body).await.is(204);
    person.is_signed_in(true).await;
    other.is_signed_in(false).await;
    stranger.is_signed_in(true).await;
    let refused = other.refresh(&other.refresh_token).await;
    refused.refused(401, "invalid_token");
    person.refresh(&person.refresh_token).await.is(200);
    let old = sign_in(&person.client, &person.phone, PASSWORD).await;
    old.refused(401, "invalid_credentials");
    sign_in(&person.client, &person.phone, NEW).await.is(200);
}

async fn a_wrong_current_password_changes_nothing(app: Arc<App>) {
    let person = app.person().await;
    let other = person.elsewhere().await;
    for wrong in [json!("not the password"), Value::Null] {
        let body = json!({"current_password": wrong, "new_password": NEW});
        change(&person, body)
            .await
            .refused(403, "confirmation_required");
    }
    other.is_signed_in(true).await;
    sign_in(&person.client, &person.phone, PASSWORD)
        .await
        .is(200);
}

async fn a_new_password_obeys_the_rules_of_all_passwords(app: Arc<App>) {
    let person = app.person().await;
    for (new, code) in [
        (json!("short"), "length"),
        (json!("password"), "common_password"),
        (json!(12345678), "wrong_type"),
        (Value::Null, "required"),
    ] {
        let body = json!({"current_password": PASSWORD, "new_password": new});
        change(&person, body)
            .await
            .invalid(&[("/new_password", code)]);
    }
    sign_in(&person.client, &person.phone, PASSWORD)
        .await
        .is(200);
}

async fn no_session_of_the_old_password_outlives_the_change(app: Arc<App>) {
    let person = app.person().await;
    // Some passwords are always being checked, also while the change takes effect.
    let signing_in: Vec<_> = (0..6)
        .map(|_| {
            let (client, phone) = (person.client.clone(), person.phone.clone());
            tokio::spawn(async move {
                let mut tokens = Vec::new();
                loop {
                    let answer = sign_in(&client, &phone, PASSWORD).await;
                    if answer.status != 200 {
                        answer.refused(401, "invalid_credentials");
                        return tokens;
                    }
                    tokens.push(text(&answer.json()["access_token"]).to_owned());
                }
            })
        })
        .collect();
    let body = json!({"current_password": PASSWORD, "new_password": NEW});
    change(&person, body).await.is(204);
    for tokens in signing_in {
        for token in tokens.await.expect("tokens") {
            let me = person.client.with_token(&token).get("/api/v1/users/me");
            me.await.refused(401, "invalid_token");
        }
    }
    person.is_signed_in(true).await;
}
