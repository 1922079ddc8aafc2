//! Refresh tokens.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use crate::app::App;
use crate::client::text;

on_every_engine! {
    crate::app::run;
    a_refresh_token_gets_the_next_pair,
    a_refresh_token_used_twice_ends_its_session,
    of_many_who_use_one_token_at_once_one_gets_the_next_pair,
    what_is_no_refresh_token_gets_nothing,
}

async fn a_refresh_token_gets_the_next_pair(app: Arc<App>) {
    let person = app.person().await;
    let mut token = person.refresh_token.clone();
    for _ in 0..3 {
        let answer = person.refresh(&token).await.is(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let pair = answer.json();
        assert_eq!(pair["token_type"], "Bearer");
        assert_ne!(pair["refresh_token"], token);
        token = text(&pair["refresh_token"]).to_owned();
        let renewed = person.client.with_token(text(&pair["access_token"]));
        let me = renewed.get("/api/v1/users/me").await.is(200).json();
        assert_eq!(me["id"], person.id);
    }
    // It is still the same session.
    let sessions = person.client.get("/api/v1/users/me/sessions").await.json();
    assert_eq!(sessions["items"].as_array().map(Vec::len), Some(1));
    person.is_signed_in(true).await;
}

async fn a_refresh_token_used_twice_ends_its_session(app: Arc<App>) {
    let person = app.person().await;
    let bystander = person.elsewhere().await;
    let first = person.refresh(&person.refresh_token).await.is(200).json();
    let second = person.refresh(text(&first["refresh_token"])).await;
    let second = second.is(200).json();
    let stolen = person.refresh(&person.refresh_token).await;
    stolen.refused(401, "invalid_token");
    // The whole family is gone: every token that came of that sign-in.
    for pair in [&first, &second] {
        let refused = person.refresh(text(&pair["refresh_token"])).await;
        refused.refused(401, "invalid_token");
        let renewed = person.client.with_token(text(&pair["access_token"]));
        let refused = renewed.get("/api/v1/users/me").await;
        refused.refused(401, "invalid_token");
    }
    person.is_signed_in(false).await;
    bystander.is_signed_in(true).await;
}

async fn of_many_who_use_one_token_at_once_one_gets_the_next_pair(app: Arc<App>) {
    let person = app.person().await;
    let tries = (0..10).map(|_| person.refresh(&person.refresh_token));
    let answers = futures_util::future::join_all(tries).await;
    let good = answers.iter().filter(|answer| answer.status == 200).count();
    assert!(good <= 1, "{good} got the next pair");
    for answer in answers {
        if answer.status != 200 {
            answer.refused(401, "invalid_token");
        }
    }
    person.is_signed_in(false).await;
}

async fn what_is_no_refresh_token_gets_nothing(app: Arc<App>) {
    let person = app.person().await;
    for wrong in ["x", "../../etc/passwd", person.client.token()] {
        person.refresh(wrong).await.refused(401, "invalid_token");
    }
    person
        .refresh("")
        .await
        .invalid(&[("/refresh_token", "length")]);
    let nothing = person.client.post("/api/v1/auth/refresh").json(&json!({}));
    nothing.await.invalid(&[("/refresh_token", "required")]);
    person.is_signed_in(true).await;
}
