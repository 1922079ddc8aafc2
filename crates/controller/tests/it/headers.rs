//! What browsers and caches are told with every answer.

use std::time::Duration;

use controller::Services;
use service::product::MockProductService;
use service::user::MockAccountService;

use crate::world::{Asking, ask, get, product, services, user, with_accounts, with_products};

#[actix_web::test]
async fn every_page_says_what_it_may_load_and_who_may_frame_it() {
    for path in [
        "/feed",
        "/chat",
        "/docs/",
        "/redoc",
        "/login",
        "/register",
        "/password/forgot",
        "/nowhere",
        "/health",
    ] {
        let answer = ask(services(), get(path)).await;
        let policy = answer.header("content-security-policy").expect(path);
        for word in ["default-src 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(word), "{path}: {policy}");
        }
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            answer.header("referrer-policy"),
            Some("same-origin"),
            "{path}"
        );
        assert!(answer.header("cache-control").is_some(), "{path}");
        assert_eq!(answer.header("strict-transport-security"), None, "{path}");
    }
}

#[actix_web::test]
async fn behind_tls_every_answer_insists_on_it() {
    for path in ["/health", "/feed", "/nowhere"] {
        let services = Services {
            hsts: Some(Duration::from_secs(3_600)),
            ..services()
        };
        let answer = ask(services, get(path)).await;
        let told = answer.header("strict-transport-security");
        assert_eq!(told, Some("max-age=3600"), "{path}");
    }
}

#[actix_web::test]
async fn what_is_somebodys_own_is_kept_by_no_cache() {
    let mut accounts = MockAccountService::new();
    accounts.expect_find().returning(|_| Ok(user()));
    let me = get("/api/v1/users/me").signed_in();
    let answer = ask(with_accounts(accounts), me).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let refused = ask(services(), get("/api/v1/products")).await;
    assert_eq!(refused.header("cache-control"), Some("no-store"));
    // What has a tag may stay with who asked, who has to ask again each time.
    let mut products = MockProductService::new();
    products.expect_find().returning(|_, _| Ok(product(1)));
    let one = get("/api/v1/products/1").signed_in();
    let answer = ask(with_products(products), one).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
}
