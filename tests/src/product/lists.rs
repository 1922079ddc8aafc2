//! Filters and orders.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use crate::app::App;
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    filters_narrow_a_list,
    a_list_has_four_orders,
    every_failing_parameter_is_named,
}

/// Name, category, price, day of expiry and size of what is on the shelf.
const SHELF: [(&str, &str, u64, Option<&str>, &str); 5] = [
    ("라떼", "음료", 4_500, Some("2026-12-24"), "small"),
    ("모카", "음료", 5_000, Some("2026-12-01"), "large"),
    ("가지 케이크", "빵", 5_000, None, "small"),
    ("Apple pie", "빵", 0, Some("2027-01-01"), "large"),
    ("물", "음료", 1_000, None, "small"),
];

async fn fill(person: &Person) {
    for (name, category, price, expiration_date, size) in SHELF {
        let body = json!({
            "name": name, "category": category, "price": price, "cost": 0,
            "expiration_date": expiration_date, "size": size,
        });
        person.create(&body).await;
    }
}

async fn filters_narrow_a_list(app: Arc<App>) {
    let person = app.person().await;
    fill(&person).await;
    for (query, expected) in [
        (&[("category", "빵")][..], &["Apple pie", "가지 케이크"][..]),
        (&[("category", "음")], &[]),
        (&[("size", "large")], &["Apple pie", "모카"]),
        (
            &[("price_min", "4500"), ("price_max", "5000")],
            &["가지 케이크", "모카", "라떼"],
        ),
        (&[("price_max", "0")], &["Apple pie"]),
        (&[("price_min", "5001")], &[]),
        (&[("expiring_before", "2026-12-24")], &["모카"]),
        (&[("expiring_before", "2026-12-25")], &["모카", "라떼"]),
        (
            &[
                ("category", "음료"),
                ("size", "small"),
                ("price_min", "2000"),
            ],
            &["라떼"],
        ),
        (&[("q", "ㄹㄸ"), ("category", "음료")], &["라떼"]),
        (&[("q", "ㄹㄸ"), ("category", "빵")], &[]),
        (
            &[("unknown", "x")],
            &["물", "Apple pie", "가지 케이크", "모카", "라떼"],
        ),
        (
            &[("q", ""), ("sort", "newest")],
            &["물", "Apple pie", "가지 케이크", "모카", "라떼"],
        ),
    ] {
        let names = person.names(query.iter().copied()).await;
        assert_eq!(names, expected, "{query:?}");
    }
}

async fn a_list_has_four_orders(app: Arc<App>) {
    let person = app.person().await;
    fill(&person).await;
    for (sort, expected) in [
        ("newest", ["물", "Apple pie", "가지 케이크", "모카", "라떼"]),
        ("name", ["Apple pie", "가지 케이크", "라떼", "모카", "물"]),
        ("price", ["Apple pie", "물", "라떼", "", ""]),
        ("expiry", ["모카", "라떼", "Apple pie", "", ""]),
    ] {
        let names = person.names([("sort", sort)]).await;
        assert_eq!(names.len(), SHELF.len());
        // Among equals only that the order stays the same is promised.
        let told = expected.iter().take_while(|name| !name.is_empty()).count();
        assert_eq!(names[..told], expected[..told], "{sort}");
        assert_eq!(person.names([("sort", sort)]).await, names);
    }
}

async fn every_failing_parameter_is_named(app: Arc<App>) {
    let person = app.person().await;
    let get = |query: Vec<(&'static str, String)>| {
        let pairs = query.iter().map(|(name, value)| (*name, value.as_str()));
        let request = person.client.get(super::PATH).query(pairs);
        request.into_future()
    };
    for limit in ["0", "101", "-1", "70000", "x", ""] {
        let answer = get(vec![("limit", limit.into())]).await;
        let document: Value = answer.refused(422, "invalid_request");
        assert_eq!(document["errors"][0]["pointer"], "/limit", "{limit}");
    }
    let wrong = [
        ("category", "x".repeat(65)),
        ("deleted", "maybe".into()),
        ("expiring_before", "2026-13-01".into()),
        ("limit", "0".into()),
        ("price_max", "-1".into()),
        ("price_min", "cheap".into()),
        ("q", "x".repeat(201)),
        ("size", "medium".into()),
        ("sort", "random".into()),
    ];
    get(wrong.to_vec()).await.invalid(&[
        ("/category", "length"),
        ("/deleted", "wrong_type"),
        ("/expiring_before", "invalid_value"),
        ("/limit", "range"),
        ("/price_max", "range"),
        ("/price_min", "wrong_type"),
        ("/q", "length"),
        ("/size", "size"),
        ("/sort", "invalid_value"),
    ]);
    let barcode = get(vec![("barcode", "8801234567890".into())]).await;
    barcode.invalid(&[("/barcode", "check_digit")]);
}
