//! Hearts, feeds, collections and what is similar.

use actix_web::test::TestRequest;
use domain::outfit::LabelName;
use serde_json::{Value, json};
use service::outfit::{
    Collection, FeedItem, FeedPage, FeedStart, MockFeedService, MockHeartService, OutfitError,
    Reason, SimilarPage,
};

use super::{outfit, put, with_feed, with_hearts, written};
use crate::world::{Asking, OWNER, ask, delete, get, post, services};

#[actix_web::test]
async fn a_heart_is_given_and_taken_back_on_both_kinds_of_routes() {
    for (request, wanted, flat) in [
        (post("/heart").json(json!({"outfit_id": "5"})), true, true),
        // A number is taken too.
        (
            post("/heart").json(json!({"outfit_id": 5, "x": 1})),
            true,
            true,
        ),
        (put("/heart").json(json!({"outfit_id": "5"})), false, true),
        (put("/api/v1/outfits/5/heart"), true, false),
        (delete("/api/v1/outfits/5/heart"), false, false),
    ] {
        let mut hearts = MockHeartService::new();
        hearts
            .expect_set()
            .withf(move |person, outfit, wants| {
                (person.get(), outfit.get(), *wants) == (OWNER, 5, wanted)
            })
            .times(1)
            .returning(|_, _, _| Ok(()));
        let answer = ask(with_hearts(hearts), request.signed_in()).await;
        if flat {
            assert_eq!((answer.status, answer.json()), (200, json!({"ok": true})));
        } else {
            answer.assert_empty(204);
        }
    }
}

#[actix_web::test]
async fn what_is_wrong_with_a_flat_body_is_named() {
    let requests: [fn() -> TestRequest; 3] =
        [|| post("/heart"), || put("/heart"), || post("/shared")];
    for request in requests {
        let answer = ask(services(), request().signed_in().json("{}")).await;
        answer.assert_invalid(&[("/outfit_id", "required")]);
        for (id, code) in [
            (json!("x"), "invalid_value"),
            (json!(-1), "invalid_value"),
            (json!("9223372036854775808"), "invalid_value"),
            (json!(1.5), "wrong_type"),
            (json!([]), "wrong_type"),
        ] {
            let body = json!({"outfit_id": id});
            let answer = ask(services(), request().signed_in().json(body)).await;
            answer.assert_invalid(&[("/outfit_id", code)]);
        }
    }
    let answer = ask(services(), post("/similar").signed_in().json("{}")).await;
    answer.assert_invalid(&[
        ("/base_outfit_id", "required"),
        ("/clicked_outfit_id", "required"),
    ]);
    let answer = ask(services(), post("/heart").signed_in().json("{]")).await;
    answer.assert_problem(400, "unreadable_body");
}

#[actix_web::test]
async fn a_collection_is_written_as_the_contract_has_it() {
    let mut hearts = MockHeartService::new();
    hearts
        .expect_collection()
        .withf(|person, offset, count| (person.get(), *offset, *count) == (OWNER, 20, 2))
        .times(1)
        .returning(|_, _, _| {
            Ok(Collection {
                outfits: vec![outfit(8), outfit(7)],
                is_last: false,
            })
        });
    let request = get("/heart?pagesize=2&offset=20").signed_in();
    let answer = ask(with_hearts(hearts), request).await;
    assert_eq!(answer.status, 200);
    let expected = json!({
        "outfits": [written(8, true), written(7, true)],
        "pagesize": 2, "offset": 20, "is_last": false,
    });
    assert_eq!(answer.json(), expected);
}

#[actix_web::test]
async fn pages_have_ten_outfits_from_the_first_on_unless_told_otherwise() {
    let mut hearts = MockHeartService::new();
    let empty = || Collection {
        outfits: vec![],
        is_last: true,
    };
    hearts
        .expect_collection()
        .withf(|_, offset, count| (*offset, *count) == (0, 10))
        .times(1)
        .returning(move |_, _, _| Ok(empty()));
    let answer = ask(with_hearts(hearts), get("/heart").signed_in()).await;
    let expected = json!({"outfits": [], "pagesize": 10, "offset": 0, "is_last": true});
    assert_eq!(answer.json(), expected);
}

#[actix_web::test]
async fn pages_out_of_range_are_refused() {
    for path in ["/heart?", "/images?", "/image?outfit_id=5&"] {
        for (query, wrong) in [
            ("pagesize=0", [("/pagesize", "range")]),
            ("pagesize=101", [("/pagesize", "range")]),
            ("pagesize=x", [("/pagesize", "wrong_type")]),
            ("offset=-1", [("/offset", "wrong_type")]),
            ("offset=x", [("/offset", "wrong_type")]),
        ] {
            let request = get(&format!("{path}{query}")).signed_in();
            ask(services(), request).await.assert_invalid(&wrong);
        }
        let request = get(&format!("{path}pagesize=0&offset=x")).signed_in();
        let answer = ask(services(), request).await;
        answer.assert_invalid(&[("/offset", "wrong_type"), ("/pagesize", "range")]);
    }
    let answer = ask(services(), get("/image").signed_in()).await;
    answer.assert_invalid(&[("/outfit_id", "required")]);
    for path in [
        "/api/v1/outfits/feed",
        "/api/v1/outfits/hearted",
        "/api/v1/outfits",
    ] {
        let request = get(&format!("{path}?limit=0")).signed_in();
        let answer = ask(services(), request).await;
        answer.assert_invalid(&[("/limit", "range")]);
    }
    let request = get("/api/v1/outfits/hearted?cursor=x").signed_in();
    let answer = ask(services(), request).await;
    answer.assert_problem(422, "invalid_cursor");
}

fn feed_page(is_last: bool) -> FeedPage {
    let reasons = [
        Reason::SimilarTo(6.into()),
        Reason::Tag(LabelName::parse("오버핏").expect("a label")),
        Reason::Popular,
        Reason::Explore,
    ];
    let item = |(number, reason)| FeedItem {
        outfit: outfit(7),
        is_liked: number == 0,
        reason,
        position: 20 + number,
    };
    FeedPage {
        feed: 99.into(),
        items: reasons.into_iter().enumerate().map(item).collect(),
        is_last,
        next_cursor: (!is_last).then(|| "next".into()),
    }
}

#[actix_web::test]
async fn a_feed_is_written_as_the_contract_has_it() {
    let mut feed = MockFeedService::new();
    feed.expect_page()
        .withf(|person, start, count, filter| {
            (person.get(), *count) == (OWNER, 4)
                && *start == FeedStart::Offset(20)
                && *filter == service::outfit::FeedFilter::default()
        })
        .times(1)
        .returning(|_, _, _, _| Ok(feed_page(true)));
    let request = get("/images?pagesize=4&offset=20").signed_in();
    let answer = ask(with_feed(feed), request).await;
    let mut outfits = vec![written(7, true)];
    outfits.resize(4, written(7, false));
    let expected = json!({"outfits": outfits, "pagesize": 4, "offset": 20, "is_last": true});
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn a_page_of_the_plain_feed_says_why_each_outfit_is_there() {
    let mut feed = MockFeedService::new();
    feed.expect_page()
        .withf(|_, start, count, filter| {
            let name = |name: &Option<LabelName>| name.as_ref().map(|n| n.as_str().to_owned());
            *start == FeedStart::Cursor("here".into())
                && *count == 4
                && filter.gender.map(domain::outfit::Gender::as_str) == Some("M")
                && name(&filter.season).as_deref() == Some("가을")
                && name(&filter.style).as_deref() == Some("미니멀")
        })
        .times(1)
        .returning(|_, _, _, _| Ok(feed_page(false)));
    let request = get("/api/v1/outfits/feed")
        .uri("/api/v1/outfits/feed?cursor=here&limit=4&gender=M&season=%EA%B0%80%EC%9D%84&style=%EB%AF%B8%EB%8B%88%EB%A9%80")
        .signed_in();
    let answer = ask(with_feed(feed), request).await;
    let page = answer.json();
    assert_eq!(
        (&page["feed_id"], &page["next_cursor"]),
        (&json!("99"), &json!("next"))
    );
    let reasons: Vec<&Value> = page["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| &item["reason"])
        .collect();
    let expected = [
        json!({"kind": "similar_to", "outfit_id": "6"}),
        json!({"kind": "tag", "tag": "오버핏"}),
        json!({"kind": "popular"}),
        json!({"kind": "explore"}),
    ];
    assert_eq!(reasons, expected.iter().collect::<Vec<_>>());
    assert_eq!(page["items"][3]["position"], 23);
    assert_eq!(page["items"][0]["outfit_id"], "7");
    for query in [
        "gender=X",
        "season=",
        "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        let request = get(&format!("/api/v1/outfits/feed?{query}")).signed_in();
        assert_eq!(ask(services(), request).await.status, 422, "{query}");
    }
}

#[actix_web::test]
async fn an_outfit_comes_with_what_is_similar() {
    let mut feed = MockFeedService::new();
    feed.expect_similar()
        .withf(|person, outfit, offset, count| {
            (person.get(), outfit.get(), *offset, *count) == (OWNER, 7, 2, 3)
        })
        .times(1)
        .returning(|_, _, _, _| {
            Ok(SimilarPage {
                outfit: outfit(7),
                is_liked: true,
                similar: vec![outfit(8)],
                is_last: true,
            })
        });
    let request = get("/image?outfit_id=7&offset=2&pagesize=3").signed_in();
    let answer = ask(with_feed(feed), request).await;
    let expected = json!({
        "outfit": written(7, true),
        "similar_outfits": [{"outfit_id": "8", "img_url": "/media/7.jpg"}],
        "pagesize": 3, "offset": 2, "is_last": true,
    });
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn what_the_service_refuses_has_its_problem() {
    for (error, status, code) in [
        (OutfitError::NotFound, 404, "outfit_not_found"),
        (OutfitError::InvalidCursor, 422, "invalid_cursor"),
        (OutfitError::Overloaded, 503, "overloaded"),
        (OutfitError::LabelNotFound, 404, "label_not_found"),
        (OutfitError::Stale, 412, "precondition_failed"),
        (
            OutfitError::Repository(domain::RepositoryError::storage("a secret")),
            500,
            "internal",
        ),
    ] {
        let mut feed = MockFeedService::new();
        let mut error = Some(error);
        feed.expect_page()
            .returning(move |_, _, _, _| Err(error.take().expect("asked once")));
        let answer = ask(with_feed(feed), get("/images").signed_in()).await;
        answer.assert_problem(status, code);
        assert!(!String::from_utf8_lossy(&answer.body).contains("a secret"));
    }
}
