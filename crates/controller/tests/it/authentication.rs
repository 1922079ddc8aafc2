//! Who is let in, and that nobody else learns anything.

use actix_web::http::Method;
use serde_json::Value;
use service::user::{MockAccountService, MockSessionService};

use crate::world::{
    Answer, Asking, Found, ask, get, guard, post, services, token, user, with_accounts,
    with_sessions,
};

const ME: &str = "/api/v1/users/me";

/// All operations of the API: method, path, and whether they are for members only.
fn operations() -> Vec<(Method, String, bool)> {
    let document = serde_json::to_value(controller::collect()).expect("JSON");
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let method = method.to_uppercase().parse().expect("a method");
            // An empty requirement among them: everybody is welcome. A signature: a program is.
            let security = operation["security"].as_array();
            let is_a_member = |way: &Value| way["bearer"].is_array() || way["cookie"].is_array();
            let is_for_members = security.is_some_and(|ways| ways.iter().all(is_a_member));
            found.push((method, path.clone(), is_for_members));
        }
    }
    found
}

async fn ask_as(header: Option<&str>, found: Found) -> Answer {
    let mut services = services();
    services.guard = guard(found);
    let request = match header {
        Some(header) => get(ME).insert_header(("authorization", header)),
        None => get(ME),
    };
    ask(services, request).await
}

#[actix_web::test]
async fn without_a_header_nobody_is_signed_in() {
    let answer = ask_as(None, Found::Living).await;
    answer.assert_problem(401, "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
}

#[actix_web::test]
async fn a_header_that_is_present_has_to_be_good() {
    let good = token(0);
    let expired = format!("Bearer {}", token(900));
    let cut = format!("Bearer {}", &good[..good.len() - 2]);
    for header in [
        "Basic dTpw",
        "Bearer",
        "Bearer ",
        "bearer",
        "",
        "a.b.c",
        "Bearer a.b.c",
        &good,
        &expired,
        &cut,
    ] {
        let answer = ask_as(Some(header), Found::Living).await;
        answer.assert_problem(401, "invalid_token");
        let challenge = answer.header("www-authenticate");
        assert_eq!(
            challenge,
            Some("Bearer error=\"invalid_token\""),
            "{header}"
        );
    }
}

#[actix_web::test]
async fn a_token_whose_session_ended_is_as_bad_as_any() {
    let header = format!("Bearer {}", token(0));
    let answer = ask_as(Some(&header), Found::Ended).await;
    answer.assert_problem(401, "invalid_token");
}

#[actix_web::test]
async fn storage_that_fails_says_nothing_of_the_token_or_itself() {
    let header = format!("Bearer {}", token(0));
    let answer = ask_as(Some(&header), Found::Broken).await;
    answer.assert_problem(500, "internal");
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
}

#[actix_web::test]
async fn the_schemes_case_and_blanks_do_not_matter() {
    for scheme in ["Bearer", "bearer", "BEARER  "] {
        let mut accounts = MockAccountService::new();
        accounts.expect_find().times(1).returning(|_| Ok(user()));
        let header = format!("{scheme} {}", token(0));
        let request = get(ME).insert_header(("authorization", header));
        assert_eq!(ask(with_accounts(accounts), request).await.status, 200);
    }
}

#[actix_web::test]
async fn the_api_has_routes_for_members_and_for_everybody() {
    let operations = operations();
    let members = operations.iter().filter(|(.., members)| *members).count();
    assert!(members >= 18, "{members}");
    for (method, path, is_for_members) in operations {
        let for_editors = [
            (Method::POST, "/api/v1/outfits"),
            (Method::POST, "/api/v1/outfits/import"),
            (Method::PATCH, "/api/v1/outfits/{outfit_id}"),
            (Method::PUT, "/api/v1/outfits/{outfit_id}/products"),
        ];
        // Those who cannot sign in yet, or no more.
        let at_the_door = path.starts_with("/api/v1/auth/register")
            || path.starts_with("/api/v1/auth/login")
            || path.starts_with("/api/auth/")
            || path.starts_with("/api/v1/auth/password/")
            || path.starts_with("/api/v1/auth/email_verify/");
        let of_outfits = path.starts_with("/api/v1/outfits") || path == "/api/v1/labels";
        // Front ends know a few of the members' routes by shorter names.
        let short = ["/users/me/profile", "/auth/kakao/unlink"].contains(&path.as_str())
            || path.starts_with("/oauth/instagram/") && !path.ends_with("/callback");
        let open = !path.starts_with("/api/") && !short
            || path == "/api/images"
            || path == "/api/v1/auth/{provider}/token"
            || path.ends_with("/sign-up")
            || path.ends_with("/sign-in")
            || path.ends_with("/refresh")
            || path.ends_with("/sessions/guest")
            || at_the_door
            // These are for programs, which sign.
            || path.starts_with("/api/v1/services")
            || path.starts_with("/api/services")
            // And this is for whoever reads their mails.
            || path == "/api/v1/unsubscribe/{key}"
            || of_outfits && !for_editors.contains(&(method.clone(), path.as_str()));
        assert_eq!(is_for_members, !open, "{method} {path}");
    }
}

#[actix_web::test]
async fn a_stranger_learns_nothing_from_how_a_request_is_read() {
    for (method, path, _) in operations().into_iter().filter(|(.., members)| *members) {
        // Path, query and body are all wrong; the session is looked up no faster than they are read.
        let path = path
            .replace("{product_id}", "none")
            .replace("{outfit_id}", "none")
            .replace("{session_id}", "none");
        let wrong = || {
            actix_web::test::TestRequest::with_uri(&format!(
                "{path}?limit=0&product_id=none&columns=x"
            ))
            .method(method.clone())
            .insert_header(("content-type", "application/json"))
            .set_payload("{]")
        };
        let answer = ask(services(), wrong()).await;
        assert_eq!(answer.json()["code"], "unauthenticated", "{method} {path}");
        let mut services = services();
        services.guard = guard(Found::Ended);
        let answer = ask(services, wrong().signed_in()).await;
        assert_eq!(answer.json()["code"], "invalid_token", "{method} {path}");
    }
}

#[actix_web::test]
async fn routes_for_everybody_do_not_look_at_the_header() {
    let mut sessions = MockSessionService::new();
    sessions
        .expect_refresh()
        .times(1)
        .returning(|_| Err(service::user::SignInError::InvalidRefreshToken));
    let request = post("/api/v1/auth/refresh")
        .insert_header(("authorization", "Basic dTpw"))
        .json(r#"{"refresh_token":"x"}"#);
    let answer = ask(with_sessions(sessions), request).await;
    answer.assert_problem(401, "invalid_token");
}
