//! Accounts on the wire.

use actix_web::test::TestRequest;
use domain::notification::Language;
use domain::user::{Email, Name, PhoneNumber, UserChange, Username};
use secrecy::ExposeSecret;
use serde_json::json;
use service::user::{MockAccountService, SignUp};

use crate::world::{
    Answer, Asking, OWNER, SESSION, ask, delete, get, patch, post, services, user, with_accounts,
};

const ME: &str = "/api/v1/users/me";

/// Signs up, and asserts what the service is given.
async fn sign_up(
    body: serde_json::Value,
    expected: impl Fn(&SignUp) -> bool + Send + 'static,
) -> Answer {
    let mut accounts = MockAccountService::new();
    accounts
        .expect_sign_up()
        .withf(move |sign_up, from| {
            expected(sign_up) && from.is_some_and(|from| from.to_string() == "192.0.2.1")
        })
        .times(1)
        .returning(|_, _| Ok(user()));
    let request = post("/api/v1/users/sign-up")
        .peer_addr("192.0.2.1:4711".parse().expect("an address"))
        .json(body);
    ask(with_accounts(accounts), request).await
}

#[actix_web::test]
async fn signing_up_answers_201_with_the_id_as_a_text() {
    let answer = sign_up(
        json!({"phone_number": "010-1234-5678", "password": "correct horse"}),
        |given| {
            given.phone_number == PhoneNumber::parse("+82 10 1234 5678").ok()
                && given.password.expose_secret() == "correct horse"
                && (
                    given.email.is_none(),
                    given.username.is_none(),
                    given.name.is_none(),
                ) == (true, true, true)
        },
    )
    .await;
    assert_eq!(answer.status, 201);
    assert_eq!(
        answer.json(),
        json!({"user_id": "7", "name": "유나", "created_at": "2026-11-21T09:00:00Z"})
    );
}

#[actix_web::test]
async fn an_email_or_a_user_name_will_do_as_well() {
    let body = json!({
        "email": "a@b.co", "username": "yuna", "name": "유나", "password": "correct horse",
        "phone_number": null, "unknown": 1,
    });
    let answer = sign_up(body, |given| {
        given.email == Email::parse("a@b.co").ok()
            && given.username == Username::parse("yuna").ok()
            && given.name == Name::parse("유나").ok()
    })
    .await;
    assert_eq!(answer.status, 201);
}

#[actix_web::test]
async fn every_field_that_is_wrong_at_sign_up_is_named() {
    for (body, expected) in [
        (
            json!({}),
            vec![
                ("/password", "required"),
                ("/phone_number", "identifier_required"),
            ],
        ),
        (
            json!({"phone_number": "02-123-4567", "email": "nobody", "username": "a", "name": "",
                   "password": "password"}),
            vec![
                ("/email", "email"),
                ("/name", "length"),
                ("/password", "common_password"),
                ("/phone_number", "phone_number"),
                ("/username", "length"),
            ],
        ),
        (
            json!({"username": "yuna", "password": "short"}),
            vec![("/password", "length")],
        ),
        (
            json!({"username": ["yuna"], "password": 12_345_678}),
            vec![("/password", "wrong_type"), ("/username", "wrong_type")],
        ),
        (
            json!({"email": 7, "password": "correct horse"}),
            vec![("/email", "wrong_type")],
        ),
        (
            json!({"phone_number": 1_012_345_678, "email": null, "password": "correct horse"}),
            vec![("/phone_number", "wrong_type")],
        ),
    ] {
        let request = post("/api/v1/users/sign-up").json(&body);
        let answer = ask(services(), request).await;
        answer.assert_invalid(&expected);
        let text = String::from_utf8_lossy(&answer.body);
        assert!(!text.contains("02-123-4567") && !text.contains("nobody"));
    }
}

#[actix_web::test]
async fn a_body_has_to_be_json_and_of_a_reasonable_size() {
    let sign_up = || post("/api/v1/users/sign-up");
    let answer = ask(services(), sign_up().json("{")).await;
    answer.assert_problem(400, "unreadable_body");
    let answer = ask(services(), sign_up()).await;
    answer.assert_problem(400, "unreadable_body");
    let plain = sign_up().insert_header(("content-type", "text/plain"));
    let answer = ask(services(), plain.set_payload("{}")).await;
    answer.assert_problem(415, "unsupported_media_type");
    let answer = ask(services(), sign_up().json(" ".repeat(4_097))).await;
    answer.assert_problem(413, "payload_too_large");
}

#[actix_web::test]
async fn my_account_is_answered_whole() {
    let mut accounts = MockAccountService::new();
    accounts
        .expect_find()
        .withf(|id| id.get() == OWNER)
        .returning(|_| Ok(user()));
    let answer = ask(with_accounts(accounts), get(ME).signed_in()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "id": "7", "email": null, "email_verified": false, "name": "유나",
            "phone_number": "+821012345678", "username": null, "profile_img": null,
            "nickname": null, "birthday": null, "gender": null, "locale": null,
            "sns_type": "phone", "created_at": "2026-11-21T09:00:00Z",
            "updated_at": "2026-11-21T09:00:00Z",
        })
    );
}

#[actix_web::test]
async fn a_change_tells_absent_from_null() {
    let name = Name::parse("다나").ok();
    let picture = Some("https://img.example/1.png".to_owned());
    for (body, expected) in [
        (json!({}), UserChange::default()),
        (
            json!({"profile_img": null}),
            UserChange {
                profile_img: Some(None),
                ..UserChange::default()
            },
        ),
        (
            json!({"name": "다나", "profile_img": picture}),
            UserChange {
                name,
                profile_img: Some(picture),
                ..UserChange::default()
            },
        ),
    ] {
        let mut accounts = MockAccountService::new();
        accounts
            .expect_update()
            .withf(move |id, change| id.get() == OWNER && *change == expected)
            .times(1)
            .returning(|_, _| Ok(user()));
        let request = patch(ME).signed_in().json(&body);
        assert_eq!(
            ask(with_accounts(accounts), request).await.status,
            200,
            "{body}"
        );
    }
}

#[actix_web::test]
async fn a_change_that_cannot_be_is_refused_by_field() {
    let body = json!({"name": null, "profile_img": "not a url"});
    let answer = ask(services(), patch(ME).signed_in().json(body)).await;
    answer.assert_invalid(&[("/name", "wrong_type"), ("/profile_img", "url")]);
}

#[actix_web::test]
async fn leaving_takes_the_password_from_the_body_if_there_is_one() {
    for (body, expected) in [
        (None, None),
        (Some("{}"), None),
        (Some(r#"{"password":null}"#), None),
        (
            Some(r#"{"password":"correct horse"}"#),
            Some("correct horse"),
        ),
    ] {
        let mut accounts = MockAccountService::new();
        accounts
            .expect_delete()
            .withf(move |who, password| {
                let given = password.as_ref().map(|password| password.expose_secret());
                (who.user_id.get(), who.session_id.get(), given) == (OWNER, SESSION, expected)
            })
            .times(1)
            .returning(|_, _| Ok(()));
        let request = delete(ME).signed_in();
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        ask(with_accounts(accounts), request)
            .await
            .assert_empty(204);
    }
}

#[actix_web::test]
async fn a_new_password_goes_with_the_old_one() {
    let mut accounts = MockAccountService::new();
    accounts
        .expect_change_password()
        .withf(|who, current, new, language| {
            who.user_id.get() == OWNER
                && current.as_ref().map(|text| text.expose_secret()) == Some("correct horse")
                && new.expose_secret() == "battery staple"
                && *language == Language::Korean
        })
        .times(1)
        .returning(|_, _, _, _| Ok(()));
    let put = || {
        TestRequest::put()
            .uri("/api/v1/users/me/password")
            .insert_header(("accept-language", "ko"))
            .signed_in()
    };
    let body = json!({"current_password": "correct horse", "new_password": "battery staple"});
    let answer = ask(with_accounts(accounts), put().json(body)).await;
    answer.assert_empty(204);
    let body = json!({"current_password": "x".repeat(1_025), "new_password": "12345678"});
    let answer = ask(services(), put().json(body)).await;
    answer.assert_invalid(&[
        ("/current_password", "length"),
        ("/new_password", "common_password"),
    ]);
    let answer = ask(services(), put().json(json!({}))).await;
    answer.assert_invalid(&[("/new_password", "required")]);
}
