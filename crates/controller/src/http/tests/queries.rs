//! Queries and ids in paths.

use actix_web::{HttpResponse, web, web::ServiceConfig};
use serde::{Deserialize, Serialize};
use serde_json::json;
use validator::Validate;

use super::{ask, findings, get};
use crate::http::{Code, IdText, Named, PathId, ValidQuery};

#[derive(Debug, Default, Serialize, Deserialize, Validate)]
struct Page {
    #[validate(range(min = 1, max = 100))]
    limit: Option<u32>,
    #[validate(length(max = 20))]
    q: Option<String>,
    exact: Option<bool>,
    ratio: Option<f64>,
    order: Option<Order>,
    product_id: Option<IdText>,
    #[validate(length(max = 2))]
    tag: Option<Vec<String>>,
    number: Option<Vec<u8>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    Newest,
    Price,
}

#[derive(Debug)]
struct Product;

impl Named for Product {
    const NOT_FOUND: Code = Code::ProductNotFound;
}

async fn list(ValidQuery(page): ValidQuery<Page>) -> HttpResponse {
    HttpResponse::Ok().json(page)
}

async fn product(id: PathId<Product>) -> HttpResponse {
    HttpResponse::Ok().json(id.get())
}

async fn plain(id: PathId) -> HttpResponse {
    HttpResponse::Ok().json(id.get())
}

async fn two(ids: web::Path<(IdText, IdText)>) -> HttpResponse {
    HttpResponse::Ok().json(*ids)
}

fn routes(config: &mut ServiceConfig) {
    config
        .route("/list", web::get().to(list))
        .route("/products/{product_id}", web::get().to(product))
        .route("/{kind}/of/{id}", web::get().to(plain))
        .route("/two/{a}/{b}", web::get().to(two));
}

#[actix_web::test]
async fn every_kind_of_parameter_is_read() {
    let query = "/list?limit=5&q=%EC%8A%88%ED%81%AC%EB%A6%BC+%26&exact=true&ratio=0.5&order=price&product_id=77\
                 &tag=a&tag=b&number=1&unknown=1&limit=6";
    let answer = ask(routes, get(query)).await;
    assert_eq!(
        answer.json(),
        json!({"limit": 6, "q": "슈크림 &", "exact": true, "ratio": 0.5, "order": "price", "product_id": "77",
            "tag": ["a", "b"], "number": [1]})
    );
    assert_eq!(ask(routes, get("/list")).await.status.as_u16(), 200);
}

#[actix_web::test]
async fn every_bad_parameter_is_named() {
    let query = "/list?limit=many&q=aaaaaaaaaaaaaaaaaaaaa&exact=perhaps&order=oldest&product_id=x&tag=a&tag=b&tag=c&number=1&number=300";
    let answer = ask(routes, get(query)).await;
    answer.assert_problem(422, "invalid_request");
    let mut named = answer.findings();
    named.sort();
    let expected = findings(&[
        ("/exact", "wrong_type"),
        ("/limit", "wrong_type"),
        ("/number/1", "wrong_type"),
        ("/order", "invalid_value"),
        ("/product_id", "invalid_value"),
        ("/q", "length"),
        ("/tag", "length"),
    ]);
    assert_eq!(named, expected);
    assert!(!String::from_utf8_lossy(&answer.body).contains("perhaps"));
    for limit in ["0", "101", "-1", "", "1e2", "99999999999999999999"] {
        let answer = ask(routes, get(&format!("/list?limit={limit}"))).await;
        answer.assert_problem(422, "invalid_request");
        assert_eq!(answer.findings()[0].0, "/limit");
    }
}

#[actix_web::test]
async fn an_id_in_a_path_is_an_id_or_nothing() {
    assert_eq!(&ask(routes, get("/products/77")).await.body[..], b"77");
    for bad in ["x", "-1", "7x", "9223372036854775808", "%20", "1.0"] {
        ask(routes, get(&format!("/products/{bad}")))
            .await
            .assert_problem(404, "product_not_found");
        ask(routes, get(&format!("/a/of/{bad}")))
            .await
            .assert_problem(404, "not_found");
        ask(routes, get(&format!("/two/1/{bad}")))
            .await
            .assert_problem(404, "not_found");
    }
    assert_eq!(&ask(routes, get("/9/of/12")).await.body[..], b"12");
    let two = ask(routes, get("/two/1/9223372036854775807")).await;
    assert_eq!(two.json(), json!(["1", "9223372036854775807"]));
}
