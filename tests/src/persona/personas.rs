//! Personas over HTTP.

use std::sync::Arc;

use reqwest::StatusCode;
use serde_json::json;
use test_database::on_every_engine;

use super::linked::persona;
use crate::app::App;
use crate::client::text;
use crate::person::{PASSWORD, Person};

on_every_engine! {
    crate::app::run;
    personas_are_made_listed_changed_and_removed,
    numbers_are_used_again_and_the_plain_resource_tells_all,
    of_twenty_made_at_once_four_stay,
    another_persons_personas_look_absent,
    what_is_not_valid_is_named_and_changes_nothing,
    personas_go_with_the_account,
}

async fn personas_are_made_listed_changed_and_removed(app: Arc<App>) {
    let person = app.person().await;
    let client = &person.client;
    client.get("/api/personas/me").await.is(200);
    let body = json!({"persona_img": "https://cdn.example/1.png",
        "persona_parameters": {"name": "스트릿 유나", "mood": {"a": 1}}});
    let made = client
        .put("/api/personas/setting")
        .json(&body)
        .await
        .is(201)
        .json();
    assert_eq!(
        (&made["ok"], &made["persona_num"]),
        (&json!(true), &json!(1))
    );
    assert!(text(&made["persona_id"]).len() > 10);
    assert_eq!(persona(&person).await["persona_num"], 2);
    let list = client.get("/api/personas/me").await.is(200).json();
    assert_eq!(
        list,
        json!({"ok": true, "items": [
            {"num": 1, "img": "https://cdn.example/1.png", "name": "스트릿 유나"},
            {"num": 2, "img": "/media/3f.png", "name": "프로필 2"},
        ]})
    );
    let change = json!({"persona_parameters": {"name": null, "mood": {"b": 2}, "age": 24}});
    let changed = client
        .patch("/api/personas/1")
        .json(&change)
        .await
        .is(200)
        .json();
    assert_eq!(changed, made);
    let shown = client.get("/api/v1/personas/1").await.is(200).json();
    assert_eq!(
        shown["persona_parameters"],
        json!({"mood": {"b": 2}, "age": 24})
    );
    assert_eq!(shown["persona_img"], "https://cdn.example/1.png");
    assert_eq!(shown["name"], "프로필 1");
    let gone = client.delete("/api/personas/1").await.is(200).json();
    assert_eq!(gone, json!({"ok": true}));
    for path in ["/api/personas/1", "/api/v1/personas/1"] {
        client.delete(path).await.refused(404, "persona_not_found");
    }
}

async fn numbers_are_used_again_and_the_plain_resource_tells_all(app: Arc<App>) {
    let client = app.person().await.client;
    let body = json!({"persona_img": "/media/3f.png", "persona_parameters": {}});
    let mut ids = Vec::new();
    for number in 1..=4 {
        let made = client.post("/api/v1/personas").json(&body).await.is(201);
        let id = text(&made.json()["persona_id"]).to_owned();
        assert_eq!(made.header("location"), format!("/api/v1/personas/{id}"));
        assert_eq!(made.json()["persona_num"], number);
        ids.push(id);
    }
    let fifth = client.put("/api/personas/setting").json(&body).await;
    fifth.refused(400, "persona_limit_reached");
    client
        .delete(&format!("/api/v1/personas/{}", ids[1]))
        .await
        .is(204);
    let again = client.post("/api/v1/personas").json(&body).await.is(201);
    let again = again.json();
    assert_eq!(again["persona_num"], 2);
    assert_ne!(again["persona_id"], ids[1]);
    let path = format!("/api/v1/personas/{}", text(&again["persona_id"]));
    let shown = client.get(&path).await.is(200).json();
    assert_eq!(shown, again);
    for (member, value) in [
        ("persona_parameters", json!({})),
        ("ig_status", json!("none")),
        ("ig_user_id", json!(null)),
        ("ig_linked_at", json!(null)),
    ] {
        assert_eq!(shown[member], value, "{member}");
    }
    let list = client.get("/api/v1/personas").await.is(200).json();
    assert_eq!(list["next_cursor"], json!(null));
    let numbers = list["items"].as_array().expect("items").iter();
    let numbers: Vec<_> = numbers.map(|item| item["persona_num"].clone()).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

async fn of_twenty_made_at_once_four_stay(app: Arc<App>) {
    let person = Arc::new(app.person().await);
    let tries = (0..20).map(|_| {
        let person = person.clone();
        tokio::spawn(async move {
            let body = json!({"persona_img": "/media/3f.png", "persona_parameters": {}});
            person.client.put("/api/personas/setting").json(&body).await
        })
    });
    let (mut numbers, mut refused) = (Vec::new(), 0);
    for made in tries.collect::<Vec<_>>() {
        let made = made.await.expect("an answer");
        if made.status == StatusCode::CREATED {
            numbers.push(made.json()["persona_num"].as_i64().expect("a number"));
        } else {
            made.refused(400, "persona_limit_reached");
            refused += 1;
        }
    }
    numbers.sort_unstable();
    assert_eq!((numbers, refused), (vec![1, 2, 3, 4], 16));
}

async fn another_persons_personas_look_absent(app: Arc<App>) {
    let owner = app.person().await;
    let other = Person::new(&owner.client).await;
    let made = persona(&owner).await;
    let id = text(&made["persona_id"]);
    for path in [
        format!("/api/v1/personas/{id}"),
        "/api/v1/personas/1".to_owned(),
    ] {
        other
            .client
            .get(&path)
            .await
            .refused(404, "persona_not_found");
        other
            .client
            .delete(&path)
            .await
            .refused(404, "persona_not_found");
        let change = other
            .client
            .patch(&path)
            .json(&json!({"persona_parameters": {}}));
        change.await.refused(404, "persona_not_found");
    }
    for path in ["accounts", "mapping", "start"] {
        let path = format!("/oauth/instagram/{path}?persona_id={id}");
        let refused = other.client.get(&path).await;
        let document = refused.refused(404, "persona_not_found");
        assert_eq!(document["detail"], "persona_not_found");
    }
    owner
        .client
        .get(&format!("/api/v1/personas/{id}"))
        .await
        .is(200);
}

async fn what_is_not_valid_is_named_and_changes_nothing(app: Arc<App>) {
    let person = app.person().await;
    let client = &person.client;
    let create = async |body| client.put("/api/personas/setting").json(&body).await;
    create(json!({})).await.invalid(&[
        ("/persona_img", "required"),
        ("/persona_parameters", "required"),
    ]);
    let wrong = json!({"persona_img": "javascript:alert(1)", "persona_parameters": []});
    create(wrong).await.invalid(&[
        ("/persona_img", "url"),
        ("/persona_parameters", "wrong_type"),
    ]);
    let svg = json!({"persona_img": "data:image/svg+xml;base64,AAAA", "persona_parameters": {}});
    create(svg).await.invalid(&[("/persona_img", "data_uri")]);
    let data = format!("data:image/png;base64,{}", "A".repeat(60_000));
    let long = json!({"persona_img": data, "persona_parameters": {"a": "a".repeat(20_000)}});
    create(long)
        .await
        .invalid(&[("/persona_img", "length"), ("/persona_parameters", "bytes")]);
    let list = client.get("/api/personas/me").await.is(200).json();
    assert_eq!(list["items"], json!([]));
    persona(&person).await;
    let half = json!({"persona_parameters": {"a": "a".repeat(10_000)}});
    client.patch("/api/personas/1").json(&half).await.is(200);
    let half = json!({"persona_parameters": {"b": "b".repeat(10_000)}});
    let change = client.patch("/api/personas/1").json(&half).await;
    change.invalid(&[("/persona_parameters", "bytes")]);
    let null = json!({"persona_img": null});
    let change = client.patch("/api/personas/1").json(&null).await;
    change.invalid(&[("/persona_img", "wrong_type")]);
    for path in [
        "/api/personas/0",
        "/api/personas/nobody",
        "/api/v1/personas/5",
    ] {
        let change = client.patch(path).json(&json!({"persona_parameters": {}}));
        change.await.refused(404, "persona_not_found");
    }
}

async fn personas_go_with_the_account(app: Arc<App>) {
    let person = app.person().await;
    persona(&person).await;
    let body = json!({"password": PASSWORD});
    person
        .client
        .delete("/api/v1/users/me")
        .json(&body)
        .await
        .is(204);
    assert_eq!(app.count("SELECT COUNT(*) FROM personas").await, 0);
}
