//! What people did, and what they want to see no more of.

use serde_json::{Value, json};
use service::outfit::{Deed, MockActivityService, Report, Unwanted};

use super::with_activity;
use crate::world::{Asking, OWNER, ask, delete, get, post, services};

#[actix_web::test]
async fn shares_and_similar_clicks_are_reported() {
    for (request, expected) in [
        (post("/shared").json(json!({"outfit_id": 5})), Deed::Share),
        (
            post("/similar").json(json!({"base_outfit_id": "6", "clicked_outfit_id": 5})),
            Deed::SimilarClick(6.into()),
        ),
    ] {
        let mut activity = MockActivityService::new();
        let report = Report {
            outfit: 5.into(),
            deed: expected,
            place: None,
        };
        activity
            .expect_report()
            .withf(move |person, reports| person.get() == OWNER && reports == [report])
            .times(1)
            .returning(|_, _| Ok(()));
        let answer = ask(with_activity(activity), request.signed_in()).await;
        assert_eq!((answer.status, answer.json()), (200, json!({"ok": true})));
    }
}

#[actix_web::test]
async fn events_are_read_with_their_place() {
    let mut activity = MockActivityService::new();
    let report = |outfit: i64, deed, place: Option<(i64, u32)>| Report {
        outfit: outfit.into(),
        deed,
        place: place.map(|(feed, position)| (feed.into(), position)),
    };
    let expected = [
        report(5, Deed::Seen, Some((99, 3))),
        report(6, Deed::Click, None),
        report(7, Deed::Share, None),
        report(8, Deed::SimilarClick(5.into()), None),
    ];
    activity
        .expect_report()
        .withf(move |_, reports| reports == expected)
        .times(1)
        .returning(|_, _| Ok(()));
    let body = json!({"events": [
        {"outfit_id": "5", "type": "view", "feed_id": "99", "position": 3},
        {"outfit_id": 6, "type": "click"},
        {"outfit_id": "7", "type": "share", "position": 3},
        {"outfit_id": "8", "type": "similar_click", "base_outfit_id": "5"},
    ]});
    let request = post("/api/v1/outfits/events").json(body).signed_in();
    ask(with_activity(activity), request)
        .await
        .assert_empty(204);
}

#[actix_web::test]
async fn what_is_wrong_with_events_is_named_each() {
    let answer = ask(
        services(),
        post("/api/v1/outfits/5/events")
            .json(json!({"type": "stare"}))
            .signed_in(),
    )
    .await;
    answer.assert_invalid(&[("/type", "invalid_value")]);
    let many = |events: Value| {
        let body = json!({"events": events});
        ask(
            services(),
            post("/api/v1/outfits/events").json(body).signed_in(),
        )
    };
    many(Value::Null)
        .await
        .assert_invalid(&[("/events", "required")]);
    many(json!([]))
        .await
        .assert_invalid(&[("/events", "length")]);
    let too_many = vec![json!({"outfit_id": "5", "type": "view"}); 501];
    let mut services = services();
    services.body_bytes = 65_536;
    let request = post("/api/v1/outfits/events").json(json!({"events": too_many}));
    let answer = ask(services, request.signed_in()).await;
    answer.assert_invalid(&[("/events", "length")]);
    let answer = many(json!([
        {"outfit_id": "5", "type": "view"},
        {"type": "view"},
        {"outfit_id": "x"},
        {"outfit_id": "5", "type": "similar_click"},
    ]));
    answer.await.assert_invalid(&[
        ("/events/1/outfit_id", "required"),
        ("/events/2/outfit_id", "invalid_value"),
        ("/events/2/type", "required"),
        ("/events/3/base_outfit_id", "required"),
    ]);
}

#[actix_web::test]
async fn a_dislike_is_of_exactly_one_thing() {
    for (body, expected) in [
        (json!({"outfit_id": "5"}), Unwanted::Outfit(5.into())),
        (json!({"tag": "오버핏"}), Unwanted::Tag("오버핏".into())),
        (
            json!({"brand": "Cargo Lab"}),
            Unwanted::Brand("Cargo Lab".into()),
        ),
    ] {
        for unwanted in [true, false] {
            let mut activity = MockActivityService::new();
            let expected = expected.clone();
            activity
                .expect_dislike()
                .withf(move |_, what, is| (what, *is) == (&expected, unwanted))
                .times(1)
                .returning(|_, _, _| Ok(()));
            let path = "/api/v1/outfits/dislikes";
            let request = if unwanted { post(path) } else { delete(path) };
            let request = request.json(body.clone()).signed_in();
            ask(with_activity(activity), request)
                .await
                .assert_empty(204);
        }
    }
    for body in [
        json!({}),
        json!({"outfit_id": "5", "tag": "x"}),
        json!({"tag": "x", "brand": "y"}),
    ] {
        let request = post("/api/v1/outfits/dislikes").json(body).signed_in();
        let answer = ask(services(), request).await;
        answer.assert_invalid(&[("/outfit_id", "exactly_one")]);
    }
}

#[actix_web::test]
async fn dislikes_are_listed() {
    let mut activity = MockActivityService::new();
    activity.expect_dislikes().times(1).returning(|_| {
        Ok(vec![
            Unwanted::Brand("Cargo Lab".into()),
            Unwanted::Outfit(5.into()),
            Unwanted::Tag("오버핏".into()),
        ])
    });
    let request = get("/api/v1/outfits/dislikes").signed_in();
    let answer = ask(with_activity(activity), request).await;
    let items = json!([{"brand": "Cargo Lab"}, {"outfit_id": "5"}, {"tag": "오버핏"}]);
    assert_eq!(answer.json(), json!({"items": items, "next_cursor": null}));
}
