//! A server that stops and starts again.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use test_database::on_every_engine;

use super::taste::{crowd, hint, neighbours};
use super::{RANKED, Who, editor, hearts};
use crate::app::App;
use crate::client::Client;
use crate::person::PASSWORD;

on_every_engine! {
    crate::app::run;
    taste_survives_a_restart,
    a_damaged_snapshot_is_noticed_and_the_log_learned_again,
    until_everything_is_learned_feeds_are_answered_and_degraded,
    who_left_is_forgotten_for_good,
}

const SNAPSHOT: &str = "recommender.snapshot";

/// Waits until the recommender knows what it knew; it learns beside the first requests.
async fn ready(client: &Client) {
    let learned = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(20));
        while client.get("/readyz").await.is(200).json()["status"] != "ready" {
            rounds.tick().await;
        }
    };
    let learned = tokio::time::timeout(Duration::from_secs(30), learned).await;
    learned.expect("it is ready in the end");
}

/// Stops everything, and starts a server on the same data.
async fn again(app: &App) -> Client {
    app.stop().await;
    app.start_with(&RANKED).await
}

async fn taste_survives_a_restart(app: Arc<App>) {
    let client = crowd(&app, 12).await;
    let who = Who::guest(&client).await;
    hint(&who).await;
    assert_eq!(
        client.get("/readyz").await.is(200).json()["status"],
        "ready"
    );
    assert!(!app.file(SNAPSHOT).exists());
    app.stop().await;
    let size = std::fs::metadata(app.file(SNAPSHOT))
        .expect("a snapshot")
        .len();
    assert!(size > 0);
    let events = "SELECT COUNT(*) FROM outfit_events";
    let before = app.count(events).await;
    assert_eq!(before, 12 * 6 + 2);
    let client = app.start_with(&RANKED).await;
    ready(&client).await;
    let who = who.at(&client);
    assert_eq!(who.collection().await, ["37", "11"]);
    assert_eq!(hearts(&client, 11).await, 13);
    let (near, explained) = neighbours(&who).await;
    assert!(near >= 3 && explained >= 3, "{near}, {explained}");
    let readiness = client.get("/readyz").await.is(200).json();
    assert_eq!(readiness["checks"]["recommender"], "ready");
}

async fn a_damaged_snapshot_is_noticed_and_the_log_learned_again(app: Arc<App>) {
    let client = crowd(&app, 12).await;
    let who = Who::guest(&client).await;
    hint(&who).await;
    app.stop().await;
    let whole = std::fs::read(app.file(SNAPSHOT)).expect("a snapshot");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x10;
    for damaged in [flipped, whole[..whole.len() / 3].to_vec(), vec![]] {
        std::fs::write(app.file(SNAPSHOT), &damaged).expect("written");
        let client = app.start_with(&RANKED).await;
        ready(&client).await;
        let (near, _) = neighbours(&who.at(&client)).await;
        assert!(near >= 3, "{near} of 4");
        app.stop().await;
        let kept = std::fs::read(app.file(SNAPSHOT)).expect("a snapshot");
        assert!(
            kept != damaged && kept.len() > whole.len() / 2,
            "a good one again"
        );
    }
}

async fn until_everything_is_learned_feeds_are_answered_and_degraded(app: Arc<App>) {
    let client = crowd(&app, 12).await;
    let who = Who::guest(&client).await;
    hint(&who).await;
    app.stop().await;
    std::fs::write(app.file(SNAPSHOT), "damaged").expect("written");
    // The log is out of reach for a while.
    app.change("ALTER TABLE outfit_events RENAME TO elsewhere")
        .await;
    let client = app.start_with(&RANKED).await;
    let who = who.at(&client);
    let readiness = client.get("/readyz").await.is(200).json();
    assert_eq!(readiness["status"], "degraded");
    assert_eq!(readiness["checks"]["recommender"], "learning");
    assert_eq!(who.feed(15, 0).await.len(), 15);
    assert_eq!(who.collection().await, ["37", "11"]);
    client.get("/healthz").await.is(200);
    assert_eq!(
        client.get("/readyz").await.is(200).json()["status"],
        "degraded"
    );
    // Half a memory replaces no snapshot.
    app.stop().await;
    assert_eq!(
        std::fs::read(app.file(SNAPSHOT)).expect("a file"),
        b"damaged"
    );
    let client = app.start_with(&RANKED).await;
    app.change("ALTER TABLE elsewhere RENAME TO outfit_events")
        .await;
    ready(&client).await;
    let (near, _) = neighbours(&who.at(&client)).await;
    assert!(near >= 3, "{near} of 4");
}

async fn who_left_is_forgotten_for_good(app: Arc<App>) {
    let client = crowd(&app, 0).await;
    let person = editor(&app, &client).await;
    let who = Who::member(&person.client);
    hint(&who).await;
    // Seen a moment ago, and perhaps not written down yet.
    who.feed(10, 0).await;
    let proof = json!({"password": PASSWORD});
    let left = person.client.delete("/api/v1/users/me").json(&proof).await;
    left.is(204);
    let client = again(&app).await;
    ready(&client).await;
    for table in ["hearts", "outfit_events", "dislikes"] {
        let query = format!(
            "SELECT COUNT(*) FROM {table} WHERE person_id = {}",
            person.id
        );
        assert_eq!(app.count(&query).await, 0, "{table}");
    }
    assert_eq!(hearts(&client, 11).await, 0);
}
