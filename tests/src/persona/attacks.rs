//! States that are not what they should be.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::linked::{Linked, come_back, persona, state};
use crate::app::App;
use crate::client::Client;
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    a_state_is_good_once_also_when_it_comes_twenty_times_at_once,
    a_state_is_its_sessions_own,
    a_forged_state_is_refused,
    a_consent_without_code_or_persona_is_refused,
    a_persona_that_went_meanwhile_is_not_connected,
}

async fn invalid(client: &Client, state: &str) {
    let document = come_back(client, state, "good code").await;
    let document = document.refused(400, "state_invalid");
    assert_eq!(document["detail"], "state_invalid");
}

async fn a_state_is_good_once_also_when_it_comes_twenty_times_at_once(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    let state = state(&linked.person.client, Some("1")).await;
    let tries = (0..20).map(|_| {
        let (client, state) = (linked.person.client.clone(), state.clone());
        tokio::spawn(async move { come_back(&client, &state, "good code").await })
    });
    let mut connected = 0;
    for answer in tries.collect::<Vec<_>>() {
        let answer = answer.await.expect("an answer");
        if answer.status.as_u16() == 302 {
            connected += 1;
        } else {
            answer.refused(400, "state_invalid");
        }
    }
    assert_eq!(connected, 1);
    assert_eq!(linked.graph.seen("/oauth/access_token").len(), 2);
    invalid(&linked.person.client, &state).await;
}

async fn a_state_is_its_sessions_own(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    let theirs = state(&linked.person.client, Some("1")).await;
    let stranger = Person::new(&linked.person.client).await;
    persona(&stranger).await;
    invalid(&stranger.client, &theirs).await;
    let elsewhere = linked.person.elsewhere().await;
    invalid(&elsewhere.client, &theirs).await;
    let nobody = app.start().await;
    invalid(&nobody.at(&linked.person.client), &theirs).await;
    let start = nobody
        .at(&linked.person.client)
        .get("/oauth/instagram/start");
    let document = start.await.refused(401, "unauthenticated");
    assert_eq!(document["detail"], "unauthenticated");
    assert_eq!(linked.graph.seen("/oauth/access_token").len(), 0);
    // Who it was made for may still use it.
    let back = come_back(&linked.person.client, &theirs, "good code").await;
    back.is(302);
}

async fn a_forged_state_is_refused(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    let good = state(&linked.person.client, Some("1")).await;
    let last = if good.ends_with('A') { "B" } else { "A" };
    let changed = format!("{}{last}", &good[..good.len() - 1]);
    for state in ["", "x", "v1.00000000.AAAA", &changed, &format!("{good}A")] {
        invalid(&linked.person.client, state).await;
    }
    let absent = linked
        .person
        .client
        .get("/oauth/instagram/callback?code=x")
        .await;
    absent.refused(400, "state_invalid");
    assert_eq!(linked.graph.seen("/oauth/access_token").len(), 0);
}

async fn a_consent_without_code_or_persona_is_refused(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    let client = &linked.person.client;
    let nobodys = state(client, None).await;
    let document = come_back(client, &nobodys, "good code").await;
    let document = document.refused(400, "persona_required");
    assert_eq!(document["detail"], "persona_required");
    let good = state(client, Some("1")).await;
    let denied = client
        .get("/oauth/instagram/callback?error=access_denied&error_reason=user_denied")
        .query([("state", good.as_str())])
        .header("accept-language", "en");
    let document = denied.await.refused(400, "code_missing");
    assert_eq!(document["detail"], "code_missing");
    let wrong = come_back(client, &good, "wrong code").await;
    wrong.refused(502, "upstream_failed");
    assert_eq!(linked.status("1").await, "none");
}

async fn a_persona_that_went_meanwhile_is_not_connected(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    let client = &linked.person.client;
    let state = state(client, Some("1")).await;
    client.delete("/api/personas/1").await.is(200);
    // Another one has its number now.
    assert_eq!(persona(&linked.person).await["persona_num"], json!(1));
    let back = come_back(client, &state, "good code").await;
    back.refused(404, "persona_not_found");
    assert_eq!(linked.status("1").await, "none");
    assert_eq!(linked.graph.seen("/oauth/access_token").len(), 0);
}
