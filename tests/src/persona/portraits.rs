//! Portraits drawn here.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, size, url};
use crate::app::App;
use crate::client::{Client, text};
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    the_same_words_give_the_same_portrait_and_nobody_has_to_sign_in,
    a_members_portrait_is_among_their_pictures,
    whatever_is_typed_only_pixels_are_kept,
    what_is_not_said_rightly_is_named,
    portraits_are_counted_for_members_and_for_addresses,
}

async fn portrait(client: &Client, body: &Value) -> Value {
    client.post("/api/images").json(body).await.is(200).json()
}

/// The drawing in an answer.
fn drawing(portrait: &Value) -> String {
    let image = text(&portrait["image"]);
    let encoded = image.strip_prefix("data:image/svg+xml;base64,");
    let file = STANDARD.decode(encoded.expect("an SVG")).expect("base64");
    String::from_utf8(file).expect("a text")
}

async fn the_same_words_give_the_same_portrait_and_nobody_has_to_sign_in(app: Arc<App>) {
    let client = app.start().await;
    let body = json!({"name": "유나", "gender": "여성", "options": ["안경"]});
    let first = portrait(&client, &body).await;
    assert_eq!(first["ok"], true);
    assert_eq!(first["fallback"], true);
    assert_eq!(portrait(&client, &body).await, first);
    let other = json!({"name": "하준", "gender": "남성", "options": [], "age": 27,
        "faceShape": "둥근", "skinTone": "밝은", "hair": "짧은 갈색", "eyes": "큰", "nose": "작은",
        "lips": "도톰한", "bodyType": "마른", "glasses": true, "personalities": ["유쾌한"]});
    let other = portrait(&client, &other).await;
    assert_ne!(url(&other), url(&first));
    for portrait in [first, other] {
        assert!(drawing(&portrait).starts_with("<svg"));
        let shown = client.get(url(&portrait)).await.is(200);
        assert_eq!(shown.header("content-type"), "image/png");
        assert_eq!(size(&shown), (512, 512));
    }
}

async fn a_members_portrait_is_among_their_pictures(app: Arc<App>) {
    let me = app.person().await;
    let body = json!({"name": "유나", "gender": "여성", "options": []});
    let portrait = portrait(&me.client, &body).await;
    let mine = me.client.get(PATH).await.is(200).json();
    assert_eq!(mine["items"][0]["url"], portrait["url"]);
    let other = Person::new(&me.client).await;
    let theirs = other.client.get(PATH).await.is(200).json();
    assert_eq!(theirs["items"], json!([]));
}

async fn whatever_is_typed_only_pixels_are_kept(app: Arc<App>) {
    let client = app.start().await;
    let nasty = "</title><script>alert(1)</script>";
    let body = json!({"name": nasty, "gender": nasty, "feature": nasty, "options": [nasty]});
    let portrait = portrait(&client, &body).await;
    let drawing = drawing(&portrait);
    assert!(!drawing.contains("<script"), "{drawing}");
    assert!(drawing.contains("&lt;script&gt;"));
    let shown = client.get(url(&portrait)).await.is(200);
    assert_eq!(shown.header("content-type"), "image/png");
}

async fn what_is_not_said_rightly_is_named(app: Arc<App>) {
    let client = app.start().await;
    let ask = |body: Value| client.post("/api/images").json(&body);
    ask(json!({}))
        .await
        .invalid(&[("/gender", "required"), ("/name", "required")]);
    ask(json!({"name": " ", "gender": "여성", "faceShape": "x".repeat(201), "options": "안경"}))
        .await
        .invalid(&[("/options", "wrong_type")]);
    ask(
        json!({"name": " ", "gender": "여성", "faceShape": "x".repeat(201),
        "options": vec!["x"; 21], "personalities": ["", "y".repeat(201)]}),
    )
    .await
    .invalid(&[
        ("/faceShape", "length"),
        ("/name", "length"),
        ("/options", "length"),
        ("/personalities/1", "length"),
    ]);
}

async fn portraits_are_counted_for_members_and_for_addresses(app: Arc<App>) {
    let client = app
        .start_with(&[
            ("ENSEMBLE__LIMITS__ENABLED", "true"),
            ("ENSEMBLE__LIMITS__PORTRAITS_PER_MEMBER", "2"),
            ("ENSEMBLE__LIMITS__PORTRAITS_PER_ADDRESS", "1"),
            ("ENSEMBLE__LIMITS__PORTRAIT_REFILL_SECONDS", "3600"),
        ])
        .await;
    let me = Person::new(&client).await;
    let body = json!({"name": "유나", "gender": "여성", "options": []});
    let ask = |client: &Client| client.post("/api/images").json(&body);
    ask(&client).await.is(200);
    ask(&client).await.refused(429, "too_many_requests");
    ask(&me.client).await.is(200);
    ask(&me.client).await.is(200);
    ask(&me.client).await.refused(429, "too_many_requests");
}
