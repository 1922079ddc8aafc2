//! The catalogue.

use std::sync::Arc;

use controller::Services;
use domain::outfit::LabelKind;
use domain::product::Version;
use domain::user::Role;
use serde_json::{Value, json};
use service::outfit::{MockHeartService, MockOutfitService, OutfitError, OutfitList};

use super::{editing, outfit, written};
use crate::world::{Asking, ask, get, patch, post, services};

#[actix_web::test]
async fn only_administrators_change_the_catalogue() {
    for request in [
        || post("/api/v1/outfits").json("{]"),
        || patch("/api/v1/outfits/x").json("{]"),
        || post("/api/v1/outfits/import?dry_run=perhaps"),
    ] {
        let answer = ask(services(), request()).await;
        answer.assert_problem(401, "unauthenticated");
        let answer = ask(services(), request().signed_in()).await;
        answer.assert_problem(403, "forbidden");
    }
    let hidden = get("/api/v1/outfits?hidden=true");
    let answer = ask(services(), hidden.signed_in()).await;
    answer.assert_problem(403, "forbidden");
}

#[actix_web::test]
async fn an_administrator_finds_what_is_hidden() {
    let mut outfits = MockOutfitService::new();
    outfits
        .expect_list()
        .withf(|query| query.hidden && query.limit == 10)
        .times(1)
        .returning(|_| {
            Ok(OutfitList {
                items: vec![outfit(7)],
                next_cursor: Some("7".into()),
            })
        });
    let mut hearts = MockHeartService::new();
    hearts
        .expect_liked()
        .returning(|_, asked| Ok(asked.iter().copied().collect()));
    let services = Services {
        hearts: Arc::new(hearts),
        ..editing(outfits, Role::Admin)
    };
    let request = get("/api/v1/outfits?hidden=true").signed_in();
    let answer = ask(services, request).await;
    let expected = json!({"items": [written(7, true)], "next_cursor": "7"});
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn what_is_wrong_with_a_new_outfit_is_named() {
    let ask_with = |body: Value| {
        let request = post("/api/v1/outfits").json(body).signed_in();
        ask(editing(MockOutfitService::new(), Role::Admin), request)
    };
    ask_with(json!({}))
        .await
        .assert_invalid(&[("/img_url", "required")]);
    let answer = ask_with(json!({
        "outfit_id": "0", "img_url": "javascript:alert(1)", "gender": "X", "age": 121,
        "tags": ["a", ""], "style": "x".repeat(65), "date": "yesterday",
    }));
    let answer = answer.await;
    assert_eq!(answer.status, 422);
    let body = answer.json();
    let errors = body["errors"].as_array().expect("errors");
    let mut named: Vec<&str> = errors
        .iter()
        .filter_map(|e| e["pointer"].as_str())
        .collect();
    named.sort_unstable();
    let expected = [
        "/age",
        "/date",
        "/gender",
        "/img_url",
        "/outfit_id",
        "/style",
        "/tags",
    ];
    assert_eq!(named, expected);
}

#[actix_web::test]
async fn a_new_outfit_says_where_it_is() {
    let mut outfits = MockOutfitService::new();
    outfits
        .expect_save()
        .withf(|drafts| {
            let (id, draft) = &drafts[0];
            drafts.len() == 1 && id.is_none() && draft.of(LabelKind::Tag).count() == 2
        })
        .times(1)
        .returning(|_| Ok(vec![outfit(7).as_ref().clone()]));
    let body = json!({"img_url": "/media/7.jpg", "tags": ["#카고팬츠", "오버핏", "카고팬츠"]});
    let request = post("/api/v1/outfits").json(body).signed_in();
    let mut hearts = MockHeartService::new();
    hearts
        .expect_liked()
        .returning(|_, asked| Ok(asked.iter().copied().collect()));
    let services = Services {
        hearts: Arc::new(hearts),
        ..editing(outfits, Role::Admin)
    };
    let answer = ask(services, request).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    assert_eq!(answer.json()["is_liked"], true);
    assert_eq!(answer.header("location"), Some("/api/v1/outfits/7"));
    assert_eq!(answer.header("etag"), Some("\"v4\""));
    let body = answer.json();
    assert_eq!(
        (&body["hearts"], &body["hidden"]),
        (&json!(3), &json!(false))
    );
}

#[actix_web::test]
async fn a_change_is_held_against_the_version_expected() {
    let mut outfits = MockOutfitService::new();
    outfits
        .expect_update()
        .withf(|id, expected, change| {
            (id.get(), *expected, change.hidden) == (7, Some(Version::from(3)), Some(true))
        })
        .times(1)
        .returning(|_, _, _| Err(OutfitError::Stale));
    let request = patch("/api/v1/outfits/7")
        .json(json!({"hidden": true}))
        .insert_header(("if-match", "\"v3\""))
        .signed_in();
    let answer = ask(editing(outfits, Role::Admin), request).await;
    answer.assert_problem(412, "precondition_failed");
    let request = patch("/api/v1/outfits/7").json(json!({"hidden": null, "img_url": null}));
    let services = editing(MockOutfitService::new(), Role::Admin);
    let answer = ask(services, request.signed_in()).await;
    assert_eq!(answer.status, 422);
}

#[actix_web::test]
async fn labels_are_suggested_as_they_are_typed() {
    let mut outfits = MockOutfitService::new();
    outfits
        .expect_suggest()
        .withf(|kinds, typed, limit| (kinds, typed, *limit) == (&[LabelKind::Brand], "ㅋㄱ", 5))
        .times(1)
        .returning(|_, _, _| outfit(7).labels[..1].to_vec());
    let request = get("/api/v1/labels?q=%E3%85%8B%E3%84%B1&kind=brand&limit=5");
    let answer = ask(editing(outfits, Role::User), request).await;
    let items = json!([{"label_id": "70", "kind": "tag", "name": "카고팬츠"}]);
    assert_eq!(answer.json(), json!({"items": items, "next_cursor": null}));
    let answer = ask(services(), get("/api/v1/labels?kind=x&limit=51")).await;
    answer.assert_invalid(&[
        ("/kind", "invalid_value"),
        ("/limit", "range"),
        ("/q", "required"),
    ]);
}
