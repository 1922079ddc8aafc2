//! Accounts by e-mail, forgotten passwords and addresses: what routes make of services.

use std::sync::Arc;
use std::time::Duration;

use controller::Services;
use domain::notification::Language;
use secrecy::ExposeSecret;
use serde_json::json;
use service::user::{
    AccountError, MockEmailAccountService, MockEmailAddressService, MockPasswordResetService,
    Opened,
};

use crate::world::{Asking, OWNER, ask, get, post, services, wait};

fn with_email_accounts(email_accounts: MockEmailAccountService) -> Services {
    Services {
        email_accounts: Arc::new(email_accounts),
        ..services()
    }
}

const REGISTER: &str = "/api/v1/auth/register";

#[actix_web::test]
async fn what_a_registration_says_reaches_the_service_from_json_and_forms() {
    for is_form in [false, true] {
        let mut accounts = MockEmailAccountService::new();
        accounts
            .expect_register()
            .withf(|asked, _, language| {
                asked.email.as_str() == "yuna@example.com"
                    && asked.name.as_str() == "유나"
                    && asked.password.expose_secret() == "correct horse"
                    && *language == Language::Korean
            })
            .times(1)
            .returning(|_, _, _| Ok(()));
        let request = post(REGISTER).insert_header(("accept-language", "ko"));
        let request = if is_form {
            let body = "name=%EC%9C%A0%EB%82%98&email=yuna%40example.com&password=correct+horse";
            let kind = ("content-type", "application/x-www-form-urlencoded");
            request.insert_header(kind).set_payload(body)
        } else {
            request.json(
                json!({"name": "유나", "email": "yuna@example.com", "password": "correct horse"}),
            )
        };
        let answer = ask(with_email_accounts(accounts), request).await;
        assert_eq!(
            (answer.status, &answer.json()["type"]),
            (201, &json!("info"))
        );
    }
}

#[actix_web::test]
async fn refusals_speak_the_contracts_dialect() {
    let mut accounts = MockEmailAccountService::new();
    accounts
        .expect_register()
        .times(1)
        .returning(|_, _, _| Err(AccountError::TooManyTries(wait(Duration::from_secs(9)))));
    let body = json!({"name": "유나", "email": "yuna@example.com", "password": "correct horse"});
    let answer = ask(with_email_accounts(accounts), post(REGISTER).json(body)).await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (429, Some("9"))
    );
    let document = answer.json();
    assert_eq!(
        (&document["type"], &document["code"]),
        (&json!("error"), &json!("too_many_requests"))
    );
    assert_eq!(document["payload"]["message"], document["detail"]);
    // An extractor that refuses speaks it, too.
    let answer = ask(services(), post(REGISTER).json(json!({}))).await;
    assert_eq!(
        (answer.status, &answer.json()["type"]),
        (422, &json!("error"))
    );
}

#[actix_web::test]
async fn a_failure_of_ours_is_a_document_for_browsers_too() {
    let mut accounts = MockEmailAccountService::new();
    accounts
        .expect_open_link()
        .times(1)
        .returning(|_, _| Err(domain::RepositoryError::storage("a secret of the database").into()));
    let request = post("/api/v1/auth/email_verify/key").insert_header(("accept", "text/html"));
    let answer = ask(with_email_accounts(accounts), request).await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.json()["code"], "internal");
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
}

#[actix_web::test]
async fn a_link_to_an_account_answers_200_and_to_a_new_one_201() {
    for (opened, status) in [
        (Opened::AccountMade(OWNER.into()), 201),
        (Opened::AddressProved(OWNER.into()), 200),
    ] {
        let mut accounts = MockEmailAccountService::new();
        accounts
            .expect_open_link()
            .withf(|key, _| key.expose_secret() == "the-key")
            .times(1)
            .returning(move |_, _| Ok(opened));
        let request = post("/api/v1/auth/email_verify/the-key");
        let answer = ask(with_email_accounts(accounts), request).await;
        assert_eq!(
            (answer.status, &answer.json()["type"]),
            (status, &json!("info"))
        );
    }
}

#[actix_web::test]
async fn looking_at_a_link_opens_none_and_programs_make_accounts_only() {
    let path = "/api/v1/auth/email_verify/the-key";
    // A browser is shown a button; nothing is called.
    let browser = get(path).insert_header(("accept", "text/html"));
    let answer = ask(with_email_accounts(MockEmailAccountService::new()), browser).await;
    assert_eq!(answer.status, 200);
    let page = String::from_utf8_lossy(&answer.body);
    let form = format!("<form method=\"post\" action=\"{path}\">");
    assert!(page.contains(&form), "{page}");
    let mut accounts = MockEmailAccountService::new();
    accounts
        .expect_make_account()
        .withf(|key| key.expose_secret() == "the-key")
        .times(1)
        .returning(|_| Ok(OWNER.into()));
    let answer = ask(with_email_accounts(accounts), get(path)).await;
    assert_eq!(
        (answer.status, &answer.json()["type"]),
        (201, &json!("info"))
    );
}

#[actix_web::test]
async fn an_address_is_changed_by_its_owner_only() {
    let path = "/api/v1/users/me/email";
    let body = json!({"email": "yuna@example.com", "password": "correct horse"});
    let answer = ask(services(), post(path).json(&body)).await;
    answer.assert_problem(401, "unauthenticated");
    for (outcome, status) in [
        (Ok(()), 202),
        (Err(AccountError::ConfirmationRequired), 403),
    ] {
        let mut addresses = MockEmailAddressService::new();
        let mut outcome = Some(outcome);
        addresses
            .expect_ask_change()
            .withf(|asking, email, password| {
                asking.principal.user_id.get() == OWNER
                    && email.as_str() == "yuna@example.com"
                    && password.as_ref().map(|p| p.expose_secret()) == Some("correct horse")
            })
            .times(1)
            .returning(move |_, _, _| outcome.take().unwrap_or(Ok(())));
        let services = Services {
            email_addresses: Arc::new(addresses),
            ..services()
        };
        let answer = ask(services, post(path).signed_in().json(&body)).await;
        assert_eq!(answer.status, status);
    }
}

#[actix_web::test]
async fn a_reset_wants_a_key_and_a_password() {
    let path = "/api/v1/auth/password/reset";
    let answer = ask(services(), post(path).json(json!({}))).await;
    answer.assert_invalid(&[("/password", "required"), ("/token", "required")]);
    let mut resets = MockPasswordResetService::new();
    resets
        .expect_reset()
        .times(1)
        .returning(|_, _, _| Err(AccountError::LinkNotFound));
    let services = Services {
        password_resets: Arc::new(resets),
        ..services()
    };
    let body = json!({"token": "x", "password": "correct horse"});
    let answer = ask(services, post(path).json(body)).await;
    answer.assert_problem(404, "link_not_found");
}
