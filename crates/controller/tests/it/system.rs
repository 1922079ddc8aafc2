//! Routes about the server itself, and what stands around all routes.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::ConnectionType;
use actix_web::test::{TestRequest, call_service, init_service, try_call_service};
use controller::http::{OPENAPI_JSON, UNMATCHED};
use controller::{Services, build, finish};
use serde_json::json;
use service::health::{MockHealthService, Readiness};

use crate::world::{ask, get, services};

/// Services that are found like this.
fn found(readiness: Readiness) -> Services {
    let mut health = MockHealthService::new();
    health.expect_readiness().return_const(readiness);
    Services {
        health: Arc::new(health),
        ..services()
    }
}

const WHOLE: Readiness = Readiness {
    leaving: false,
    queue_age: Some(Duration::ZERO),
    bus: true,
    recommender: true,
    mail: true,
    kakao: true,
    portraits: None,
};

#[actix_web::test]
async fn the_server_says_that_it_is_up() {
    let health = ask(services(), get("/health")).await;
    assert_eq!(health.status, 200);
    assert_eq!(health.json()["status"], "ok");
    let old = ask(services(), get("/healthz")).await;
    assert_eq!(old.json(), json!({"ok": true}));
    assert_eq!(ask(services(), get("/")).await.json()["docs"], "/docs/");
    let live = ask(services(), get("/livez")).await;
    assert_eq!(live.json(), health.json());
    assert_eq!(live.json()["version"], build::VERSION);
    assert!(live.json()["commit"].is_string());
}

#[actix_web::test]
async fn a_server_that_does_all_it_can_is_ready() {
    let answer = ask(found(WHOLE), get("/readyz")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let expected = json!({
        "status": "ready",
        "checks": {
            "database": "ready",
            "queue": "ready",
            "bus": "ready",
            "recommender": "ready",
            "mail": "ready",
            "kakao": "ready",
            "portraits": "local",
        },
        "queue_age_seconds": 0,
    });
    assert_eq!(answer.json(), expected);
}

#[actix_web::test]
async fn what_is_not_the_database_only_degrades() {
    let late = Readiness {
        queue_age: Some(Duration::from_secs(3_600)),
        ..WHOLE
    };
    let resting = Readiness {
        portraits: Some(false),
        ..WHOLE
    };
    for (readiness, part, word) in [
        (late, "queue", "late"),
        (
            Readiness {
                bus: false,
                ..WHOLE
            },
            "bus",
            "cut_off",
        ),
        (
            Readiness {
                recommender: false,
                ..WHOLE
            },
            "recommender",
            "learning",
        ),
        (
            Readiness {
                mail: false,
                ..WHOLE
            },
            "mail",
            "failing",
        ),
        (
            Readiness {
                kakao: false,
                ..WHOLE
            },
            "kakao",
            "failing",
        ),
        (resting, "portraits", "resting"),
    ] {
        let answer = ask(found(readiness), get("/readyz")).await;
        assert_eq!(answer.status, 200, "{part}");
        let answer = answer.json();
        assert_eq!(answer["status"], "degraded", "{part}");
        assert_eq!(answer["checks"][part], word);
        let parts = answer["checks"].as_object().expect("parts").values();
        assert_eq!(parts.filter(|found| *found == word).count(), 1, "{answer}");
    }
    let answer = ask(found(late), get("/readyz")).await;
    assert_eq!(answer.json()["queue_age_seconds"], 3_600);
}

#[actix_web::test]
async fn without_its_database_a_server_is_up_but_not_ready() {
    let down = Readiness {
        queue_age: None,
        ..WHOLE
    };
    let answer = ask(found(down), get("/readyz")).await;
    answer.assert_problem(503, "unavailable");
    assert_eq!(answer.header("retry-after"), Some("1"));
    for path in ["/health", "/healthz", "/livez"] {
        assert_eq!(ask(found(down), get(path)).await.status, 200);
    }
}

#[actix_web::test]
async fn a_server_about_to_stop_answers_but_wants_no_more_requests() {
    let leaving = Readiness {
        leaving: true,
        ..WHOLE
    };
    let services = found(leaving);
    let head_of = async |services: Services| {
        let app = init_service(finish(services).expect("an app").app()).await;
        let answer = call_service(&app, get("/livez").to_request()).await;
        assert_eq!(answer.status(), 200);
        let missing = call_service(&app, get("/nothing").to_request()).await;
        assert_eq!(missing.status(), 404);
        [answer, missing].map(|one| one.response().head().connection_type())
    };
    assert_eq!(
        head_of(services.clone()).await,
        [ConnectionType::KeepAlive; 2]
    );
    services.departure.announce();
    assert_eq!(head_of(services.clone()).await, [ConnectionType::Close; 2]);
    let answer = ask(services, get("/readyz")).await;
    answer.assert_problem(503, "unavailable");
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[actix_web::test]
async fn requests_are_counted_by_template_whatever_they_ask_for() {
    let mut finished = finish(services()).expect("an app");
    let traffic = finished.count();
    let app = init_service(finished.app()).await;
    let mut requests = vec![get("/health"), get("/docs/swagger-ui.css"), get("/feed")];
    for number in 0..300 {
        requests.push(get(&format!("/api/v1/products/{number}?q=secret")));
        requests.push(get(&format!("/nothing/{number}")));
        let word = format!("WORD{number}");
        let word = actix_web::http::Method::from_bytes(word.as_bytes());
        requests.push(get("/api/v1/products").method(word.expect("a method")));
    }
    for request in requests {
        // Whoever is refused is counted as well.
        let _ = try_call_service(&app, request.to_request()).await;
    }
    let mut counted: Vec<_> = traffic
        .figures()
        .map(|one| (one.route, one.method, one.answers))
        .collect();
    counted.sort();
    let mut expected = [
        ("/api/v1/products", "OTHER", vec![("4xx", 300)]),
        ("/api/v1/products/{product_id}", "GET", vec![("4xx", 300)]),
        ("/docs/{_:.*}", "GET", vec![("2xx", 1)]),
        ("/feed", "GET", vec![("2xx", 1)]),
        ("/health", "GET", vec![("2xx", 1)]),
        (UNMATCHED, "GET", vec![("4xx", 300)]),
    ];
    expected.sort();
    assert_eq!(counted, expected);
    assert_eq!(traffic.under_way(), 0);
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
async fn sockets_are_opened_by_the_front_end_where_that_is_strict() {
    // What is let in is told that this is no handshake.
    for (strict, origin, status) in [
        (false, Some("https://elsewhere.example"), 400),
        (true, Some("https://elsewhere.example"), 403),
        (true, Some("null"), 403),
        (true, Some("https://app.example"), 400),
        (true, None, 400),
    ] {
        let mut services = services();
        services.strict_cors = strict;
        services
            .cookie_settings
            .origins
            .push("https://app.example".into());
        let mut opening = get("/ws");
        if let Some(origin) = origin {
            opening = opening.insert_header(("origin", origin));
        }
        let answer = ask(services, opening).await;
        assert_eq!(answer.status, status, "{strict} {origin:?}");
    }
}

#[actix_web::test]
async fn the_document_is_served() {
    let document = ask(services(), get(OPENAPI_JSON)).await;
    assert_eq!(document.json()["info"]["title"], "Ensemble");
}
