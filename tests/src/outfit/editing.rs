//! Changing the catalogue: for administrators.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, RANKED, Who, editor, fill, hearts, hide};
use crate::app::App;
use crate::client::text;
use crate::person::{Person, members};

on_every_engine! {
    crate::app::run;
    nobody_else_changes_the_catalogue,
    an_outfit_is_made_found_and_shown,
    a_change_changes_what_it_names,
    of_changes_to_one_version_one_wins,
    what_is_hidden_is_gone_everywhere_at_once,
    every_failing_field_of_an_outfit_is_named,
}

async fn nobody_else_changes_the_catalogue(app: Arc<App>) {
    let client = app.start().await;
    let guest = Who::guest(&client).await;
    let person = Person::new(&client).await;
    let body = json!({"img_url": "/media/1.jpg"});
    let (one, import) = (format!("{PATH}/1"), format!("{PATH}/import"));
    guest
        .post(PATH, &body)
        .await
        .refused(401, "unauthenticated");
    client
        .patch(&one)
        .json(&body)
        .await
        .refused(401, "unauthenticated");
    client
        .post(&import)
        .csv("x")
        .await
        .refused(401, "unauthenticated");
    person
        .client
        .post(PATH)
        .json(&body)
        .await
        .refused(403, "forbidden");
    person
        .client
        .patch(&one)
        .json(&body)
        .await
        .refused(403, "forbidden");
    person
        .client
        .post(&import)
        .csv("x")
        .await
        .refused(403, "forbidden");
}

async fn an_outfit_is_made_found_and_shown(app: Arc<App>) {
    let client = app.start_with(&RANKED).await;
    let editor = editor(&app, &client).await;
    let body = json!({
        "img_url": "https://images.example/7.jpg", "gender": "F", "age": 24,
        "origin_url": "https://example.com/7", "reporter": "minsu", "tags": ["#오버핏", "카고팬츠", "오버핏"],
        "brands": ["Cargo Lab"], "region": "성수", "occupation": "학생", "style": "스트릿",
        "season": "가을", "date": "2026-11-01", "hearts": 99, "unknown": {},
    });
    let answer = editor.client.post(PATH).json(&body).await.is(201);
    let made = answer.json();
    let id = text(&made["outfit_id"]);
    assert_eq!(answer.header("location"), format!("{PATH}/{id}"));
    let expected = json!({
        "outfit_id": id, "img_url": "https://images.example/7.jpg", "gender": "F", "age": 24,
        "origin_url": "https://example.com/7", "reporter": "minsu", "tags": ["오버핏", "카고팬츠"],
        "brands": ["Cargo Lab"], "region": "성수", "occupation": "학생", "style": "스트릿",
        "season": "가을", "date": "2026-11-01", "is_liked": false,
    });
    // Everywhere, and at once.
    let who = Who::guest(&client).await;
    assert_eq!(
        who.page("/images", 10, 0).await["outfits"],
        json!([expected])
    );
    let page = who.get(PATH).query([("q", "ㅋㄱㅍ")]).await.is(200).json();
    assert_eq!(page["items"], json!([expected]));
    let path = format!("/image?outfit_id={id}");
    assert_eq!(who.get(&path).await.is(200).json()["outfit"], expected);
    let again = client.get(&format!("{PATH}/{id}")).await.is(200).json();
    assert_eq!(again, made);
    who.heart(id).await;
    // The same id once more replaces what was said, and leaves its hearts.
    let body = json!({"outfit_id": id, "img_url": "/media/8.jpg"});
    let replaced = editor.client.post(PATH).json(&body).await.is(201).json();
    assert_eq!(
        (&replaced["tags"], &replaced["style"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(hearts(&client, id).await, 1);
    let body = json!({"outfit_id": 77, "img_url": "/media/77.jpg"});
    let brought = editor.client.post(PATH).json(&body).await.is(201).json();
    assert_eq!(brought["outfit_id"], "77");
}

async fn a_change_changes_what_it_names(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    fill(
        &editor,
        1,
        |_| json!({"tags": ["카고팬츠"], "brands": ["Cargo Lab"], "style": "스트릿", "age": 24}),
    )
    .await;
    let path = format!("{PATH}/1");
    let change = async |body: Value| {
        let answer = editor.client.patch(&path).json(&body).await.is(200);
        let etag = answer.header("etag").to_owned();
        (answer.json(), etag)
    };
    let (before, first) = change(json!({})).await;
    assert_eq!(before["style"], "스트릿");
    let (after, second) = change(json!({"style": null, "tags": ["청바지"]})).await;
    assert_eq!(
        (&after["style"], &after["tags"]),
        (&Value::Null, &json!(["청바지"]))
    );
    let kept = (&json!(["Cargo Lab"]), &json!(24));
    assert_eq!((&after["brands"], &after["age"]), kept);
    assert_ne!(first, second);
    let page = client.get(PATH).query([("tag", "카고팬츠")]).await.is(200);
    assert_eq!(page.json()["items"], json!([]));
    let page = client.get(PATH).query([("tag", "청바지")]).await.is(200);
    assert_eq!(members(&page.json(), "outfit_id"), ["1"]);
    let answer = editor.client.patch(&format!("{PATH}/404")).json(&json!({}));
    answer.await.refused(404, "outfit_not_found");
}

async fn of_changes_to_one_version_one_wins(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    fill(&editor, 1, |_| json!({})).await;
    let path = format!("{PATH}/1");
    let etag = client.get(&path).await.is(200).header("etag").to_owned();
    let changes = (0..8).map(|age| {
        let request = editor.client.patch(&path).json(&json!({"age": 20 + age}));
        let request = request.header("if-match", &etag);
        async { request.await.status.as_u16() }
    });
    let mut outcomes = join_all(changes).await;
    outcomes.sort_unstable();
    assert_eq!(outcomes, [200, 412, 412, 412, 412, 412, 412, 412]);
    let request = editor.client.patch(&path).json(&json!({"age": 1}));
    let answer = request.header("if-match", &etag).await;
    answer.refused(412, "precondition_failed");
    // Whoever expects nothing may change anything.
    let request = editor.client.patch(&path).json(&json!({"age": 1}));
    request.header("if-match", "*").await.is(200);
    let request = editor.client.patch(&path).json(&json!({"age": 2}));
    request.await.is(200);
    let shown = client.get("/images").await.is(200).json();
    assert_eq!(shown["outfits"][0]["age"], 2);
}

async fn what_is_hidden_is_gone_everywhere_at_once(app: Arc<App>) {
    let client = app.start_with(&RANKED).await;
    let editor = editor(&app, &client).await;
    fill(&editor, 5, |_| json!({"tags": ["카고"]})).await;
    let who = Who::guest(&client).await;
    for id in 1..=5 {
        who.heart(id).await;
    }
    hide(&editor, 3, true).await;
    let similar = async |who: &Who| {
        let page = who.get(&format!("{PATH}/1/similar")).await.is(200).json();
        members(&page, "outfit_id")
    };
    let others = ["5", "4", "2", "1"];
    assert_eq!(who.collection().await, others);
    let mut feed = who.feed(10, 0).await;
    feed.sort_unstable();
    assert_eq!(feed, ["1", "2", "4", "5"]);
    assert!(!similar(&who).await.contains(&"3".to_owned()));
    let listed = client.get(PATH).query([("q", "카")]).await.is(200).json();
    assert_eq!(members(&listed, "outfit_id"), others);
    for path in [
        format!("{PATH}/3"),
        "/image?outfit_id=3".into(),
        format!("{PATH}/3/similar"),
    ] {
        who.get(&path).await.refused(404, "outfit_not_found");
    }
    editor.client.get(&format!("{PATH}/3")).await.is(200);
    // A new version of it stays hidden; shown again, it is as it was.
    let body = json!({"outfit_id": "3", "img_url": "/media/new.jpg", "tags": ["카고"]});
    let saved = editor.client.post(PATH).json(&body).await.is(201).json();
    assert_eq!(saved["hidden"], true);
    who.get(&format!("{PATH}/3"))
        .await
        .refused(404, "outfit_not_found");
    hide(&editor, 3, false).await;
    assert_eq!(who.collection().await, ["5", "4", "3", "2", "1"]);
    assert_eq!(Who::guest(&client).await.feed(10, 0).await.len(), 5);
    assert_eq!(hearts(&client, 3).await, 1);
}

async fn every_failing_field_of_an_outfit_is_named(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    let post = async |body: Value| editor.client.post(PATH).json(&body).await;
    post(json!({})).await.invalid(&[("/img_url", "required")]);
    let wrong = json!({
        "outfit_id": 0, "img_url": "javascript:alert(1)", "gender": "X", "age": -1,
        "origin_url": "ftp://x", "reporter": "", "tags": ["x".repeat(65)], "brands": 7,
        "date": "2026-02-30",
    });
    let document = post(wrong).await.refused(422, "invalid_request");
    let errors = document["errors"].as_array().expect("errors");
    let mut named: Vec<&str> = errors.iter().map(|e| text(&e["pointer"])).collect();
    named.sort_unstable();
    let expected = [
        "/age",
        "/brands",
        "/date",
        "/gender",
        "/img_url",
        "/origin_url",
        "/outfit_id",
        "/reporter",
        "/tags",
    ];
    assert_eq!(named, expected);
    let many: Vec<String> = (0..101).map(|n| format!("tag {n}")).collect();
    let answer = post(json!({"img_url": "/media/1.jpg", "tags": many})).await;
    answer.invalid(&[("/tags", "length")]);
    fill(&editor, 1, |_| json!({})).await;
    let request = editor.client.patch(&format!("{PATH}/1"));
    let wrong = json!({"hidden": null, "img_url": null, "age": 121});
    let document = request.json(&wrong).await.refused(422, "invalid_request");
    assert_eq!(document["errors"].as_array().map(Vec::len), Some(3));
}
