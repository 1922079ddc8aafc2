//! Walking through a feed.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, Who, editor, fill, gallery, hide, ids};
use crate::app::App;
use crate::person::members;

on_every_engine! {
    crate::app::run;
    a_walk_of_fifty_pages_shows_every_outfit_once,
    a_page_has_ten_outfits_unless_told_otherwise,
    pages_out_of_range_are_refused,
    a_feed_of_nothing_is_an_empty_page,
    what_is_hidden_leaves_the_walk_at_once,
    a_walk_by_cursor_goes_on_with_its_own_feed,
    a_filtered_feed_has_only_what_passes,
    an_outfit_is_viewed_once_in_a_feed,
}

fn all(number: usize) -> BTreeSet<String> {
    (1..=number).map(|id| id.to_string()).collect()
}

async fn a_walk_of_fifty_pages_shows_every_outfit_once(app: Arc<App>) {
    let client = gallery(&app, 250).await;
    let who = Who::guest(&client).await;
    let (mut seen, mut hearted) = (Vec::new(), Vec::new());
    for number in 0..50 {
        let offset = 5 * number;
        let page = who.page("/images", 5, offset).await;
        let here = ids(&page);
        assert_eq!((here.len(), &page["is_last"]), (5, &json!(number == 49)));
        who.heart(&here[number % 5]).await;
        hearted.push(here[number % 5].clone());
        if number % 3 == 2 {
            who.unheart(hearted.remove(0)).await;
        }
        seen.extend(here);
        if number > 0 {
            let back = offset / 2 / 5 * 5 + 5;
            let again = who.feed(5, back).await;
            assert_eq!(again, seen[back..back + 5], "asked again");
        }
    }
    assert_eq!(seen.iter().cloned().collect::<BTreeSet<_>>(), all(250));
    for offset in [250, 255, 100_000] {
        let page = who.page("/images", 5, offset).await;
        assert_eq!(
            (&page["outfits"], &page["is_last"]),
            (&json!([]), &json!(true))
        );
    }
    assert_eq!(who.feed(5, 245).await, seen[245..], "also after the end");
    hearted.reverse();
    assert_eq!(who.collection().await, hearted);
}

async fn a_page_has_ten_outfits_unless_told_otherwise(app: Arc<App>) {
    let client = gallery(&app, 12).await;
    let who = Who::guest(&client).await;
    let page = who.get("/images").await.is(200).json();
    let counts = json!([page["pagesize"], page["offset"], page["is_last"]]);
    assert_eq!((ids(&page).len(), counts), (10, json!([10, 0, false])));
    let members: BTreeSet<&str> = page["outfits"][0]
        .as_object()
        .into_iter()
        .flat_map(|outfit| outfit.keys().map(String::as_str))
        .collect();
    let expected = [
        "age",
        "brands",
        "date",
        "gender",
        "img_url",
        "is_liked",
        "occupation",
        "origin_url",
        "outfit_id",
        "region",
        "reporter",
        "season",
        "style",
        "tags",
    ];
    assert_eq!(members, BTreeSet::from(expected));
    assert_eq!(who.feed(100, 0).await.len(), 12);
    for offset in ["12", "9223372036854775807"] {
        let page = who.get("/images").query([("offset", offset)]).await;
        let page = page.is(200).json();
        assert_eq!(
            (&page["outfits"], &page["is_last"]),
            (&json!([]), &json!(true))
        );
    }
}

async fn pages_out_of_range_are_refused(app: Arc<App>) {
    let client = gallery(&app, 1).await;
    let who = Who::guest(&client).await;
    for path in ["/images", "/heart"] {
        for size in ["0", "101"] {
            let answer = who.get(path).query([("pagesize", size)]).await;
            answer.invalid(&[("/pagesize", "range")]);
        }
        let wrong = [("pagesize", "x"), ("offset", "-1")];
        let answer = who.get(path).query(wrong).await;
        answer.invalid(&[("/offset", "wrong_type"), ("/pagesize", "wrong_type")]);
    }
    let answer = who.get("/image").query([("pagesize", "0")]).await;
    answer.invalid(&[("/outfit_id", "required"), ("/pagesize", "range")]);
    let answer = who.get(&format!("{PATH}/feed?limit=101&gender=X")).await;
    answer.invalid(&[("/gender", "gender"), ("/limit", "range")]);
    for cursor in ["x", "AAAA", "%%%", "-"] {
        let request = who.get(&format!("{PATH}/feed"));
        let answer = request.query([("cursor", cursor)]).await;
        answer.refused(422, "invalid_cursor");
    }
}

async fn a_feed_of_nothing_is_an_empty_page(app: Arc<App>) {
    let client = app.start().await;
    let who = Who::guest(&client).await;
    let page = who.page("/images", 10, 0).await;
    let expected = json!({"outfits": [], "pagesize": 10, "offset": 0, "is_last": true});
    assert_eq!(page, expected);
    let page = who.get(&format!("{PATH}/feed")).await.is(200).json();
    assert_eq!(
        (&page["items"], &page["next_cursor"]),
        (&json!([]), &Value::Null)
    );
}

async fn what_is_hidden_leaves_the_walk_at_once(app: Arc<App>) {
    let client = app.start_with(&super::RANKED).await;
    let editor = editor(&app, &client).await;
    fill(&editor, 30, |_| json!({})).await;
    hide(&editor, 7, true).await;
    let who = Who::guest(&client).await;
    let mut seen = who.feed(10, 0).await;
    let unseen = all(30)
        .into_iter()
        .find(|id| *id != "7" && !seen.contains(id));
    let unseen = unseen.expect("two thirds are left");
    hide(&editor, &unseen, true).await;
    seen.extend(who.feed(10, 10).await);
    let page = who.page("/images", 10, 20).await;
    assert_eq!(page["is_last"], true);
    seen.extend(ids(&page));
    let mut expected = all(30);
    expected.remove("7");
    expected.remove(&unseen);
    assert_eq!(seen.len(), expected.len());
    assert_eq!(seen.iter().cloned().collect::<BTreeSet<_>>(), expected);
    // What was shown and is hidden now is left out of its page.
    hide(&editor, &seen[0], true).await;
    let page = who.page("/images", 10, 10).await;
    assert_eq!(ids(&page), seen[10..20]);
    let answer = who.get(&format!("/image?outfit_id={}", seen[0])).await;
    answer.refused(404, "outfit_not_found");
}

async fn a_walk_by_cursor_goes_on_with_its_own_feed(app: Arc<App>) {
    let client = gallery(&app, 25).await;
    let (who, other) = (Who::guest(&client).await, Who::guest(&client).await);
    let path = format!("{PATH}/feed");
    let first = who.get(&path).query([("limit", "9")]).await.is(200).json();
    let mut seen = members(&first, "outfit_id");
    let mut cursor = first["next_cursor"].as_str().map(str::to_owned);
    while let Some(here) = cursor {
        // Something hearted, another feed opened, and somebody else with the same cursor.
        who.heart(seen.last().expect("some")).await;
        who.feed(3, 0).await;
        let query = [("limit", "9"), ("cursor", &here)];
        let theirs = other.get(&path).query(query).await.is(200).json();
        assert_ne!(theirs["feed_id"], first["feed_id"]);
        let page = who.get(&path).query(query).await.is(200).json();
        assert_eq!(page["feed_id"], first["feed_id"]);
        assert_eq!(page["items"][0]["position"], seen.len());
        let again = who.get(&path).query(query).await.is(200).json();
        assert_eq!(members(&again, "outfit_id"), members(&page, "outfit_id"));
        seen.extend(members(&page, "outfit_id"));
        cursor = page["next_cursor"].as_str().map(str::to_owned);
    }
    assert_eq!(seen.len(), 25);
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), all(25));
}

async fn a_filtered_feed_has_only_what_passes(app: Arc<App>) {
    let client = app.start_with(&super::RANKED).await;
    let editor = editor(&app, &client).await;
    fill(&editor, 24, |id| {
        json!({
            "gender": if id % 2 == 0 { "F" } else { "M" },
            "season": if id % 3 == 0 { Some("가을") } else { None },
            "style": if id % 4 == 0 { "스트릿" } else { "미니멀" },
        })
    })
    .await;
    let who = Who::guest(&client).await;
    let ask = async |query: &[(&str, &str)]| {
        let request = who.get(&format!("{PATH}/feed"));
        let request = request.query(query.iter().copied().chain([("limit", "100")]));
        let page = request.await.is(200).json();
        assert_eq!(page["next_cursor"], Value::Null);
        let found = members(&page, "outfit_id");
        let mut found: Vec<usize> = found.iter().filter_map(|id| id.parse().ok()).collect();
        found.sort_unstable();
        found
    };
    let those = |passes: fn(&usize) -> bool| (1..=24).filter(passes).collect::<Vec<_>>();
    assert_eq!(ask(&[("gender", "F")]).await, those(|id| id % 2 == 0));
    assert_eq!(ask(&[("season", "가을")]).await, those(|id| id % 3 == 0));
    let both = [("gender", "M"), ("season", "가을")];
    assert_eq!(ask(&both).await, those(|id| id % 6 == 3));
    assert_eq!(ask(&[("style", "스트릿")]).await, those(|id| id % 4 == 0));
    assert_eq!(ask(&[("season", "여름")]).await, [0; 0]);
    assert_eq!(ask(&[]).await, those(|_| true));
}

async fn an_outfit_is_viewed_once_in_a_feed(app: Arc<App>) {
    let client = gallery(&app, 30).await;
    let who = Who::guest(&client).await;
    for (size, offset) in [(10, 0), (10, 0), (10, 10), (5, 12), (20, 10)] {
        who.feed(size, offset).await;
    }
    // Everything that was handed in is written before a server stops.
    app.stop().await;
    // Thirty views: ten at a time are one row, the first and 12 bytes for each further one.
    for (query, expected) in [
        ("SELECT COUNT(*) FROM outfit_events", 3),
        (
            "SELECT COUNT(*) FROM outfit_events WHERE LENGTH(more) = 108",
            3,
        ),
        ("SELECT COUNT(DISTINCT outfit_id) FROM outfit_events", 3),
        ("SELECT COUNT(DISTINCT position) FROM outfit_events", 3),
        ("SELECT COUNT(DISTINCT feed_id) FROM outfit_events", 1),
        ("SELECT COUNT(DISTINCT bucket) FROM outfit_events", 1),
        ("SELECT COUNT(*) FROM outfit_events WHERE action = 0", 3),
    ] {
        assert_eq!(app.count(query).await, expected, "{query}");
    }
}
