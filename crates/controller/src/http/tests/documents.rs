//! The form of a problem document, its languages, its extra members.

use std::{io, time::Duration};

use actix_web::{
    HttpResponse, Responder, get,
    http::{StatusCode, header::HeaderValue},
    post,
    web::ServiceConfig,
};
use serde_json::{Value, json};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;

use super::{ask, get, name};
use crate::http::{
    AuthProblems, BodyProblems, Code, Dialect, FieldError, IdText, Language, LookupProblems,
    Problem, Speak, Told, add_shared_schemas,
};

#[derive(Debug)]
struct Chat;

impl Dialect for Chat {
    fn status(&self, problem: &Problem) -> StatusCode {
        match problem.code() {
            Code::InvalidRequest => StatusCode::BAD_REQUEST,
            _ => problem.status(),
        }
    }

    fn members(&self, told: &Told<'_>) -> Vec<(&'static str, Value)> {
        vec![
            ("type", json!("error")),
            ("payload", json!({ "message": told.detail })),
        ]
    }
}

#[utoipa::path(
    params(("id" = IdText, Path)),
    responses((status = 200), BodyProblems, AuthProblems, LookupProblems)
)]
#[get("/things/{id}")]
async fn thing() -> Problem {
    Problem::new(Code::NameTaken)
}

#[utoipa::path(params(("id" = IdText, Path)), responses((status = 200)))]
#[post("/things/{id}")]
async fn change() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// The document of two routes, as `utoipa-actix-web` collects it.
pub(super) fn document() -> OpenApi {
    let app = actix_web::App::new().into_utoipa_app();
    let (_, mut document) = app.service(thing).service(change).split_for_parts();
    add_shared_schemas(&mut document);
    document
}

#[get("/chat", wrap = "Speak(&Chat)")]
async fn chat() -> Result<HttpResponse, Problem> {
    Err(Problem::invalid(vec![FieldError::new("/name", "required")]))
}

#[get("/old")]
async fn old() -> Problem {
    Problem::new(Code::UserAlreadyExists)
        .with_status(StatusCode::BAD_REQUEST)
        .with_member("msg", "EMAIL_EXISTS")
        .with_member("detail", "EMAIL_EXISTS")
}

#[get("/busy")]
async fn busy() -> Problem {
    Problem::new(Code::TooManyRequests).retry_after(Duration::from_millis(1_200))
}

#[get("/broken")]
async fn broken() -> Result<&'static str, Problem> {
    Err(Problem::internal(io::Error::other("the secret cause"))
        .header(name("x-extra"), HeaderValue::from_static("kept")))
}

fn routes(config: &mut ServiceConfig) {
    config
        .service(thing)
        .service(chat)
        .service(old)
        .service(busy)
        .service(broken);
}

#[actix_web::test]
async fn a_problem_tells_everything_in_english_by_default() {
    let answer = ask(
        routes,
        get("/things/7?token=secret").insert_header(("x-request-id", "abc")),
    )
    .await;
    answer.assert_problem(409, "name_taken");
    assert_eq!(
        answer.json(),
        json!({
            "type": "urn:ensemble:problem:name_taken",
            "title": "Name taken",
            "status": 409,
            "detail": "Somebody else has this name.",
            "instance": "/things/7",
            "code": "name_taken",
            "request_id": "abc",
        })
    );
    assert_eq!(answer.header("content-language"), Some("en"));
    assert_eq!(answer.header("vary"), Some("Accept-Language"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[actix_web::test]
async fn a_problem_is_told_in_the_preferred_language() {
    for (accept, language) in [
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en;q=0.5, ko;q=0.7", "ko"),
        ("fr, ko;q=0.1", "ko"),
        ("en, ko", "en"),
        ("ko;q=0", "en"),
        ("ko;q=many", "en"),
        ("*", "en"),
        ("fr", "en"),
        (";;,q=1", "en"),
    ] {
        let answer = ask(
            routes,
            get("/things/7").insert_header(("accept-language", accept)),
        )
        .await;
        assert_eq!(
            answer.header("content-language"),
            Some(language),
            "{accept}"
        );
        let korean = answer.json()["title"] == "이미 사용 중인 이름";
        assert_eq!(korean, language == "ko", "{accept}");
        assert_eq!(answer.json()["code"], "name_taken");
    }
}

#[actix_web::test]
async fn a_dialect_adds_members_and_changes_the_status() {
    let answer = ask(
        routes,
        get("/chat").insert_header(("accept-language", "ko")),
    )
    .await;
    assert_eq!(answer.status.as_u16(), 400);
    let body = answer.json();
    assert_eq!(body["type"], "error");
    assert_eq!(body["status"], 400);
    assert_eq!(body["code"], "invalid_request");
    assert_eq!(body["payload"]["message"], body["detail"]);
    assert_eq!(body["errors"][0]["detail"], "필수 항목입니다.");
}

#[actix_web::test]
async fn a_problems_own_members_replace_the_standard_ones() {
    let answer = ask(routes, get("/old")).await;
    assert_eq!(answer.status.as_u16(), 400);
    let body = answer.json();
    assert_eq!(body["msg"], "EMAIL_EXISTS");
    assert_eq!(body["detail"], "EMAIL_EXISTS");
    assert_eq!(body["status"], 400);
    let text = String::from_utf8(answer.body.to_vec()).expect("UTF-8");
    assert_eq!(text.matches("\"detail\"").count(), 1, "no member twice");
}

#[actix_web::test]
async fn retry_after_is_rounded_up() {
    let answer = ask(routes, get("/busy")).await;
    answer.assert_problem(429, "too_many_requests");
    assert_eq!(answer.header("retry-after"), Some("2"));
    let at_once = Problem::new(Code::Overloaded).retry_after(Duration::ZERO);
    let response = HttpResponse::from_error(at_once);
    assert_eq!(
        response.headers().get("retry-after"),
        Some(&HeaderValue::from(1))
    );
}

#[actix_web::test]
async fn a_cause_is_never_shown() {
    let answer = ask(routes, get("/broken")).await;
    answer.assert_problem(500, "internal");
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
    assert_eq!(answer.header("x-extra"), Some("kept"));
}

#[actix_web::test]
async fn every_code_has_its_own_text_and_both_languages() {
    let mut seen = std::collections::HashSet::new();
    for &code in Code::ALL {
        assert!(seen.insert(code.as_str()), "{code:?} is twice");
        assert!(
            code.as_str()
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        );
        assert_ne!(code.title(Language::English), code.title(Language::Korean));
        assert!(!code.detail(Language::Korean).is_ascii());
        let request = actix_web::test::TestRequest::default().to_http_request();
        let response = Problem::new(code).respond_to(&request);
        assert_eq!(response.status(), code.status());
        let challenged = response.headers().contains_key("www-authenticate");
        assert_eq!(challenged, code.status() == StatusCode::UNAUTHORIZED);
    }
}

#[actix_web::test]
async fn problems_are_documented_as_responses() {
    let document = serde_json::to_value(document()).expect("a document");
    let responses = &document["paths"]["/things/{id}"]["get"]["responses"];
    for status in ["400", "401", "403", "404", "408", "413", "415", "422"] {
        let schema = &responses[status]["content"]["application/problem+json"]["schema"];
        assert_eq!(schema["$ref"], "#/components/schemas/Problem", "{status}");
    }
    assert!(document["components"]["schemas"]["Problem"]["properties"]["errors"].is_object());
    assert!(document["components"]["schemas"]["FieldProblem"].is_object());
    let id = &document["components"]["schemas"]["IdText"];
    assert_eq!(id["type"], "string", "{id}");
    let text = document.to_string();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().expect("a name");
        assert!(
            document["components"]["schemas"][name].is_object(),
            "{name} leads nowhere"
        );
    }
}
