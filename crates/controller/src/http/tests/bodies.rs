//! Bodies that cannot be read: wrong kinds, too big, too slow, broken.

use std::time::Duration;

use actix_web::{
    App, FromRequest, HttpResponse, ResponseError,
    dev::Payload,
    error::PayloadError,
    test::TestRequest,
    web::{self, ServiceConfig},
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{ask, findings, post_json};
use crate::http::{BodyLimits, Code, MaybeValid, Problem, Valid, ValidForm};

#[derive(Debug, Serialize, Deserialize, Validate)]
struct Login {
    #[validate(required, email)]
    email: Option<String>,
    #[validate(required, length(min = 8, max = 128))]
    password: Option<String>,
    attempts: Option<u8>,
}

async fn json(Valid(login): Valid<Login>) -> HttpResponse {
    HttpResponse::Ok().json(login)
}

async fn form(ValidForm(login): ValidForm<Login>) -> HttpResponse {
    HttpResponse::Ok().json(login)
}

async fn maybe(MaybeValid(login): MaybeValid<Login>) -> HttpResponse {
    HttpResponse::Ok().json(login.is_some())
}

fn routes(config: &mut ServiceConfig) {
    config
        .route("/json", web::post().to(json))
        .route("/form", web::post().to(form))
        .route("/maybe", web::post().to(maybe));
}

fn small(config: &mut ServiceConfig) {
    config.app_data(BodyLimits {
        max_bytes: 100,
        ..BodyLimits::default()
    });
    routes(config);
}

const GOOD: &str = r#"{"email":"a@b.kr","password":"longenough","unknown":[1,{}]}"#;

fn post(path: &str, kind: &str, body: impl Into<Bytes>) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header(("content-type", kind))
        .set_payload(body)
}

#[actix_web::test]
async fn json_by_any_of_its_names_is_read() {
    for kind in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/merge-patch+json",
    ] {
        let answer = ask(routes, post("/json", kind, GOOD)).await;
        assert_eq!(answer.status.as_u16(), 200, "{kind}");
        assert_eq!(answer.json()["email"], "a@b.kr");
    }
}

#[actix_web::test]
async fn another_or_no_content_type_is_415() {
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "application/+json",
        "json",
        "",
    ] {
        let answer = ask(routes, post("/json", kind, GOOD)).await;
        answer.assert_problem(415, "unsupported_media_type");
        assert_eq!(answer.header("accept"), Some("application/json"));
    }
    let untyped = TestRequest::post().uri("/json").set_payload(GOOD);
    ask(routes, untyped)
        .await
        .assert_problem(415, "unsupported_media_type");
    let packed = post_json("/json", GOOD).insert_header(("content-encoding", "zstd"));
    ask(routes, packed)
        .await
        .assert_problem(415, "unsupported_media_type");
}

#[actix_web::test]
async fn what_is_not_json_is_400_and_tells_where() {
    let answer = ask(routes, post_json("/json", "{\n \"email\": }")).await;
    answer.assert_problem(400, "unreadable_body");
    assert!(
        answer.json()["detail"]
            .as_str()
            .is_some_and(|text| text.contains("line 2, column 11")),
        "{:?}",
        answer.body
    );
    let korean = post_json("/json", "{").insert_header(("accept-language", "ko"));
    assert!(
        ask(routes, korean).await.json()["detail"]
            .as_str()
            .is_some_and(|text| text.contains("1행 1열"))
    );
    for bad in [
        "",
        " ",
        "{\"email\":\"a\"} x",
        "{\"email\":1,}",
        "[",
        "nul",
        "\u{feff}{}",
    ] {
        ask(routes, post_json("/json", bad))
            .await
            .assert_problem(400, "unreadable_body");
    }
    let latin1 = post("/json", "application/json", &b"{\"email\":\"\xe9\"}"[..]);
    ask(routes, latin1)
        .await
        .assert_problem(400, "unreadable_body");
    let deep = "[".repeat(100_000);
    ask(routes, post_json("/json", &format!("{{\"x\":{deep}")))
        .await
        .assert_problem(400, "unreadable_body");
}

#[actix_web::test]
async fn a_missing_body_is_400_where_one_is_needed() {
    ask(routes, TestRequest::post().uri("/json"))
        .await
        .assert_problem(400, "unreadable_body");
    let answer = ask(routes, TestRequest::post().uri("/maybe")).await;
    assert_eq!(&answer.body[..], b"false");
    assert_eq!(
        &ask(routes, post_json("/maybe", GOOD)).await.body[..],
        b"true"
    );
    ask(routes, post_json("/maybe", "{}"))
        .await
        .assert_problem(422, "invalid_request");
}

#[actix_web::test]
async fn forms_are_read_where_they_are_welcome() {
    let kind = "application/x-www-form-urlencoded";
    let answer = ask(
        routes,
        post(
            "/form",
            kind,
            "email=a%40b.kr&password=long+enough&attempts=3&x=y",
        ),
    )
    .await;
    assert_eq!(
        answer.json(),
        serde_json::json!({"email": "a@b.kr", "password": "long enough", "attempts": 3})
    );
    assert_eq!(
        ask(routes, post_json("/form", GOOD)).await.status.as_u16(),
        200
    );
    let answer = ask(routes, post("/form", kind, "password=short&attempts=many")).await;
    answer.assert_problem(422, "invalid_request");
    assert_eq!(
        answer.findings(),
        findings(&[
            ("/attempts", "wrong_type"),
            ("/email", "required"),
            ("/password", "length")
        ])
    );
    let answer = ask(routes, post("/form", "text/plain", "a=b")).await;
    answer.assert_problem(415, "unsupported_media_type");
}

#[actix_web::test]
async fn too_big_is_413_whatever_the_length_claims() {
    let long = format!("{{\"email\":\"{}\"}}", "x".repeat(200));
    ask(small, post_json("/json", &long))
        .await
        .assert_problem(413, "payload_too_large");
    let modest = post_json("/json", &long).insert_header(("content-length", "10"));
    ask(small, modest)
        .await
        .assert_problem(413, "payload_too_large");
    let boastful = post_json("/json", GOOD).insert_header(("content-length", "5000000000"));
    ask(small, boastful)
        .await
        .assert_problem(413, "payload_too_large");
    assert_eq!(
        ask(small, post_json("/json", GOOD)).await.status.as_u16(),
        200
    );
    let default = format!("{{\"email\":\"{}\"}}", "x".repeat(1024 * 1024));
    ask(routes, post_json("/json", &default))
        .await
        .assert_problem(413, "payload_too_large");
}

#[actix_web::test]
async fn a_compressed_body_is_measured_unpacked() {
    let pack = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, text.as_bytes()).expect("memory");
        encoder.finish().expect("memory")
    };
    let request = |text: &str| {
        post("/json", "application/json", pack(text)).insert_header(("content-encoding", "gzip"))
    };
    assert_eq!(ask(routes, request(GOOD)).await.status.as_u16(), 200);
    let bomb = format!("{{\"email\":\"{}\"}}", "x".repeat(3_000_000));
    ask(routes, request(&bomb))
        .await
        .assert_problem(413, "payload_too_large");
}

/// Reads a body that comes in these pieces, under a tiny time limit.
async fn refused(
    pieces: impl futures_util::Stream<Item = Result<Bytes, PayloadError>> + 'static,
) -> Problem {
    let request = TestRequest::post()
        .insert_header(("content-type", "application/json"))
        .app_data(BodyLimits {
            max_bytes: 100,
            timeout: Duration::from_millis(5),
        })
        .to_http_request();
    let mut payload = Payload::Stream {
        payload: pieces.boxed_local(),
    };
    Valid::<Login>::from_request(&request, &mut payload)
        .await
        .expect_err("a refusal")
}

#[actix_web::test]
async fn a_body_that_never_ends_is_408() {
    let trickle = stream::iter([Ok(Bytes::from_static(b"{"))]).chain(stream::pending());
    let problem = refused(trickle).await;
    assert_eq!(problem.code(), Code::RequestTimeout);
    assert_eq!(problem.status_code().as_u16(), 408);
    assert!(!problem.error_response().keep_alive());
}

#[actix_web::test]
async fn an_endless_body_is_413_and_a_broken_one_400() {
    let flood = stream::repeat_with(|| Ok(Bytes::from_static(b"          ")));
    assert_eq!(refused(flood).await.code(), Code::PayloadTooLarge);
    let torn = stream::iter([
        Ok(Bytes::from_static(b"{")),
        Err(PayloadError::Incomplete(None)),
    ]);
    assert_eq!(refused(torn).await.code(), Code::UnreadableBody);
}

#[actix_web::test]
async fn pieces_are_put_together() {
    let request = TestRequest::post()
        .insert_header(("content-type", "application/json"))
        .to_http_request();
    let pieces = GOOD
        .as_bytes()
        .chunks(7)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)));
    let pieces: Vec<Result<Bytes, PayloadError>> = pieces.collect();
    let mut payload = Payload::Stream {
        payload: stream::iter(pieces).boxed_local(),
    };
    let Valid(login) = Valid::<Login>::from_request(&request, &mut payload)
        .await
        .expect("a login");
    assert_eq!(login.email.as_deref(), Some("a@b.kr"));
}

#[actix_web::test]
async fn an_inner_scopes_limits_count_first() {
    let app = App::new().app_data(BodyLimits::default()).service(
        web::scope("/inner")
            .app_data(BodyLimits {
                max_bytes: 1,
                ..BodyLimits::default()
            })
            .route("", web::post().to(json)),
    );
    let app = actix_web::test::init_service(app).await;
    let response =
        actix_web::test::call_service(&app, post_json("/inner", GOOD).to_request()).await;
    assert_eq!(response.status().as_u16(), 413);
}
