//! Lists of products on the wire.

use chrono::NaiveDate;
use domain::product::{Barcode, Category, Size, Sort, Won};
use serde_json::json;
use service::product::{ListProducts, MockProductService, Page};

use crate::world::{Asking, OWNER, ask, get, product, services, with_products};

/// Lists with this query, and asserts what the service is given.
async fn assert_list(query: &str, expected: impl Fn(&ListProducts) -> bool + Send + 'static) {
    let mut products = MockProductService::new();
    products
        .expect_list()
        .withf(move |owner, list| owner.get() == OWNER && expected(list))
        .times(1)
        .returning(|_, _| {
            Ok(Page {
                items: vec![],
                next_cursor: None,
            })
        });
    let request = get(&format!("/api/v1/products{query}")).signed_in();
    assert_eq!(
        ask(with_products(products), request).await.status,
        200,
        "{query}"
    );
}

fn is_plain(list: &ListProducts) -> bool {
    list.limit == 10
        && list.sort == Sort::Newest
        && !list.deleted
        && (
            list.q.is_none(),
            list.category.is_none(),
            list.size.is_none(),
        ) == (true, true, true)
        && (list.price_min.is_none(), list.price_max.is_none()) == (true, true)
        && (list.expiring_before.is_none(), list.barcode.is_none()) == (true, true)
        && list.cursor.is_none()
}

#[actix_web::test]
async fn a_page_is_answered_with_the_way_to_the_next() {
    for cursor in [None, Some("on".to_owned())] {
        let mut products = MockProductService::new();
        let next_cursor = cursor.clone();
        products.expect_list().times(1).returning(move |_, _| {
            Ok(Page {
                items: vec![product(2), product(1)],
                next_cursor: next_cursor.clone(),
            })
        });
        let request = get("/api/v1/products").signed_in();
        let answer = ask(with_products(products), request).await;
        assert_eq!(answer.status, 200);
        let body = answer.json();
        assert_eq!(body["next_cursor"], json!(cursor));
        assert_eq!(body["items"][0]["product_id"], "2");
        assert_eq!(body["items"][1]["name"], "슈크림 라떼");
        assert_eq!(body.as_object().map(serde_json::Map::len), Some(2));
    }
}

#[actix_web::test]
async fn ten_of_the_newest_are_answered_where_nothing_is_said() {
    assert_list("", is_plain).await;
    assert_list("?q=&unknown=1", is_plain).await;
    assert_list("?q=%20", is_plain).await;
}

#[actix_web::test]
async fn every_parameter_is_read() {
    let query = "?q=%E3%85%85%E3%85%8B%E3%84%B9&category=%EB%B9%B5&size=large&price_min=1\
                 &price_max=2&expiring_before=2026-12-24&barcode=A-1&deleted=true&sort=price\
                 &cursor=on&limit=100";
    assert_list(query, |list| {
        list.q.as_deref() == Some("ㅅㅋㄹ")
            && list.category == Category::parse("빵").ok()
            && list.size == Some(Size::Large)
            && list.price_min == Won::parse(1).ok()
            && list.price_max == Won::parse(2).ok()
            && list.expiring_before == NaiveDate::from_ymd_opt(2026, 12, 24)
            && list.barcode == Barcode::parse("A-1").ok()
            && list.deleted
            && list.sort == Sort::Price
            && list.cursor.as_deref() == Some("on")
            && list.limit == 100
    })
    .await;
}

#[actix_web::test]
async fn wild_cards_are_ordinary_characters() {
    assert_list("?q=100%25_", |list| list.q.as_deref() == Some("100%_")).await;
}

#[actix_web::test]
async fn the_last_of_a_repeated_parameter_counts() {
    assert_list("?limit=1&limit=2", |list| list.limit == 2).await;
}

#[actix_web::test]
async fn every_parameter_that_is_wrong_is_named() {
    let q = "x".repeat(201);
    let query = format!(
        "?q={q}&category=&size=medium&price_min=-1&price_max=x&expiring_before=soon\
         &barcode=8801234567890&deleted=yes&sort=random&limit=0"
    );
    let request = get(&format!("/api/v1/products{query}")).signed_in();
    ask(services(), request).await.assert_invalid(&[
        ("/barcode", "check_digit"),
        ("/category", "length"),
        ("/deleted", "wrong_type"),
        ("/expiring_before", "invalid_value"),
        ("/limit", "range"),
        ("/price_max", "wrong_type"),
        ("/price_min", "range"),
        ("/q", "length"),
        ("/size", "size"),
        ("/sort", "invalid_value"),
    ]);
}

#[actix_web::test]
async fn a_page_has_one_to_a_hundred() {
    for (limit, code) in [
        ("101", "range"),
        ("0", "range"),
        ("-1", "wrong_type"),
        ("ten", "wrong_type"),
        ("70000", "wrong_type"),
        ("", "wrong_type"),
    ] {
        let request = get(&format!("/api/v1/products?limit={limit}")).signed_in();
        let answer = ask(services(), request).await;
        answer.assert_invalid(&[("/limit", code)]);
    }
    let request = get("/api/v1/products?expiring_before=%2B12345-01-01").signed_in();
    let answer = ask(services(), request).await;
    answer.assert_invalid(&[("/expiring_before", "invalid_value")]);
}
