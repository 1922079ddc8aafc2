//! Pages about the server.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use crate::app::App;
use crate::client::text;

on_every_engine! {
    crate::app::run;
    the_documentation_is_served_without_help_from_elsewhere,
    the_document_is_the_committed_one,
    the_server_says_that_it_is_up,
    pages_of_other_origins_may_read_but_bring_no_credentials,
}

async fn the_documentation_is_served_without_help_from_elsewhere(app: Arc<App>) {
    let client = app.start().await;
    let moved = client.get("/docs").await.is(308);
    assert_eq!(moved.header("location"), "/docs/");
    for page in ["/docs/", "/redoc"] {
        let answer = client.get(page).await.is(200);
        assert_eq!(answer.kind(), "text/html");
        let policy = answer.header("content-security-policy");
        assert!(!policy.contains("http"), "{policy}");
        for elsewhere in ["src=\"http", "src=\"//", "href=\"http", "href=\"//"] {
            assert!(!answer.text().contains(elsewhere), "{page}: {elsewhere}");
        }
    }
    for asset in ["/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js"] {
        assert!(!client.get(asset).await.is(200).body.is_empty());
    }
    client.get("/docs/nothing").await.is(404);
}

async fn the_document_is_the_committed_one(app: Arc<App>) {
    let client = app.start().await;
    let served = client.get("/openapi.json").await.is(200);
    let committed = include_str!("../../../openapi.json");
    let committed: serde_json::Value = serde_json::from_str(committed).expect("JSON");
    assert!(
        served.json() == committed,
        "openapi.json is not what is served: run `make openapi`"
    );
    assert!(text(&served.json()["openapi"]).starts_with("3."));
}

async fn the_server_says_that_it_is_up(app: Arc<App>) {
    let client = app.start().await;
    let health = client.get("/health").await.is(200).json();
    assert_eq!(health["status"], "ok");
    assert_eq!(
        client.get("/healthz").await.is(200).json(),
        json!({"ok": true})
    );
    client.get("/").await.is(200);
}

async fn pages_of_other_origins_may_read_but_bring_no_credentials(app: Arc<App>) {
    let client = app.start().await;
    let asked = client
        .get("/health")
        .header("origin", "https://elsewhere.example");
    let answer = asked.await.is(200);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(
        !answer
            .headers
            .contains_key("access-control-allow-credentials")
    );
    let strict = app
        .start_with(&[
            ("STRICT_CORS", "true"),
            ("FRONTEND_URL", "https://front.example"),
        ])
        .await;
    let own = strict
        .get("/health")
        .header("origin", "https://front.example");
    let own = own.await.is(200);
    assert_eq!(
        own.header("access-control-allow-origin"),
        "https://front.example"
    );
    let preflight = strict
        .request(reqwest::Method::OPTIONS, "/api/v1/products")
        .header("origin", "https://front.example")
        .header("access-control-request-method", "PATCH");
    preflight.await.is(200);
}
