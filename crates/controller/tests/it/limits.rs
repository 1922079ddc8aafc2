//! Who asks too often, and who comes when there are too many.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::ORIGIN;
use actix_web::test::TestRequest;
use chrono::TimeDelta;
use controller::Services;
use controller::http::Gate;
use domain::clock::FixedClock;
use service::product::{MockProductService, ProductError};
use service::requests::{RequestLimits, RequestSettings};
use service::user::{CookieHolder, MockSessionService};

use crate::world::{Asking, OWNER, SESSION, ask, cookies, get, post, services, start};

const PRODUCT: &str = "/api/v1/products/9";

/// Two requests a minute of an account, four of an address; nothing that could be found.
fn limited() -> (Arc<FixedClock>, Services) {
    let clock = Arc::new(FixedClock::at(start()));
    let settings = RequestSettings {
        per_account: 2,
        per_key: 0,
        per_address: 4,
    };
    let mut products = MockProductService::new();
    products
        .expect_find()
        .returning(|_, _| Err(ProductError::NotFound));
    let limits = RequestLimits::new(settings, clock.clone(), None).expect("limits");
    let services = Services {
        requests: Some(Arc::new(limits)),
        products: Arc::new(products),
        ..services()
    };
    (clock, services)
}

fn from(request: TestRequest, address: &str) -> TestRequest {
    let socket = format!("{address}:40000");
    request.peer_addr(socket.parse().expect("an address"))
}

#[actix_web::test]
async fn everybody_is_told_how_they_stand_and_told_to_wait_in_the_end() {
    let (clock, services) = limited();
    for left in ["\"account\";r=1;t=30", "\"account\";r=0;t=30"] {
        let answer = ask(services.clone(), get(PRODUCT).signed_in()).await;
        answer.assert_problem(404, "product_not_found");
        let policy = answer.header("ratelimit-policy");
        assert_eq!(policy, Some("\"account\";q=2;w=60"));
        assert_eq!(answer.header("ratelimit"), Some(left));
        assert_eq!(answer.header("retry-after"), None);
    }
    let answer = ask(services.clone(), get(PRODUCT).signed_in()).await;
    answer.assert_problem(429, "too_many_requests");
    assert_eq!(answer.header("retry-after"), Some("30"));
    assert_eq!(
        answer.header("ratelimit-policy"),
        Some("\"account\";q=2;w=60")
    );
    assert_eq!(answer.header("ratelimit"), Some("\"account\";r=0;t=30"));
    clock.advance(TimeDelta::seconds(30));
    let answer = ask(services, get(PRODUCT).signed_in()).await;
    answer.assert_problem(404, "product_not_found");
}

#[actix_web::test]
async fn a_token_and_a_cookie_are_the_same_account_wherever_it_is() {
    let (_clock, services) = limited();
    let holder = CookieHolder::Session(OWNER.into(), SESSION.into());
    let cookie = cookies().issue(&holder).expect("a cookie");
    let by_cookie = get(PRODUCT).insert_header(("cookie", format!("sid={cookie}")));
    for request in [
        from(get(PRODUCT).signed_in(), "192.0.2.1"),
        from(by_cookie, "192.0.2.2"),
    ] {
        let answer = ask(services.clone(), request).await;
        answer.assert_problem(404, "product_not_found");
    }
    let answer = ask(services, from(get(PRODUCT).signed_in(), "192.0.2.3")).await;
    answer.assert_problem(429, "too_many_requests");
}

#[actix_web::test]
async fn who_proves_nothing_is_counted_by_their_address() {
    let (_clock, services) = limited();
    for (number, token) in ["", "Bearer made-up", "Bearer other", "Basic x"]
        .iter()
        .enumerate()
    {
        let request = from(get(PRODUCT), "192.0.2.1").insert_header(("authorization", *token));
        let answer = ask(services.clone(), request).await;
        assert_eq!(answer.status, 401);
        let left = format!("\"address\";r={};t=15", 3 - number);
        assert_eq!(answer.header("ratelimit"), Some(left.as_str()));
    }
    let answer = ask(services.clone(), from(get(PRODUCT), "192.0.2.1")).await;
    answer.assert_problem(429, "too_many_requests");
    // Others are not kept waiting, nor is somebody who is signed in there.
    let other = ask(services.clone(), from(get(PRODUCT), "192.0.2.2")).await;
    other.assert_problem(401, "unauthenticated");
    let member = from(get(PRODUCT).signed_in(), "192.0.2.1");
    let member = ask(services.clone(), member).await;
    member.assert_problem(404, "product_not_found");
    // What is alike for everybody counts for nobody.
    for path in ["/livez", "/health", "/openapi.json"] {
        let answer = ask(services.clone(), from(get(path), "192.0.2.1")).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("ratelimit"), None, "{path}");
    }
}

#[actix_web::test]
async fn pages_of_other_origins_may_read_how_they_stand() {
    let (_clock, services) = limited();
    let request = get(PRODUCT).signed_in();
    let request = request.insert_header((ORIGIN, "https://front.example"));
    let answer = ask(services, request).await;
    let exposed = answer.header("access-control-expose-headers");
    let exposed = exposed.expect("some headers").to_ascii_lowercase();
    for name in ["ratelimit", "ratelimit-policy", "retry-after"] {
        assert!(exposed.split(", ").any(|one| one == name), "{exposed}");
    }
}

#[actix_web::test]
async fn who_comes_when_all_places_are_taken_is_told_so_at_once() {
    let full = Services {
        gate: Arc::new(Gate::new(0)),
        ..services()
    };
    for request in [get(PRODUCT).signed_in(), post("/api/v1/users/sign-in")] {
        let answer = ask(full.clone(), request).await;
        answer.assert_problem(503, "overloaded");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    for path in ["/livez", "/health", "/healthz"] {
        assert_eq!(ask(full.clone(), get(path)).await.status, 200, "{path}");
    }
    let handshake = ask(full.clone(), get("/ws")).await;
    handshake.assert_problem(400, "bad_request");
    let mut sessions = MockSessionService::new();
    sessions.expect_sign_out().times(1).returning(|_| Ok(()));
    let full = Services {
        sessions: Arc::new(sessions),
        ..full
    };
    let out = post("/api/v1/users/sign-out").signed_in();
    ask(full, out).await.assert_empty(204);
}

#[actix_web::test]
async fn a_place_is_free_again_once_a_request_is_answered() {
    let services = Services {
        gate: Arc::new(Gate::new(1)),
        body_timeout: Duration::from_secs(1),
        ..limited().1
    };
    for _ in 0..2 {
        let answer = ask(services.clone(), get(PRODUCT).signed_in()).await;
        answer.assert_problem(404, "product_not_found");
    }
}
