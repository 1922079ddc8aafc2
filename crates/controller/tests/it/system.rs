//! Routes about the server itself, and what stands around all routes.

use actix_web::test::TestRequest;
use controller::http::OPENAPI_JSON;
use serde_json::json;

use crate::world::{ask, get, services};

#[actix_web::test]
async fn the_server_says_that_it_is_up() {
    let health = ask(services(), get("/health")).await;
    assert_eq!(health.status, 200);
    assert_eq!(health.json()["status"], "ok");
    let old = ask(services(), get("/healthz")).await;
    assert_eq!(old.json(), json!({"ok": true}));
    assert_eq!(ask(services(), get("/")).await.json()["docs"], "/docs/");
}

#[actix_web::test]
async fn no_shared_secret_is_published() {
    let answer = ask(services(), get("/.well-known/jwks.json")).await;
    assert_eq!(answer.json(), json!({"keys": []}));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
}

#[actix_web::test]
async fn a_wrong_address_and_a_wrong_method_are_told_apart() {
    ask(services(), get("/api/v1/nothing"))
        .await
        .assert_problem(404, "not_found");
    let answer = ask(services(), TestRequest::put().uri("/api/v1/products")).await;
    answer.assert_problem(405, "method_not_allowed");
    let allow = answer.header("allow");
    assert_eq!(allow, Some("GET, HEAD, POST, PATCH, DELETE, OPTIONS"));
}

#[actix_web::test]
async fn pages_of_other_origins_may_read_unless_that_is_strict() {
    let from = |origin: &str| {
        let origin = origin.to_owned();
        get("/health").insert_header(("origin", origin))
    };
    let open = ask(services(), from("https://elsewhere.example")).await;
    assert_eq!(open.header("access-control-allow-origin"), Some("*"));
    assert_eq!(open.header("access-control-allow-credentials"), None);
    for (origin, allowed) in [
        ("https://app.example", Some("https://app.example")),
        ("https://elsewhere.example", None),
    ] {
        let mut strict = services();
        strict.strict_cors = true;
        strict.frontend_origin = Some("https://app.example".into());
        let answer = ask(strict, from(origin)).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
    }
}

#[actix_web::test]
async fn only_pages_of_the_front_end_may_send_cookies() {
    for strict in [false, true] {
        for (origin, allowed) in [
            ("https://app.example", Some("true")),
            ("https://elsewhere.example", None),
        ] {
            let mut services = services();
            services.strict_cors = strict;
            services.frontend_origin = Some("https://app.example".into());
            let answer = ask(services, get("/health").insert_header(("origin", origin))).await;
            let credentials = answer.header("access-control-allow-credentials");
            assert_eq!(credentials, allowed, "{origin} {strict}");
            // Browsers refuse credentials together with `*`.
            let whose = answer.header("access-control-allow-origin");
            assert!(allowed.is_none() || whose == Some(origin));
        }
    }
}

#[actix_web::test]
async fn the_document_is_served() {
    let document = ask(services(), get(OPENAPI_JSON)).await;
    assert_eq!(document.json()["info"]["title"], "Ensemble");
}
