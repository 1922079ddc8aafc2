//! Products on the wire, one at a time.

use actix_web::test::TestRequest;
use chrono::NaiveDate;
use domain::product::{
    Barcode, Category, Description, MAX_AMOUNT, Product, ProductChange, ProductDraft, ProductName,
    Size, Version, Won,
};
use serde_json::{Value, json};
use service::product::{MockProductService, ProductError};

use crate::world::{
    Asking, OWNER, ask, delete, draft, get, patch, post, product, services, with_products,
};

const PRODUCTS: &str = "/api/v1/products";
const ONE: &str = "/api/v1/products/1";

fn minimal() -> Value {
    json!({"category": "음료", "name": "슈크림 라떼", "price": 4_500, "cost": 1_200, "size": "small"})
}

fn answered() -> Value {
    json!({
        "product_id": "1", "category": "음료", "name": "슈크림 라떼", "description": null,
        "price": 4_500, "cost": 1_200, "barcode": null, "expiration_date": null, "size": "small",
        "created_at": "2026-11-21T09:00:00Z", "updated_at": "2026-11-21T09:00:00Z",
    })
}

fn at_version(version: i64) -> Product {
    Product {
        version: version.into(),
        ..product(1)
    }
}

/// A shelf on which the product is at that version.
fn shelf(version: i64) -> MockProductService {
    let mut products = MockProductService::new();
    products
        .expect_find()
        .withf(|owner, id| (owner.get(), id.get()) == (OWNER, 1))
        .returning(move |_, _| Ok(at_version(version)));
    products
}

#[actix_web::test]
async fn a_new_product_is_answered_with_its_place_and_tag() {
    let mut products = MockProductService::new();
    products
        .expect_create()
        .withf(|owner, given| owner.get() == OWNER && *given == draft())
        .times(1)
        .returning(|_, _| Ok(product(1)));
    let request = post(PRODUCTS).signed_in().json(minimal());
    let answer = ask(with_products(products), request).await;
    assert_eq!((answer.status, answer.json()), (201, answered()));
    assert_eq!(answer.header("location"), Some(ONE));
    assert_eq!(answer.header("etag"), Some("\"v1\""));
}

#[actix_web::test]
async fn every_member_of_a_new_product_is_read() {
    let mut products = MockProductService::new();
    let expected = ProductDraft {
        description: Description::parse("달다\n").ok(),
        barcode: Barcode::parse("8801234567893").ok(),
        expiration_date: NaiveDate::from_ymd_opt(2026, 12, 24),
        size: Size::Large,
        price: Won::parse(MAX_AMOUNT).expect("a price"),
        cost: Won::parse(0).expect("a cost"),
        ..draft()
    };
    products
        .expect_create()
        .withf(move |_, given| *given == expected)
        .times(1)
        .returning(|_, _| Ok(product(1)));
    let body = json!({
        "category": " 음료 ", "name": "슈크림 라떼", "price": MAX_AMOUNT, "cost": 0, "size": "large",
        "description": "달다\n", "barcode": "8801234567893", "expiration_date": "2026-12-24",
        "product_id": "99", "owner_id": "8",
    });
    let request = post(PRODUCTS).signed_in().json(body);
    assert_eq!(ask(with_products(products), request).await.status, 201);
}

#[actix_web::test]
async fn every_member_that_is_wrong_is_named() {
    let answer = ask(services(), post(PRODUCTS).signed_in().json("{}")).await;
    let required = ["category", "cost", "name", "price", "size"];
    let required = required.map(|member| (format!("/{member}"), "required"));
    let required: Vec<_> = required
        .iter()
        .map(|(at, code)| (at.as_str(), *code))
        .collect();
    answer.assert_invalid(&required);
    let body = json!({
        "category": "x".repeat(65), "name": "", "description": "x".repeat(2_001), "price": -1,
        "cost": MAX_AMOUNT + 1, "barcode": "8801234567890", "expiration_date": "+12345-01-01",
        "size": "medium",
    });
    let answer = ask(services(), post(PRODUCTS).signed_in().json(body)).await;
    answer.assert_invalid(&[
        ("/barcode", "check_digit"),
        ("/category", "length"),
        ("/cost", "range"),
        ("/description", "length"),
        ("/expiration_date", "invalid_value"),
        ("/name", "length"),
        ("/price", "range"),
        ("/size", "size"),
    ]);
    let body = json!({
        "category": 1, "name": ["a"], "price": "4500", "cost": 1.5, "size": "small",
        "expiration_date": "2026-02-30",
    });
    let answer = ask(services(), post(PRODUCTS).signed_in().json(body)).await;
    answer.assert_invalid(&[
        ("/category", "wrong_type"),
        ("/cost", "wrong_type"),
        ("/expiration_date", "invalid_value"),
        ("/name", "wrong_type"),
        ("/price", "wrong_type"),
    ]);
}

#[actix_web::test]
async fn bounds_are_told_in_the_clients_language() {
    let body = json!({"category": "a", "name": "", "price": 1, "cost": 1, "size": "small"});
    let request = post(PRODUCTS)
        .signed_in()
        .insert_header(("accept-language", "ko"))
        .json(body);
    let answer = ask(services(), request).await;
    assert_eq!(
        answer.json()["errors"][0]["detail"],
        "1자 이상 120자 이하여야 합니다."
    );
}

#[actix_web::test]
async fn one_product_is_answered_with_its_tag() {
    let answer = ask(with_products(shelf(3)), get(ONE).signed_in()).await;
    assert_eq!((answer.status, answer.json()), (200, answered()));
    assert_eq!(answer.header("etag"), Some("\"v3\""));
}

#[actix_web::test]
async fn a_product_that_the_client_has_is_not_sent_again() {
    for (header, value, status) in [
        ("if-none-match", "\"v3\"", 304),
        ("if-none-match", "W/\"v3\"", 304),
        ("if-none-match", "\"v1\", \"v3\"", 304),
        ("if-none-match", "*", 304),
        ("if-none-match", "\"v2\"", 200),
        ("if-match", "\"v3\"", 200),
        ("if-match", "\"v2\"", 412),
    ] {
        let request = get(ONE).signed_in().insert_header((header, value));
        let answer = ask(with_products(shelf(3)), request).await;
        assert_eq!(answer.status, status, "{header}: {value}");
        if status == 304 {
            answer.assert_empty(304);
            assert_eq!(answer.header("etag"), Some("\"v3\""));
        }
    }
}

#[actix_web::test]
async fn what_cannot_be_an_id_looks_like_a_product_that_is_not_there() {
    for path in [
        "/none",
        "/-1",
        "/+1",
        "/1.5",
        "/99999999999999999999",
        "/1%20",
    ] {
        let path = format!("{PRODUCTS}{path}");
        for request in [get(&path), delete(&path), patch(&path).json("{}")] {
            let answer = ask(services(), request.signed_in()).await;
            answer.assert_problem(404, "product_not_found");
        }
    }
}

/// Sends a change both ways, and asserts what the service is given.
async fn assert_change(mut body: Value, expected: ProductChange) {
    for path in [ONE, PRODUCTS] {
        let expected = expected.clone();
        let mut products = MockProductService::new();
        products
            .expect_update()
            .withf(move |owner, id, version, change| {
                (owner.get(), id.get(), *version) == (OWNER, 1, None) && *change == expected
            })
            .times(1)
            .returning(|_, _, _, _| Ok(at_version(2)));
        let answer = ask(with_products(products), patch(path).signed_in().json(&body)).await;
        assert_eq!((answer.status, answer.json()), (200, answered()), "{body}");
        assert_eq!(answer.header("etag"), Some("\"v2\""));
        body["product_id"] = "1".into();
    }
}

#[actix_web::test]
async fn an_absent_member_stays() {
    assert_change(json!({}), ProductChange::default()).await;
}

#[actix_web::test]
async fn an_explicit_null_clears() {
    let cleared = ProductChange {
        description: Some(None),
        barcode: Some(None),
        expiration_date: Some(None),
        ..ProductChange::default()
    };
    let body = json!({"description": null, "barcode": null, "expiration_date": null});
    assert_change(body, cleared).await;
}

#[actix_web::test]
async fn what_is_given_is_set() {
    let set = ProductChange {
        category: Category::parse("빵").ok(),
        name: ProductName::parse("소금빵").ok(),
        description: Some(Description::parse("짜다").ok()),
        price: Won::parse(0).ok(),
        cost: Won::parse(1).ok(),
        barcode: Some(Barcode::parse("A-1").ok()),
        expiration_date: Some(NaiveDate::from_ymd_opt(2026, 12, 24)),
        size: Some(Size::Large),
    };
    let body = json!({
        "category": "빵", "name": "소금빵", "description": "짜다", "price": 0, "cost": 1,
        "barcode": "A-1", "expiration_date": "2026-12-24", "size": "large",
    });
    assert_change(body, set).await;
}

#[actix_web::test]
async fn an_id_in_a_body_may_be_a_number() {
    let mut products = MockProductService::new();
    products
        .expect_update()
        .withf(|_, id, _, _| id.get() == 9_223_372_036_854_775_807)
        .times(1)
        .returning(|_, _, _, _| Ok(product(1)));
    let body = r#"{"product_id":9223372036854775807}"#;
    let answer = ask(
        with_products(products),
        patch(PRODUCTS).signed_in().json(body),
    )
    .await;
    assert_eq!(answer.status, 200);
}

#[actix_web::test]
async fn a_change_names_all_that_is_wrong_and_the_missing_id_with_it() {
    let body = json!({
        "category": null, "name": null, "price": null, "cost": -1, "size": "medium",
        "barcode": "", "expiration_date": "0000-01-01",
    });
    let wrong = [
        ("/barcode", "length"),
        ("/category", "wrong_type"),
        ("/cost", "range"),
        ("/expiration_date", "invalid_value"),
        ("/name", "wrong_type"),
        ("/price", "wrong_type"),
        ("/product_id", "required"),
        ("/size", "size"),
    ];
    let answer = ask(services(), patch(PRODUCTS).signed_in().json(&body)).await;
    answer.assert_invalid(&wrong);
    let answer = ask(services(), patch(ONE).signed_in().json(&body)).await;
    let by_path: Vec<_> = wrong
        .into_iter()
        .filter(|(at, _)| *at != "/product_id")
        .collect();
    answer.assert_invalid(&by_path);
    let answer = ask(
        services(),
        patch(PRODUCTS).signed_in().json(r#"{"product_id":"x"}"#),
    )
    .await;
    answer.assert_invalid(&[("/product_id", "invalid_value")]);
}

/// The ways to delete the product.
fn deletions() -> [TestRequest; 2] {
    [delete(ONE), delete("/api/v1/products?product_id=1")].map(Asking::signed_in)
}

#[actix_web::test]
async fn deleting_answers_nothing() {
    for request in deletions() {
        let mut products = MockProductService::new();
        products
            .expect_delete()
            .withf(|owner, id, version| (owner.get(), id.get(), *version) == (OWNER, 1, None))
            .times(1)
            .returning(|_, _, _| Ok(()));
        ask(with_products(products), request)
            .await
            .assert_empty(204);
    }
}

#[actix_web::test]
async fn deleting_by_query_needs_an_id() {
    for (query, code) in [
        ("", "required"),
        ("?product_id=x", "invalid_value"),
        ("?product_id=", "invalid_value"),
    ] {
        let request = delete(&format!("{PRODUCTS}{query}")).signed_in();
        let answer = ask(services(), request).await;
        answer.assert_invalid(&[("/product_id", code)]);
    }
}

#[actix_web::test]
async fn a_change_insists_on_the_version_that_the_client_saw() {
    let version = Some(Version::from(3));
    for request in deletions() {
        let mut products = MockProductService::new();
        products
            .expect_delete()
            .withf(move |_, _, expected| *expected == version)
            .times(1)
            .returning(|_, _, _| Err(ProductError::Stale));
        let request = request.insert_header(("if-match", "\"v3\""));
        let answer = ask(with_products(products), request).await;
        answer.assert_problem(412, "precondition_failed");
    }
    let mut products = MockProductService::new();
    products
        .expect_update()
        .withf(move |_, _, expected, _| *expected == version)
        .times(1)
        .returning(|_, _, _, _| Err(ProductError::Stale));
    let request = patch(ONE)
        .signed_in()
        .insert_header(("if-match", "\"v3\""))
        .json("{}");
    let answer = ask(with_products(products), request).await;
    answer.assert_problem(412, "precondition_failed");
}

#[actix_web::test]
async fn other_conditions_are_held_against_the_product_as_it_is() {
    for (header, value, holds) in [
        ("if-match", "\"v1\", \"v3\"", true),
        ("if-match", "*", true),
        ("if-match", "W/\"v3\"", false),
        ("if-match", "\"other\"", false),
        ("if-match", "", false),
        ("if-none-match", "\"v2\"", true),
        ("if-none-match", "*", false),
    ] {
        let mut products = shelf(3);
        products
            .expect_delete()
            .withf(|_, _, expected| *expected == Some(Version::from(3)))
            .times(usize::from(holds))
            .returning(|_, _, _| Ok(()));
        let request = delete(ONE).signed_in().insert_header((header, value));
        let answer = ask(with_products(products), request).await;
        if holds {
            answer.assert_empty(204);
        } else {
            answer.assert_problem(412, "precondition_failed");
        }
    }
}

#[actix_web::test]
async fn a_product_is_taken_out_of_the_bin() {
    let mut products = MockProductService::new();
    products
        .expect_restore()
        .withf(|owner, id| (owner.get(), id.get()) == (OWNER, 1))
        .times(1)
        .returning(|_, _| Ok(at_version(3)));
    let request = post(&format!("{ONE}/restore")).signed_in();
    let answer = ask(with_products(products), request).await;
    assert_eq!((answer.status, answer.json()), (200, answered()));
    assert_eq!(answer.header("etag"), Some("\"v3\""));
}
