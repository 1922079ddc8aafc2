//! Refusals that are not our problems at first: actix's own, failing middleware, panics.

use actix_web::{
    HttpResponse,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    error, get,
    http::header,
    middleware::{Next, from_fn},
    web::{self, ServiceConfig},
};
use serde::Deserialize;

use super::{ask, get, name, post_json};
use crate::http::{Code, Problem};

#[get("/empty/{status}")]
async fn empty(status: web::Path<u16>) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(*status).expect("a status");
    HttpResponse::build(status)
        .insert_header((header::SET_COOKIE, "a=b"))
        .finish()
}

#[get("/plain")]
async fn plain() -> Result<&'static str, actix_web::Error> {
    Err(error::ErrorBadGateway("the upstream's secret"))
}

#[get("/page")]
async fn page() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/html; charset=utf-8")
        .body("<p>no")
}

#[get("/panic")]
async fn panics() -> HttpResponse {
    let nothing: Option<u8> = std::hint::black_box(None);
    HttpResponse::Ok().body(nothing.expect("a secret in a panic").to_string())
}

#[get("/signed-out")]
async fn signed_out() -> Problem {
    Problem::new(Code::Unauthenticated)
}

#[get("/expired")]
async fn expired() -> Problem {
    Problem::new(Code::InvalidToken)
}

#[derive(Deserialize)]
struct Shape {
    #[expect(dead_code, reason = "only read")]
    number: u8,
}

async fn bare_json(_: web::Json<Shape>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn bare_query(_: web::Query<Shape>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn bare_form(_: web::Form<Shape>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn fails(
    _: ServiceRequest,
    _: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    Err(Problem::new(Code::Overloaded).into())
}

async fn fails_plainly(
    _: ServiceRequest,
    _: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    Err(error::ErrorUnauthorized("no"))
}

fn routes(config: &mut ServiceConfig) {
    let ok = || web::get().to(HttpResponse::Ok);
    config
        .service(empty)
        .service(plain)
        .service(page)
        .service(panics)
        .service(signed_out)
        .service(expired)
        .route("/json", web::post().to(bare_json))
        .route("/query", web::get().to(bare_query))
        .route("/form", web::post().to(bare_form))
        .service(web::resource("/resource").route(ok()))
        .service(web::scope("/shut").wrap(from_fn(fails)).route("/a", ok()))
        .service(
            web::scope("/closed")
                .wrap(from_fn(fails_plainly))
                .route("/a", ok()),
        );
}

#[actix_web::test]
async fn empty_answers_become_problems_of_the_same_status() {
    for (status, code) in [
        (400, "bad_request"),
        (401, "unauthenticated"),
        (403, "forbidden"),
        (404, "not_found"),
        (406, "not_acceptable"),
        (408, "request_timeout"),
        (409, "conflict"),
        (410, "gone"),
        (412, "precondition_failed"),
        (413, "payload_too_large"),
        (414, "uri_too_long"),
        (415, "unsupported_media_type"),
        (416, "range_not_satisfiable"),
        (418, "bad_request"),
        (422, "invalid_request"),
        (429, "too_many_requests"),
        (500, "internal"),
        (502, "upstream_failed"),
        (503, "unavailable"),
        (504, "upstream_timeout"),
        (507, "internal"),
    ] {
        let answer = ask(routes, get(&format!("/empty/{status}"))).await;
        answer.assert_problem(status, code);
        assert_eq!(answer.header("set-cookie"), Some("a=b"));
        assert_eq!(answer.header("vary"), Some("Accept-Language"));
        assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
    }
}

#[actix_web::test]
async fn plain_text_becomes_a_problem_and_does_not_leak() {
    let answer = ask(
        routes,
        get("/plain").insert_header(("accept-language", "ko")),
    )
    .await;
    answer.assert_problem(502, "upstream_failed");
    assert_eq!(answer.header("content-language"), Some("ko"));
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
}

#[actix_web::test]
async fn a_page_stays_a_page() {
    let answer = ask(routes, get("/page")).await;
    assert_eq!(answer.status.as_u16(), 404);
    assert_eq!(&answer.body[..], b"<p>no");
}

#[actix_web::test]
async fn a_panic_is_answered_as_an_internal_error() {
    let request = get("/panic").insert_header(("x-request-id", "p-1"));
    let answer = ask(routes, request.insert_header(("accept-language", "ko"))).await;
    answer.assert_problem(500, "internal");
    assert_eq!(answer.json()["request_id"], "p-1");
    assert_eq!(answer.json()["instance"], "/panic");
    assert_eq!(answer.header("x-request-id"), Some("p-1"));
    assert_eq!(answer.header("content-language"), Some("ko"));
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
}

#[actix_web::test]
async fn failing_middleware_is_rendered_like_everything_else() {
    let answer = ask(
        routes,
        get("/shut/a").insert_header(("accept-language", "ko")),
    )
    .await;
    answer.assert_problem(503, "overloaded");
    assert_eq!(answer.json()["title"], "과부하");
    assert_eq!(answer.header("content-language"), Some("ko"));
    assert!(answer.headers.contains_key(name("x-request-id")));
    let answer = ask(routes, get("/closed/a")).await;
    answer.assert_problem(401, "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
}

#[actix_web::test]
async fn a_401_challenges() {
    let answer = ask(routes, get("/signed-out")).await;
    answer.assert_problem(401, "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    let answer = ask(routes, get("/expired")).await;
    answer.assert_problem(401, "invalid_token");
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Bearer error=\"invalid_token\"")
    );
}

#[actix_web::test]
async fn actix_extractors_answer_with_problems() {
    ask(routes, get("/empty/many"))
        .await
        .assert_problem(404, "not_found");
    ask(routes, get("/query?number=many"))
        .await
        .assert_problem(422, "invalid_request");
    ask(routes, post_json("/json", "{"))
        .await
        .assert_problem(400, "unreadable_body");
    ask(routes, post_json("/json", "{\"number\":\"1\"}"))
        .await
        .assert_problem(422, "invalid_request");
    ask(routes, post_json("/form", "{}"))
        .await
        .assert_problem(415, "unsupported_media_type");
    let untyped = actix_web::test::TestRequest::post()
        .uri("/json")
        .set_payload("{}");
    ask(routes, untyped)
        .await
        .assert_problem(415, "unsupported_media_type");
}
