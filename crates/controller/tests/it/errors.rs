//! What every error of a service looks like on the wire.

use std::time::Duration;

use domain::{RepositoryError, ValueError};
use serde_json::json;
use service::product::{ImportError, MockProductService, ProductError};
use service::user::{AccountError, MockAccountService, MockSessionService, SignInError};

use crate::world::{
    Answer, Asking, ask, get, patch, post, wait, with_accounts, with_products, with_sessions,
};

/// An error of a service, and the status and code it comes to.
type Case<E> = (fn() -> E, u16, &'static str);

/// As [`Case`], with the `Retry-After`.
type LaterCase<E> = (fn() -> E, u16, &'static str, Option<&'static str>);

fn storage() -> RepositoryError {
    RepositoryError::storage("a secret of the database")
}

#[track_caller]
fn assert_silent(answer: &Answer) {
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
}

async fn sign_up(error: fn() -> AccountError) -> Answer {
    let mut accounts = MockAccountService::new();
    accounts
        .expect_sign_up()
        .times(1)
        .returning(move |_, _| Err(error()));
    let body = json!({"username": "yuna", "password": "correct horse"});
    let request = post("/api/v1/users/sign-up").json(body);
    ask(with_accounts(accounts), request).await
}

#[actix_web::test]
async fn errors_of_accounts() {
    let cases: [LaterCase<AccountError>; 9] = [
        (
            || AccountError::UserAlreadyExists,
            409,
            "user_already_exists",
            None,
        ),
        (|| AccountError::NameTaken, 409, "name_taken", None),
        (
            || AccountError::ConfirmationRequired,
            403,
            "confirmation_required",
            None,
        ),
        (
            || AccountError::TooManyTries(wait(Duration::from_millis(1_500))),
            429,
            "too_many_requests",
            Some("2"),
        ),
        (|| AccountError::Busy, 503, "overloaded", Some("5")),
        (|| AccountError::Gone, 401, "invalid_token", None),
        (|| RepositoryError::Conflict.into(), 409, "conflict", None),
        (
            || RepositoryError::Contention.into(),
            503,
            "unavailable",
            Some("1"),
        ),
        (|| storage().into(), 500, "internal", None),
    ];
    for (error, status, code, retry_after) in cases {
        let answer = sign_up(error).await;
        answer.assert_problem(status, code);
        assert_eq!(answer.header("retry-after"), retry_after, "{code}");
        let throttled = status == 429;
        let policy = throttled.then_some(r#""tries";q=10;w=300"#);
        assert_eq!(answer.header("ratelimit-policy"), policy);
        let state = throttled.then_some(r#""tries";r=0;t=2"#);
        assert_eq!(answer.header("ratelimit"), state);
        assert_silent(&answer);
    }
}

#[actix_web::test]
async fn values_that_only_the_service_refuses_are_named_with_their_bounds() {
    let answer = sign_up(|| AccountError::NoIdentifier).await;
    answer.assert_invalid(&[("/phone_number", "identifier_required")]);
    let answer = sign_up(|| AccountError::Password(ValueError::length(8, 128))).await;
    answer.assert_invalid(&[("/password", "length")]);
    let detail = &answer.json()["errors"][0]["detail"];
    assert_eq!(detail, "Must be 8 to 128 characters long.");
}

#[actix_web::test]
async fn errors_of_signing_in() {
    let cases: [LaterCase<SignInError>; 6] = [
        (
            || SignInError::InvalidCredentials,
            401,
            "invalid_credentials",
            None,
        ),
        (|| SignInError::Blocked, 403, "forbidden", None),
        (
            || SignInError::InvalidRefreshToken,
            401,
            "invalid_token",
            None,
        ),
        (
            || SignInError::TooManyTries(wait(Duration::from_secs(60))),
            429,
            "too_many_requests",
            Some("60"),
        ),
        (|| SignInError::Busy, 503, "overloaded", Some("5")),
        (|| storage().into(), 500, "internal", None),
    ];
    for (error, status, code, retry_after) in cases {
        let mut sessions = MockSessionService::new();
        sessions
            .expect_sign_in()
            .times(1)
            .returning(move |_, _, _| Err(error()));
        let body = json!({"username": "yuna", "password": "correct horse"});
        let request = post("/api/v1/users/sign-in").json(body);
        let answer = ask(with_sessions(sessions), request).await;
        answer.assert_problem(status, code);
        assert_eq!(answer.header("retry-after"), retry_after, "{code}");
        assert_silent(&answer);
    }
}

#[actix_web::test]
async fn errors_of_sessions() {
    let mut sessions = MockSessionService::new();
    sessions
        .expect_sign_out()
        .times(1)
        .returning(|_| Err(storage()));
    let request = post("/api/v1/users/sign-out").signed_in();
    let answer = ask(with_sessions(sessions), request).await;
    answer.assert_problem(500, "internal");
    assert_silent(&answer);
}

#[actix_web::test]
async fn errors_of_products() {
    let cases: [Case<ProductError>; 5] = [
        (|| ProductError::NotFound, 404, "product_not_found"),
        (|| ProductError::Stale, 412, "precondition_failed"),
        (|| ProductError::InvalidCursor, 422, "invalid_cursor"),
        (|| RepositoryError::Contention.into(), 503, "unavailable"),
        (|| storage().into(), 500, "internal"),
    ];
    for (error, status, code) in cases {
        let mut products = MockProductService::new();
        products
            .expect_update()
            .returning(move |_, _, _, _| Err(error()));
        products.expect_list().returning(move |_, _| Err(error()));
        let services = with_products(products);
        for request in [
            patch("/api/v1/products/1").json("{}"),
            get("/api/v1/products"),
        ] {
            let answer = ask(services.clone(), request.signed_in()).await;
            answer.assert_problem(status, code);
            assert_silent(&answer);
        }
    }
}

async fn import(error: fn() -> ImportError) -> Answer {
    let mut products = MockProductService::new();
    products
        .expect_import()
        .times(1)
        .returning(move |_, _, _, _| Err(error()));
    let request = post("/api/v1/products/import")
        .signed_in()
        .insert_header(("content-type", "text/csv"))
        .set_payload("a,b\n");
    ask(with_products(products), request).await
}

#[actix_web::test]
async fn errors_of_imports() {
    let cases: [Case<ImportError>; 4] = [
        (|| ImportError::TooLarge, 413, "payload_too_large"),
        (
            || ImportError::Unreadable("a secret of the connection".into()),
            400,
            "unreadable_body",
        ),
        (|| RepositoryError::Contention.into(), 503, "unavailable"),
        (|| storage().into(), 500, "internal"),
    ];
    for (error, status, code) in cases {
        let answer = import(error).await;
        answer.assert_problem(status, code);
        assert_silent(&answer);
    }
}

#[actix_web::test]
async fn columns_that_are_wrong_are_named() {
    let answer = import(|| ImportError::MissingColumns(vec!["name".into(), "a/b".into()])).await;
    answer.assert_invalid(&[("/a~1b", "missing_column"), ("/name", "missing_column")]);
    let answer = import(|| ImportError::UnknownColumn("colour".into())).await;
    answer.assert_invalid(&[("/colour", "invalid_value")]);
    let answer = import(|| ImportError::InvalidDefault("size".into())).await;
    answer.assert_invalid(&[("/size", "invalid_value")]);
}
