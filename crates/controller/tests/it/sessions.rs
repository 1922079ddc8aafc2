//! Signing in and out on the wire.

use std::time::Duration;

use domain::user::{Email, Identifier, PhoneNumber, Username};
use secrecy::ExposeSecret;
use serde_json::json;
use service::user::{Admitted, MockSessionService, Moved, TokenPair};

use crate::world::{
    Asking, OWNER, SESSION, ask, delete, get, post, services, session, with_sessions,
};

const SIGN_IN: &str = "/api/v1/users/sign-in";
const REFRESH: &str = "/api/v1/auth/refresh";
const SESSIONS: &str = "/api/v1/users/me/sessions";

fn pair() -> TokenPair {
    TokenPair {
        access_token: "an access token".into(),
        expires_in: Duration::from_secs(900),
        refresh_token: "a refresh token".into(),
        user_id: OWNER.into(),
        session_id: SESSION.into(),
    }
}

fn admitted(moved: Option<Moved>) -> Admitted {
    Admitted {
        pair: pair(),
        moved,
        ended: vec![],
    }
}

fn tokens() -> serde_json::Value {
    json!({
        "access_token": "an access token", "token_type": "Bearer", "expires_in": 900,
        "refresh_token": "a refresh token",
    })
}

#[actix_web::test]
async fn signing_in_answers_tokens_that_no_cache_keeps() {
    for (member, text, expected) in [
        (
            "phone_number",
            "010 1234 5678",
            PhoneNumber::parse("+821012345678")
                .ok()
                .map(Identifier::Phone),
        ),
        (
            "email",
            "a@b.co",
            Email::parse("a@b.co").ok().map(Identifier::Email),
        ),
        (
            "username",
            "yuna",
            Username::parse("yuna").ok().map(Identifier::Username),
        ),
    ] {
        let mut sessions = MockSessionService::new();
        sessions
            .expect_sign_in()
            .withf(move |identifier, password, arrival| {
                let device = &arrival.device;
                Some(identifier) == expected.as_ref()
                    && password.expose_secret() == "correct horse"
                    && device.user_agent.as_deref() == Some("a browser")
                    && device.ip.is_some_and(|ip| ip.to_string() == "192.0.2.1")
            })
            .times(1)
            .returning(|_, _, _| Ok(admitted(None)));
        let request = post(SIGN_IN)
            .peer_addr("192.0.2.1:4711".parse().expect("an address"))
            .insert_header(("user-agent", "a browser"))
            .json(json!({member: text, "password": "correct horse"}));
        let answer = ask(with_sessions(sessions), request).await;
        assert_eq!((answer.status, answer.json()), (200, tokens()));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

#[actix_web::test]
async fn who_was_a_guest_hears_what_became_theirs() {
    let mut sessions = MockSessionService::new();
    sessions.expect_sign_in().returning(|_, _, _| {
        Ok(admitted(Some(Moved {
            hearts: 3,
            events: 12,
        })))
    });
    let body = json!({"username": "yuna", "password": "correct horse"});
    let answer = ask(with_sessions(sessions), post(SIGN_IN).json(body)).await;
    assert_eq!(answer.json()["moved"], json!({"hearts": 3, "events": 12}));
}

#[actix_web::test]
async fn what_cannot_be_anybodys_looks_like_a_wrong_password() {
    for (member, text) in [
        ("phone_number", "02-123-4567"),
        ("email", "nobody"),
        ("username", "a"),
    ] {
        let body = json!({member: text, "password": "correct horse"});
        let answer = ask(services(), post(SIGN_IN).json(body)).await;
        answer.assert_problem(401, "invalid_credentials");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}

#[actix_web::test]
async fn signing_in_needs_an_identifier_and_a_password() {
    let answer = ask(services(), post(SIGN_IN).json("{}")).await;
    answer.assert_invalid(&[
        ("/password", "required"),
        ("/phone_number", "identifier_required"),
    ]);
    let body = json!({"username": "yuna", "password": "x".repeat(1_025)});
    let answer = ask(services(), post(SIGN_IN).json(body)).await;
    answer.assert_invalid(&[("/password", "length")]);
    for member in ["phone_number", "email", "username"] {
        let body = json!({member: {}, "password": "correct horse"});
        let answer = ask(services(), post(SIGN_IN).json(body)).await;
        answer.assert_invalid(&[(&format!("/{member}"), "wrong_type")]);
    }
}

#[actix_web::test]
async fn refreshing_answers_tokens_that_no_cache_keeps() {
    let mut sessions = MockSessionService::new();
    sessions
        .expect_refresh()
        .withf(|token| token.expose_secret() == "an old one")
        .times(1)
        .returning(|_| Ok(pair()));
    let request = post(REFRESH).json(json!({"refresh_token": "an old one"}));
    let answer = ask(with_sessions(sessions), request).await;
    assert_eq!((answer.status, answer.json()), (200, tokens()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[actix_web::test]
async fn a_refresh_token_is_a_text_of_reasonable_length() {
    for (body, code) in [
        (json!({}), "required"),
        (json!({"refresh_token": ""}), "length"),
        (json!({"refresh_token": "x".repeat(513)}), "length"),
        (json!({"refresh_token": 7}), "wrong_type"),
    ] {
        let answer = ask(services(), post(REFRESH).json(body)).await;
        answer.assert_invalid(&[("/refresh_token", code)]);
    }
}

#[actix_web::test]
async fn signing_out_ends_the_session_of_the_token() {
    let mut sessions = MockSessionService::new();
    sessions
        .expect_sign_out()
        .withf(|who| (who.user_id.get(), who.session_id.get()) == (OWNER, SESSION))
        .times(1)
        .returning(|_| Ok(()));
    let request = post("/api/v1/users/sign-out").signed_in();
    let answer = ask(with_sessions(sessions), request).await;
    answer.assert_empty(204);
    // Nor is anything left in the browser that was kept there for asking again.
    assert_eq!(answer.header("clear-site-data"), Some("\"cache\""));
}

#[actix_web::test]
async fn my_sessions_are_listed_and_the_present_one_is_marked() {
    let mut sessions = MockSessionService::new();
    sessions
        .expect_list()
        .withf(|owner| owner.get() == OWNER)
        .returning(|_| Ok(vec![session(SESSION), session(71)]));
    let answer = ask(with_sessions(sessions), get(SESSIONS).signed_in()).await;
    let one = |id: &str, current: bool| {
        json!({
            "id": id, "device": "a browser", "ip": "192.0.2.1", "current": current,
            "created_at": "2026-11-21T09:00:00Z", "last_seen_at": "2026-11-21T09:00:00Z",
            "expires_at": "2026-11-22T09:00:00Z",
        })
    };
    let expected = json!({"items": [one("70", true), one("71", false)], "next_cursor": null});
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn signing_out_everywhere_keeps_the_present_session() {
    let mut sessions = MockSessionService::new();
    sessions
        .expect_end_all()
        .withf(|owner, except| {
            owner.get() == OWNER && except.is_some_and(|kept| kept.get() == SESSION)
        })
        .times(1)
        .returning(|_, _| Ok(2));
    let answer = ask(with_sessions(sessions), delete(SESSIONS).signed_in()).await;
    answer.assert_empty(204);
}

#[actix_web::test]
async fn one_of_my_sessions_ends_if_it_is_mine() {
    for (id, found) in [("71", true), ("72", false)] {
        let mut sessions = MockSessionService::new();
        sessions
            .expect_end()
            .withf(|owner, _| owner.get() == OWNER)
            .times(1)
            .returning(|_, id| Ok(id.get() == 71));
        let request = delete(&format!("{SESSIONS}/{id}")).signed_in();
        let answer = ask(with_sessions(sessions), request).await;
        if found {
            answer.assert_empty(204);
        } else {
            answer.assert_problem(404, "session_not_found");
        }
    }
    let request = delete(&format!("{SESSIONS}/none")).signed_in();
    let answer = ask(services(), request).await;
    answer.assert_problem(404, "session_not_found");
}

#[test]
fn the_document_tells_how_signing_in_is_refused() {
    let document = serde_json::to_value(controller::collect()).expect("JSON");
    for (path, method, status, code) in [
        (
            "/api/v1/users/sign-up",
            "post",
            "409",
            "user_already_exists",
        ),
        ("/api/v1/users/sign-up", "post", "429", "too_many_requests"),
        ("/api/v1/users/sign-up", "post", "503", "overloaded"),
        (SIGN_IN, "post", "401", "invalid_credentials"),
        (SIGN_IN, "post", "403", "forbidden"),
        (SIGN_IN, "post", "429", "too_many_requests"),
        (SIGN_IN, "post", "503", "overloaded"),
        ("/api/v1/auth/refresh", "post", "401", "invalid_token"),
        ("/api/v1/users/me", "delete", "403", "confirmation_required"),
        (
            "/api/v1/users/me/password",
            "put",
            "403",
            "confirmation_required",
        ),
    ] {
        let told = &document["paths"][path][method]["responses"][status]["description"];
        let told = told.as_str().unwrap_or_default();
        assert!(told.contains(code), "{method} {path} {status}: {told}");
    }
    let refresh = &document["paths"]["/api/v1/auth/refresh"]["post"]["responses"];
    assert!(refresh.get("403").is_none(), "nobody is refused that way");
}
