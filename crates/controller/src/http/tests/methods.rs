//! Wrong methods, wrong addresses, HEAD and OPTIONS.

use actix_web::{
    HttpResponse,
    http::Method,
    test::TestRequest,
    web::{self, ServiceConfig},
};

use super::{ask, get};

fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::scope("/things")
                .route(
                    "/{id}",
                    web::get().to(async || HttpResponse::Ok().body("seven!!")),
                )
                .route("/{id}", web::post().to(HttpResponse::Ok)),
        )
        .service(web::resource("/ws").route(web::get().to(HttpResponse::Ok)));
}

fn with(method: Method, path: &str) -> TestRequest {
    TestRequest::with_uri(path).method(method)
}

#[actix_web::test]
async fn a_wrong_method_is_405_and_names_the_right_ones() {
    for method in [Method::DELETE, Method::PUT, Method::PATCH, Method::TRACE] {
        let answer = ask(routes, with(method, "/things/7")).await;
        answer.assert_problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
    }
}

#[actix_web::test]
async fn a_resource_that_refuses_a_method_itself_names_the_right_ones_too() {
    let answer = ask(routes, with(Method::DELETE, "/ws")).await;
    answer.assert_problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
}

#[actix_web::test]
async fn a_wrong_address_is_404() {
    for path in ["/nothing", "/things", "/things/7/more", "/things/", "/"] {
        let answer = ask(routes, with(Method::DELETE, path)).await;
        answer.assert_problem(404, "not_found");
        assert!(answer.header("allow").is_none());
        ask(routes, get(path))
            .await
            .assert_problem(404, "not_found");
    }
}

#[actix_web::test]
async fn head_is_answered_like_get_without_the_body() {
    let answer = ask(routes, with(Method::HEAD, "/things/7")).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert!(answer.body.is_empty());
    let answer = ask(routes, with(Method::HEAD, "/nothing")).await;
    assert_eq!(answer.status.as_u16(), 404);
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    assert!(answer.body.is_empty());
}

#[actix_web::test]
async fn options_tells_the_methods_of_a_known_address() {
    let answer = ask(routes, with(Method::OPTIONS, "/things/7")).await;
    assert_eq!(answer.status.as_u16(), 204);
    assert_eq!(answer.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
    ask(routes, with(Method::OPTIONS, "/nothing"))
        .await
        .assert_problem(404, "not_found");
}
