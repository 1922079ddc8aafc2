//! Walking through a list page by page.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::PATH;
use crate::app::App;
use crate::client::text;
use crate::person::{Person, members};

on_every_engine! {
    crate::app::run;
    a_page_has_ten_products_unless_told_otherwise,
    a_walk_sees_everything_once_while_others_add,
    a_cursor_that_is_not_ours_is_refused,
}

async fn fill(person: &Person, count: usize) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for number in 0..count {
        let body = json!({
            "name": format!("슈크림 {}", number % 7), "category": "음료", "size": "small",
            "price": number % 5, "cost": 0,
            "expiration_date": (number % 3 > 0).then(|| format!("2026-12-{:02}", number % 9 + 1)),
        });
        let made = person.create(&body).await;
        ids.insert(text(&made["product_id"]).to_owned());
    }
    ids
}

async fn a_page_has_ten_products_unless_told_otherwise(app: Arc<App>) {
    let person = app.person().await;
    fill(&person, 12).await;
    let page = person.list([]).await;
    assert_eq!(members(&page, "product_id").len(), 10);
    let rest = person.list([("cursor", text(&page["next_cursor"]))]).await;
    assert_eq!(members(&rest, "product_id").len(), 2);
    assert_eq!(rest["next_cursor"], Value::Null);
    for (limit, items, ends) in [
        ("1", 1, false),
        ("12", 12, true),
        ("11", 11, false),
        ("100", 12, true),
    ] {
        let page = person.list([("limit", limit)]).await;
        assert_eq!(members(&page, "product_id").len(), items);
        assert_eq!(page["next_cursor"].is_null(), ends, "{limit}");
    }
}

async fn a_walk_sees_everything_once_while_others_add(app: Arc<App>) {
    let person = app.person().await;
    let mut there = fill(&person, 25).await;
    let walks: [&[(&str, &str)]; 6] = [
        &[],
        &[("sort", "name")],
        &[("sort", "price")],
        &[("sort", "expiry")],
        &[("q", "ㅅㅋㄹ")],
        &[("q", "슈크"), ("sort", "price"), ("category", "음료")],
    ];
    for filter in walks {
        let mut seen = Vec::new();
        let mut added = BTreeSet::new();
        let mut cursor: Option<String> = None;
        loop {
            let on = cursor.iter().map(|cursor| ("cursor", cursor.as_str()));
            let query = filter.iter().copied().chain([("limit", "4")]).chain(on);
            let page = person.list(query).await;
            seen.extend(members(&page, "product_id"));
            added.extend(fill(&person, 1).await);
            match &page["next_cursor"] {
                Value::Null => break,
                next => cursor = Some(text(next).to_owned()),
            }
        }
        let once: BTreeSet<String> = seen.iter().cloned().collect();
        assert_eq!(once.len(), seen.len(), "{filter:?}: no product comes twice");
        assert!(there.is_subset(&once), "{filter:?}: none is left out");
        if filter.is_empty() {
            assert_eq!(once, there, "the newest come before where we are");
        }
        there.extend(added);
    }
}

async fn a_cursor_that_is_not_ours_is_refused(app: Arc<App>) {
    let person = app.person().await;
    fill(&person, 3).await;
    let page = person.list([("limit", "1"), ("q", "슈")]).await;
    let cursor = text(&page["next_cursor"]);
    let get = async |query: &[(&str, &str)]| {
        let request = person.client.get(PATH).query(query.iter().copied());
        request.await
    };
    get(&[("cursor", cursor), ("q", "슈")]).await.is(200);
    // It belongs to that list and to no other.
    for other in [
        ("q", "크"),
        ("sort", "name"),
        ("category", "음료"),
        ("deleted", "true"),
    ] {
        let answer = get(&[("cursor", cursor), other]).await;
        answer.refused(422, "invalid_cursor");
    }
    let changed = format!("B{}", &cursor[1..]);
    for foreign in [
        "",
        "x",
        "1",
        "eyJpZCI6MX0",
        "%%%",
        &changed,
        &cursor[..cursor.len() - 1],
    ] {
        let answer = get(&[("cursor", foreign), ("q", "슈")]).await;
        answer.refused(422, "invalid_cursor");
    }
    let long = "A".repeat(1_025);
    get(&[("cursor", &long)])
        .await
        .invalid(&[("/cursor", "length")]);
}
