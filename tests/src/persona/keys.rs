//! Tokens at rest: sealed for their row, under keys that change, renewed before they end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use test_database::on_every_engine;

use super::linked::{Linked, persona, start};
use crate::app::App;

on_every_engine! {
    crate::app::run;
    a_token_moved_to_another_row_is_worthless,
    keys_change_without_a_pause_and_the_old_one_can_go,
    tokens_are_renewed_before_they_end,
    a_token_that_is_refused_when_it_is_renewed_has_to_be_reconnected,
    a_token_that_ended_has_to_be_reconnected,
}

const OLD_KEY: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
const NEW_KEY: &str = "bF1v0m2nK9rXw7TqYzU4cE6sHjA3dGpLoN8iQxVtZk0=";

/// Waits until a number in the database is this.
async fn until(app: &App, query: &str, expected: i64) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let found = app.count(query).await;
        if found == expected {
            return;
        }
        assert!(Instant::now() < deadline, "{query} is still {found}");
        tokio::task::yield_now().await;
    }
}

async fn a_token_moved_to_another_row_is_worthless(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    persona(&linked.person).await;
    linked.connect("1").await;
    linked.connect("2").await;
    let moved = "UPDATE personas SET ig_token = (SELECT stolen FROM \
                 (SELECT ig_token AS stolen FROM personas WHERE number = 1) AS one) WHERE number = 2";
    app.change(moved).await;
    linked.accounts("1").await.is(200);
    let asked = linked.graph.seen("/me/accounts").len();
    linked.accounts("2").await.refused(500, "internal");
    assert_eq!(linked.graph.seen("/me/accounts").len(), asked);
}

async fn keys_change_without_a_pause_and_the_old_one_can_go(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    linked.connect("1").await;
    let sealed_with_old = "SELECT COUNT(*) FROM personas WHERE ig_token LIKE 'v1.%'";
    assert_eq!(app.count(sealed_with_old).await, 1);
    // A node with the new key, beside the one that runs.
    let rotated = [
        ("ENSEMBLE__CRYPTO__KEY", NEW_KEY),
        ("ENSEMBLE__CRYPTO__PREVIOUS_KEYS", OLD_KEY),
    ];
    let client = start(&app, &linked.graph, &rotated).await;
    let there = linked.person.client.at(&client);
    let accounts = "/oauth/instagram/accounts?persona_num=1";
    there.get(accounts).await.is(200);
    // The new node seals everything again; then the old key is not needed any more.
    until_resealed(&app, &linked).await;
    app.stop().await;
    let only_new = [("ENSEMBLE__CRYPTO__KEY", NEW_KEY)];
    let client = start(&app, &linked.graph, &only_new).await;
    let there = linked.person.client.at(&client);
    there.get(accounts).await.is(200);
}

/// Waits until the node with the old key alone cannot open the token any more.
async fn until_resealed(app: &App, linked: &Linked) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while linked.accounts("1").await.status.as_u16() == 200 {
        assert!(Instant::now() < deadline, "nothing was sealed again");
    }
    assert_eq!(linked.status("1").await, "connected");
    assert_eq!(app.count("SELECT COUNT(*) FROM personas").await, 1);
}

async fn tokens_are_renewed_before_they_end(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    linked.connect("1").await;
    // It ends in an hour: high time.
    let soon = "UPDATE personas SET ig_token_renew_at = 1";
    app.change(soon).await;
    // Every node looks after them when it starts; of several one does it.
    let (first, second) = tokio::join!(
        start(&app, &linked.graph, &[]),
        start(&app, &linked.graph, &[])
    );
    let waiting = "SELECT COUNT(*) FROM personas WHERE ig_token_renew_at < 2000000000000000 \
                   AND ig_token_renew_at > 1 AND ig_token_expires_at - ig_token_renew_at \
                   BETWEEN 1 AND 10 * 86400000000";
    until(&app, waiting, 1).await;
    let exchanges = linked.graph.seen("/oauth/access_token");
    let renewals = exchanges.iter().filter(|seen| {
        let token = seen.form.get("fb_exchange_token");
        token.is_some_and(|token| token == "long-lived-canary-2")
    });
    assert_eq!(renewals.count(), 1);
    for node in [first, second] {
        let there = linked.person.client.at(&node);
        there
            .get("/oauth/instagram/accounts?persona_num=1")
            .await
            .is(200);
    }
    let lists = linked.graph.seen("/me/accounts");
    assert!(
        lists
            .iter()
            .all(|seen| seen.bearer.as_deref() == Some("long-lived-canary-3"))
    );
}

async fn a_token_that_is_refused_when_it_is_renewed_has_to_be_reconnected(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    persona(&linked.person).await;
    linked.connect("1").await;
    linked.connect("2").await;
    let proved = "UPDATE users SET email = 'yuna@example.com', email_key = 'yuna@example.com', \
                  email_verified_at = 1";
    app.change(proved).await;
    app.change("UPDATE personas SET ig_token_renew_at = 1")
        .await;
    let refused = |state: &mut super::graph::State| {
        state.refused.push("long-lived-canary-2".to_owned());
    };
    linked.graph.with(refused);
    start(&app, &linked.graph, &[]).await;
    until(
        &app,
        "SELECT COUNT(*) FROM personas WHERE ig_token_state = 1",
        1,
    )
    .await;
    until(
        &app,
        "SELECT COUNT(*) FROM personas WHERE ig_token_renew_at = 1",
        0,
    )
    .await;
    assert_eq!(linked.status("1").await, "reconnect_required");
    assert_eq!(linked.status("2").await, "connected");
    // The owner is written to, once.
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 1);
    linked.accounts("1").await;
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 1);
}

async fn a_token_that_ended_has_to_be_reconnected(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    linked.connect("1").await;
    app.change("UPDATE personas SET ig_token_expires_at = 1, ig_token_renew_at = 1")
        .await;
    let asked = linked.graph.seen("/me/accounts").len();
    let refused = linked.accounts("1").await;
    refused.refused(401, "persona_oauth_required");
    assert_eq!(linked.graph.seen("/me/accounts").len(), asked);
    assert_eq!(linked.status("1").await, "reconnect_required");
    linked.connect("1").await;
    linked.accounts("1").await.is(200);
}
