//! Linking a persona, as it should go.

use std::sync::Arc;

use reqwest::Url;
use serde_json::json;
use test_database::on_every_engine;

use super::graph::page;
use super::linked::{Linked, persona};
use crate::app::App;
use crate::client::text;

on_every_engine! {
    crate::app::run;
    a_persona_is_connected_linked_and_unlinked,
    a_link_may_come_as_json,
    the_dialog_is_metas_and_secrets_stay_out_of_addresses,
    lists_are_read_to_their_end_and_names_are_looked_up,
    pages_of_a_business_are_found_by_the_scopes_of_the_consent,
    a_refused_token_concerns_its_persona_only,
    a_shared_token_serves_personas_without_their_own,
    a_server_without_an_app_says_so,
}

async fn a_persona_is_connected_linked_and_unlinked(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    let client = &linked.person.client;
    let required = linked
        .accounts("1")
        .await
        .refused(401, "persona_oauth_required");
    assert_eq!(required["detail"], "persona_oauth_required");
    let choice = "/oauth/instagram/link?persona_num=1&ig_user_id=1784&fb_page_id=11\
                  &ig_username=look.book";
    client
        .post(choice)
        .await
        .refused(401, "persona_oauth_required");

    linked.connect("1").await;
    assert_eq!(linked.status("1").await, "connected");
    assert_eq!(
        linked.accounts("1").await.is(200).json(),
        json!({"ok": true, "items": [{"page_id": "11", "page_name": "룩북",
            "ig_user_id": "1784", "ig_username": "look.book"}]})
    );
    let mapping = "/oauth/instagram/mapping?persona_num=1";
    let before = client.get(mapping).await.is(200).json();
    assert_eq!(before, json!({"ok": true, "linked": false}));
    let done = client.post(choice).await.is(200).json();
    assert_eq!(done, json!({"ok": true}));
    let mut after = client.get(mapping).await.is(200).json();
    let shown = client.get("/api/v1/personas/1").await.is(200).json();
    assert_eq!(shown["persona_parameters"]["instagram"], after["mapping"]);
    assert_eq!(shown["persona_parameters"]["mood"], "힙");
    for member in ["ig_user_id", "ig_username", "fb_page_id", "ig_linked_at"] {
        assert_eq!(shown[member], after["mapping"][member]);
    }
    after["mapping"]["ig_linked_at"].take();
    assert_eq!(
        after,
        json!({"ok": true, "linked": true, "mapping": {"ig_user_id": "1784",
            "ig_username": "look.book", "fb_page_id": "11", "ig_linked_at": null}})
    );

    for _ in 0..2 {
        let unlink = client.post("/oauth/instagram/unlink?persona_num=1").await;
        assert_eq!(unlink.is(200).json(), json!({"ok": true}));
    }
    assert_eq!(client.get(mapping).await.is(200).json(), before);
    assert_eq!(linked.status("1").await, "none");
    linked
        .accounts("1")
        .await
        .refused(401, "persona_oauth_required");
}

async fn a_link_may_come_as_json(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    let client = &linked.person.client;
    linked.connect("1").await;
    let body = json!({"ig_user_id": 1784, "fb_page_id": "11"});
    let link = client
        .post("/oauth/instagram/link?persona_num=1")
        .json(&body);
    link.await.is(200);
    let mapping = client.get("/oauth/instagram/mapping?persona_num=1").await;
    assert_eq!(
        mapping.is(200).json()["mapping"]["ig_username"],
        json!(null)
    );
    let wrong = json!({"persona_num": 1, "ig_user_id": "../me"});
    let link = client.post("/oauth/instagram/link").json(&wrong).await;
    let document = link.refused(422, "invalid_request");
    assert_eq!(document["detail"], "invalid_request");
    assert_eq!(document["errors"][0]["pointer"], "/ig_user_id");
    let link = client.post("/oauth/instagram/link?persona_num=1").await;
    link.invalid(&[("/fb_page_id", "required"), ("/ig_user_id", "required")]);
    let unnamed = json!({"ig_user_id": "1784", "fb_page_id": "11"});
    let link = client.post("/oauth/instagram/link").json(&unnamed).await;
    link.refused(400, "persona_num_required");
    for path in ["accounts", "mapping"] {
        let unnamed = client.get(&format!("/oauth/instagram/{path}")).await;
        let document = unnamed.refused(400, "persona_num_required");
        assert_eq!(document["detail"], "persona_num_required");
    }
}

async fn the_dialog_is_metas_and_secrets_stay_out_of_addresses(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    let start = linked
        .person
        .client
        .get("/oauth/instagram/start?persona_num=1");
    let start = start.await.is(302);
    assert_eq!(start.header("cache-control"), "no-store");
    let dialog = Url::parse(start.header("location")).expect("an address");
    assert_eq!(dialog.path(), "/v23.0/dialog/oauth");
    let member = |name: &str| {
        let found = dialog.query_pairs().find(|(known, _)| known == name);
        found.expect("a member").1.into_owned()
    };
    assert_eq!(member("client_id"), "4711");
    assert_eq!(member("response_type"), "code");
    assert_eq!(
        member("scope"),
        "instagram_basic,pages_show_list,pages_read_engagement"
    );
    assert!(member("redirect_uri").ends_with("/oauth/instagram/callback"));
    assert!(member("state").len() < 400);

    linked.connect("1").await;
    linked.accounts("1").await.is(200);
    let exchanges = linked.graph.seen("/oauth/access_token");
    assert_eq!(exchanges.len(), 2);
    let (code, long) = (&exchanges[0], &exchanges[1]);
    assert_eq!(code.form["code"], "good code");
    assert_eq!(code.form["redirect_uri"], member("redirect_uri"));
    assert_eq!(code.form["client_secret"], "the secret of our app");
    assert_eq!(long.form["grant_type"], "fb_exchange_token");
    assert_eq!(long.form["fb_exchange_token"], "short-lived-canary-1");
    let lists = linked.graph.seen("/me/accounts");
    assert_eq!(lists[0].bearer.as_deref(), Some("long-lived-canary-2"));
    assert_eq!(lists[0].query["appsecret_proof"].len(), 64);
    for seen in linked.graph.with(|state| state.seen.clone()) {
        let values: Vec<_> = seen.query.values().collect();
        let told = format!("{values:?}");
        assert!(
            !told.contains("canary") && !told.contains("secret of"),
            "{told}"
        );
    }
}

async fn lists_are_read_to_their_end_and_names_are_looked_up(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    linked.connect("1").await;
    let pages = json!({"data": [
        page("11", "1784"),
        {"id": "14", "name": "without an account"},
        {"id": "15", "name": "late", "instagram_business_account": {"id": "1799"}},
        {"id": "16", "name": "evil", "instagram_business_account": {"id": "../../oauth"}},
        {"id": "17", "name": "nameless", "instagram_business_account": {"id": "1700"}},
    ]});
    linked.graph.with(|state| state.pages = pages);
    let found = linked.accounts("1").await.is(200).json();
    let found = found["items"].as_array().expect("items").iter();
    let found: Vec<_> = found
        .map(|item| (item["page_id"].clone(), item["ig_username"].clone()))
        .collect();
    assert_eq!(
        found,
        [
            (json!("11"), json!("look.book")),
            (json!("15"), json!("late.name")),
            (json!("17"), json!(null)),
        ]
    );
    assert_eq!(linked.graph.seen("/me/accounts").len(), 5);
}

async fn pages_of_a_business_are_found_by_the_scopes_of_the_consent(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    linked.connect("1").await;
    linked.graph.with(|state| {
        state.pages = json!({"data": []});
        state.scopes = json!([
            {"scope": "instagram_basic", "target_ids": ["1786"]},
            {"scope": "pages_show_list", "target_ids": ["12", "13", "../me", "13"]},
            {"scope": "pages_read_engagement", "target_ids": ["13"]},
            {"scope": "public_profile"},
        ]);
    });
    let found = linked.accounts("1").await.is(200).json();
    assert_eq!(
        found["items"],
        json!([{"page_id": "13", "page_name": "룩북", "ig_user_id": "1786",
            "ig_username": "look.book"}])
    );
    let asked = linked.graph.seen("/debug_token");
    assert_eq!(
        asked[0].bearer.as_deref(),
        Some("4711|the secret of our app")
    );
    assert_eq!(linked.graph.seen("/13").len(), 1);
    linked.graph.with(|state| state.scopes = json!([]));
    assert_eq!(
        linked.accounts("1").await.is(200).json()["items"],
        json!([])
    );
}

async fn a_refused_token_concerns_its_persona_only(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    persona(&linked.person).await;
    linked.connect("1").await;
    linked.connect("2").await;
    let refused = |state: &mut super::graph::State| {
        state.refused.push("long-lived-canary-2".to_owned());
    };
    linked.graph.with(refused);
    let answer = linked.accounts("1").await;
    answer.refused(401, "persona_oauth_required");
    assert_eq!(linked.status("1").await, "reconnect_required");
    assert_eq!(linked.status("2").await, "connected");
    linked.accounts("2").await.is(200);
    // Nobody is asked again until its owner has been to Meta.
    let asked = linked.graph.seen("/me/accounts").len();
    let answer = linked.accounts("1").await;
    answer.refused(401, "persona_oauth_required");
    assert_eq!(linked.graph.seen("/me/accounts").len(), asked);
    let mapping = linked
        .person
        .client
        .get("/oauth/instagram/mapping?persona_num=1");
    let mapping = mapping.await.is(200).json();
    assert_eq!(
        mapping,
        json!({"ok": true, "linked": false, "reconnect_required": true})
    );
    linked.connect("1").await;
    linked.accounts("1").await.is(200);
    assert_eq!(linked.status("1").await, "connected");
}

async fn a_shared_token_serves_personas_without_their_own(app: Arc<App>) {
    let shared = [("IG_LONG_LIVED_USER_TOKEN", "a shared canary")];
    let linked = Linked::with(&app, &shared).await;
    let found = linked.accounts("1").await.is(200).json();
    assert_eq!(found["items"][0]["page_id"], "11");
    let lists = linked.graph.seen("/me/accounts");
    assert_eq!(lists[0].bearer.as_deref(), Some("a shared canary"));
    assert_eq!(linked.status("1").await, "none");
    app.stop().await;

    let on = [("ENSEMBLE__META__USER_TOKEN_FALLBACK", "true")];
    let client = super::linked::start(&app, &linked.graph, &on).await;
    let missing = linked.person.client.at(&client);
    let missing = missing.get("/oauth/instagram/accounts?persona_num=1").await;
    let document = missing.refused(500, "server_token_missing");
    assert_eq!(document["detail"], "server_token_missing");
}

async fn a_server_without_an_app_says_so(app: Arc<App>) {
    let person = app.person().await;
    let id = text(&persona(&person).await["persona_id"]).to_owned();
    let start = format!("/oauth/instagram/start?persona_id={id}");
    let refused = person.client.get(&start).await;
    let document = refused.refused(503, "provider_not_configured");
    assert_eq!(document["detail"], "provider_not_configured");
}
