//! What people do beside hearting, and what they want to see no more of.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, RANKED, Who, editor, fill, gallery, hide};
use crate::app::App;
use crate::client::text;

on_every_engine! {
    crate::app::run;
    everything_that_is_done_is_an_event,
    events_are_taken_one_by_one_and_many_at_once,
    of_many_events_all_or_none_count,
    what_is_disliked_is_shown_no_more,
    what_is_wrong_with_a_dislike_is_told,
}

async fn events(app: &App, action: i64) -> i64 {
    let query = format!("SELECT COUNT(*) FROM outfit_events WHERE action = {action}");
    app.count(&query).await
}

async fn everything_that_is_done_is_an_event(app: Arc<App>) {
    let client = gallery(&app, 5).await;
    let who = Who::guest(&client).await;
    who.feed(5, 0).await;
    who.get("/image?outfit_id=1").await.is(200);
    who.heart(1).await;
    who.unheart(1).await;
    let body = json!({"outfit_id": 2});
    let done = who.post("/shared", &body).await.is(200).json();
    assert_eq!(done, json!({"ok": true}));
    let body = json!({"base_outfit_id": "1", "clicked_outfit_id": 3});
    let done = who.post("/similar", &body).await.is(200).json();
    assert_eq!(done, json!({"ok": true}));
    // What was acknowledged is there; what was only seen is written before the server stops.
    for action in [3, 4, 5, 6] {
        assert_eq!(events(&app, action).await, 1, "{action}");
    }
    app.stop().await;
    // The five views of the page are one row: the first, and 12 bytes for each further one.
    assert_eq!(events(&app, 0).await, 1);
    let page = "SELECT COUNT(*) FROM outfit_events WHERE action = 0 AND LENGTH(more) = 48";
    assert_eq!(app.count(page).await, 1);
    assert_eq!(events(&app, 2).await, 1);
    let all = "SELECT COUNT(*) FROM outfit_events";
    assert_eq!(app.count(all).await, 6);
    for rule in ["feed_id IS NOT NULL", "position IS NOT NULL", "bucket >= 0"] {
        let query = format!("{all} WHERE {rule}");
        assert_eq!(app.count(&query).await, 6, "{rule}");
    }
    let people = "SELECT COUNT(DISTINCT person_id) FROM outfit_events";
    assert_eq!(app.count(people).await, 1);
    let base = "SELECT subject FROM outfit_events WHERE action = 6";
    assert_eq!(app.count(base).await, 1);
}

async fn events_are_taken_one_by_one_and_many_at_once(app: Arc<App>) {
    let client = gallery(&app, 5).await;
    let who = Who::guest(&client).await;
    let page = who.get(&format!("{PATH}/feed")).await.is(200).json();
    let (feed, item) = (&page["feed_id"], &page["items"][2]);
    let (id, position) = (text(&item["outfit_id"]), &item["position"]);
    let body = json!({"type": "view", "feed_id": feed, "position": position});
    let answer = who.post(&format!("{PATH}/{id}/events"), &body).await;
    answer.is(204);
    let body = json!({"events": [
        {"outfit_id": "1", "type": "click"},
        {"outfit_id": 2, "type": "share", "feed_id": feed, "position": 4},
        {"outfit_id": "3", "type": "similar_click", "base_outfit_id": "2"},
    ]});
    let answer = who.post(&format!("{PATH}/events"), &body).await;
    answer.is(204);
    for action in [1, 2, 5, 6] {
        assert_eq!(events(&app, action).await, 1, "{action}");
    }
    let place = "SELECT position FROM outfit_events WHERE action = 5";
    let here = format!(
        "SELECT position FROM outfit_events WHERE feed_id = {}",
        text(feed)
    );
    let seen = format!("{here} AND action = 1 AND outfit_id = {id}");
    assert_eq!(
        app.count(&format!("SELECT COUNT(*) FROM ({seen}) AS seen"))
            .await,
        1
    );
    assert_eq!(
        app.count(&format!("SELECT COUNT(*) FROM ({place}) AS places"))
            .await,
        1
    );
}

async fn of_many_events_all_or_none_count(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    fill(&editor, 3, |_| json!({})).await;
    hide(&editor, 3, true).await;
    let who = Who::guest(&client).await;
    let many = format!("{PATH}/events");
    for bad in [
        json!({"outfit_id": "404", "type": "click"}),
        json!({"outfit_id": "3", "type": "click"}),
        json!({"outfit_id": "1", "type": "similar_click", "base_outfit_id": "404"}),
    ] {
        let body = json!({"events": [{"outfit_id": "1", "type": "click"}, bad]});
        let answer = who.post(&many, &body).await;
        answer.refused(404, "outfit_not_found");
    }
    let wrong = json!({"events": [
        {"outfit_id": "1", "type": "click"},
        {"type": "click"},
        {"outfit_id": "1", "type": "stare"},
        {"outfit_id": "1", "type": "similar_click"},
        {"outfit_id": {}, "type": "click"},
    ]});
    who.post(&many, &wrong).await.invalid(&[
        ("/events/1/outfit_id", "required"),
        ("/events/2/type", "invalid_value"),
        ("/events/3/base_outfit_id", "required"),
        ("/events/4/outfit_id", "wrong_type"),
    ]);
    who.post(&many, &json!({"events": []}))
        .await
        .invalid(&[("/events", "length")]);
    let answer = who.post(&format!("{PATH}/404/events"), &json!({"type": "click"}));
    answer.await.refused(404, "outfit_not_found");
    for (path, body) in [
        ("/shared", json!({"outfit_id": "404"})),
        (
            "/similar",
            json!({"base_outfit_id": "1", "clicked_outfit_id": "404"}),
        ),
        (
            "/similar",
            json!({"base_outfit_id": "404", "clicked_outfit_id": "1"}),
        ),
    ] {
        let answer = who.post(path, &body).await;
        answer.refused(404, "outfit_not_found");
    }
    who.post("/similar", &json!({})).await.invalid(&[
        ("/base_outfit_id", "required"),
        ("/clicked_outfit_id", "required"),
    ]);
    assert_eq!(app.count("SELECT COUNT(*) FROM outfit_events").await, 0);
}

async fn what_is_disliked_is_shown_no_more(app: Arc<App>) {
    let client = app.start_with(&RANKED).await;
    let editor = editor(&app, &client).await;
    fill(
        &editor,
        24,
        |id| json!({"tags": [format!("태그{}", id % 4)], "brands": [format!("Brand {}", id % 3)]}),
    )
    .await;
    let who = Who::guest(&client).await;
    let all = |wanted: fn(usize) -> bool| -> BTreeSet<String> {
        let ids = (1..=24).filter(|id| wanted(*id));
        ids.map(|id| id.to_string()).collect()
    };
    let feed = async || -> BTreeSet<String> { who.feed(100, 0).await.into_iter().collect() };
    let start = who.feed(4, 0).await;
    assert_eq!(start.len(), 4);
    // Also in the feed that is open: from the next page on.
    who.dislike(&json!({"tag": "#태그1"})).await;
    who.dislike(&json!({"brand": "BRAND 2"})).await;
    who.dislike(&json!({"outfit_id": 24})).await;
    who.dislike(&json!({"outfit_id": "24"})).await;
    let wanted = |id: usize| id % 4 != 1 && id % 3 != 2 && id != 24;
    let rest = who.feed(100, 4).await;
    assert!(
        rest.iter().all(|id| id.parse().is_ok_and(wanted)),
        "{rest:?}"
    );
    assert_eq!(feed().await, all(wanted));
    assert_eq!(feed().await, all(wanted), "and stays away");
    let path = format!("{PATH}/dislikes");
    let listed = who.get(&path).await.is(200).json();
    let items = json!([{"outfit_id": "24"}, {"brand": "Brand 2"}, {"tag": "태그1"}]);
    assert_eq!(listed, json!({"items": items, "next_cursor": null}));
    // Nobody else is concerned.
    assert_eq!(Who::guest(&client).await.feed(100, 0).await.len(), 24);
    for what in [
        json!({"tag": "태그1"}),
        json!({"outfit_id": "24"}),
        json!({"outfit_id": "1"}),
    ] {
        let request = who.request(reqwest::Method::DELETE, &path);
        request.json(&what).await.is(204);
    }
    assert_eq!(feed().await, all(|id| id % 3 != 2));
    let listed = who.get(&path).await.is(200).json();
    assert_eq!(listed["items"], json!([{"brand": "Brand 2"}]));
}

async fn what_is_wrong_with_a_dislike_is_told(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    fill(&editor, 2, |_| json!({"tags": ["카고"], "brands": ["Lab"]})).await;
    let who = Who::guest(&client).await;
    let path = format!("{PATH}/dislikes");
    for (what, code) in [
        (json!({"tag": "Lab"}), "label_not_found"),
        (json!({"brand": "카고"}), "label_not_found"),
        (json!({"tag": ""}), "label_not_found"),
        (json!({"outfit_id": "404"}), "outfit_not_found"),
    ] {
        who.post(&path, &what).await.refused(404, code);
        let request = who.request(reqwest::Method::DELETE, &path).json(&what);
        request.await.refused(404, code);
    }
    for what in [
        json!({}),
        json!({"tag": "카고", "brand": "Lab"}),
        Value::Null,
    ] {
        let answer = who.post(&path, &what).await;
        assert_eq!(answer.status.as_u16(), 422, "{what}");
    }
    let listed = who.get(&path).await.is(200).json();
    assert_eq!(listed["items"], json!([]));
}
