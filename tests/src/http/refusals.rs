//! Requests that no route can make sense of. That each answer is a whole problem document, in the
//! language asked for, is checked by the client.

use std::io::Write;
use std::sync::Arc;

use reqwest::Method;
use serde_json::json;
use test_database::on_every_engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::app::App;
use crate::client::{Client, Sent};
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    an_address_that_is_not_there,
    a_method_that_is_not_there,
    a_body_that_is_too_large,
    a_body_of_another_kind,
    a_body_that_cannot_be_read,
    an_answer_in_another_language,
    a_head_is_a_get_without_its_body,
    a_request_of_two_lengths_is_refused,
}

/// Sends a request once for each language.
async fn in_both_languages(send: impl Fn() -> Sent, status: u16, code: &str) {
    for language in ["en", "ko-KR, ko;q=0.9", "fr, de"] {
        let answer = send().header("accept-language", language).await;
        answer.refused(status, code);
    }
}

async fn an_address_that_is_not_there(app: Arc<App>) {
    let client = app.start().await;
    for path in [
        "/nothing",
        "/api/v1/nothing",
        "/api/v1/products/1/2",
        "/api/v2/products",
        "/%E2%82%AC?q=%FF",
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let method: Method = method.parse().expect("a method");
            let send = || client.request(method.clone(), path);
            in_both_languages(send, 404, "not_found").await;
        }
    }
    let person = Person::new(&client).await;
    for id in ["x", "-1", "1e3", "99999999999999999999", "%20", "1%2F2"] {
        let send = || person.client.get(&format!("/api/v1/products/{id}"));
        in_both_languages(send, 404, "product_not_found").await;
        let send = || {
            person
                .client
                .delete(&format!("/api/v1/users/me/sessions/{id}"))
        };
        in_both_languages(send, 404, "session_not_found").await;
    }
}

async fn a_method_that_is_not_there(app: Arc<App>) {
    let client = app.start().await;
    for (path, allowed) in [
        ("/health", "GET, HEAD, OPTIONS"),
        ("/api/v1/users/sign-up", "POST, OPTIONS"),
        ("/api/v1/users/me", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
        ("/api/v1/users/me/password", "PUT, OPTIONS"),
        (
            "/api/v1/products",
            "GET, HEAD, POST, PATCH, DELETE, OPTIONS",
        ),
        ("/api/v1/products/1", "GET, HEAD, PATCH, DELETE, OPTIONS"),
        ("/api/v1/products/1/restore", "POST, OPTIONS"),
    ] {
        let send = || client.request(Method::TRACE, path);
        in_both_languages(send, 405, "method_not_allowed").await;
        assert_eq!(send().await.header("allow"), allowed, "{path}");
        let options = client.request(Method::OPTIONS, path).await.is(204);
        assert_eq!(options.header("allow"), allowed, "{path}");
    }
    let answer = client.put("/api/v1/products").json(&json!({})).await;
    answer.refused(405, "method_not_allowed");
}

async fn a_body_that_is_too_large(app: Arc<App>) {
    let limit = ("ENSEMBLE__LIMITS__BODY_BYTES", "2000");
    let client = app.start_with(&[limit]).await;
    let body = |name: usize| {
        json!({"phone_number": "x", "password": "x", "name": "x".repeat(name)}).to_string()
    };
    let send = |body: String| {
        client
            .post("/api/v1/users/sign-up")
            .body("application/json", body)
    };
    in_both_languages(|| send(body(2_000)), 413, "payload_too_large").await;
    send(body(1_000)).await.refused(422, "invalid_request");
    // What counts is what comes out of the compression.
    let packed = gzip(body(100_000).as_bytes());
    assert!(packed.len() < 1_000);
    let bomb = client
        .post("/api/v1/users/sign-up")
        .body("application/json", packed);
    let answer = bomb.header("content-encoding", "gzip").await;
    answer.refused(413, "payload_too_large");
    // Announced or not.
    let pieces = body(2_000).into_bytes();
    let pieces = pieces
        .chunks(100)
        .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()));
    let stream = futures_util::stream::iter(pieces.collect::<Vec<_>>());
    let request = client.post("/api/v1/users/sign-up");
    let answer = request
        .body("application/json", reqwest::Body::wrap_stream(stream))
        .await;
    answer.refused(413, "payload_too_large");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).expect("room");
    packer.finish().expect("room")
}

async fn a_body_of_another_kind(app: Arc<App>) {
    let client = app.start().await;
    for kind in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "nonsense",
    ] {
        let send = || client.post("/api/v1/users/sign-in").body(kind, "a=b");
        in_both_languages(send, 415, "unsupported_media_type").await;
    }
    let packed = client.post("/api/v1/users/sign-in").json(&json!({}));
    let answer = packed.header("content-encoding", "zstd").await;
    answer.refused(415, "unsupported_media_type");
    let charset = client.post("/api/v1/users/sign-in");
    let answer = charset.body("application/json; charset=UTF-8", "{}").await;
    answer.refused(422, "invalid_request");
}

async fn a_body_that_cannot_be_read(app: Arc<App>) {
    let client = app.start().await;
    let nested = "[".repeat(10_000);
    let bodies: [&[u8]; 7] = [
        b"",
        b"{",
        b"{\"a\":}",
        b"{} {}",
        b"\xff",
        b"{'a':1}",
        nested.as_bytes(),
    ];
    for body in bodies {
        let send = || {
            client
                .post("/api/v1/users/sign-in")
                .body("application/json", body.to_vec())
        };
        in_both_languages(send, 400, "unreadable_body").await;
    }
    let packed = client
        .post("/api/v1/users/sign-in")
        .body("application/json", "{}");
    let answer = packed.header("content-encoding", "gzip").await;
    answer.refused(400, "unreadable_body");
    for other in ["[]", "1", "\"a\"", "null"] {
        let answer = client
            .post("/api/v1/users/sign-in")
            .body("application/json", other);
        answer.await.invalid(&[("", "wrong_type")]);
    }
}

async fn an_answer_in_another_language(app: Arc<App>) {
    let client = app.start().await;
    let body = json!({"phone_number": "x", "password": "password"});
    let send = |language: &str| {
        let request = client.post("/api/v1/users/sign-up").json(&body);
        request.header("accept-language", language)
    };
    let english = send("en").await.refused(422, "invalid_request");
    let korean = send("ko").await.refused(422, "invalid_request");
    assert_eq!(korean["title"], "유효하지 않은 요청");
    assert_eq!(english["title"], "Invalid request");
    let details = |document: &serde_json::Value| {
        let errors = document["errors"].as_array().expect("errors");
        errors
            .iter()
            .map(|error| error["detail"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        details(&korean),
        ["너무 흔한 비밀번호입니다.", "올바른 전화번호가 아닙니다."]
    );
    assert_eq!(
        details(&english),
        [
            "This password is one that every guesser tries first.",
            "This is not a phone number."
        ]
    );
    // Codes and pointers are never translated.
    for member in ["code", "pointer"] {
        assert_eq!(english["errors"][0][member], korean["errors"][0][member]);
    }
}

async fn a_head_is_a_get_without_its_body(app: Arc<App>) {
    let person = app.person().await;
    let id = person.product("라떼").await;
    let product = format!("/api/v1/products/{id}");
    for path in [
        "/health",
        "/openapi.json",
        "/api/v1/products",
        "/api/v1/users/me",
        &product,
    ] {
        let get = person.client.get(path).await.is(200);
        let head = person.client.request(Method::HEAD, path).await.is(200);
        assert!(head.body.is_empty());
        assert_eq!(head.header("content-type"), get.header("content-type"));
        assert_eq!(head.headers.get("etag"), get.headers.get("etag"));
    }
    let head = |client: &Client, path: &str| client.request(Method::HEAD, path);
    head(&person.client, "/nothing").await.is(404);
    head(&person.client, "/api/v1/products/1").await.is(404);
    head(&person.client, "/api/v1/users/sign-up").await.is(405);
    head(&person.client.with_token("x"), &product).await.is(401);
}

/// What one server takes for the body of a request must not be the next request to another.
async fn a_request_of_two_lengths_is_refused(app: Arc<App>) {
    let client = app.start().await;
    for lengths in [
        "Content-Length: 4\r\nContent-Length: 9",
        "Content-Length: 4, 9",
        "Content-Length: +4",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
    ] {
        let request = format!(
            "POST /api/v1/users/sign-in HTTP/1.1\r\nHost: x\r\n{lengths}\r\n\r\n\
             0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
        );
        let answers = raw(&client, &request).await;
        assert!(answers.starts_with("HTTP/1.1 400"), "{lengths}: {answers}");
        assert_eq!(
            answers.matches("HTTP/1.1").count(),
            1,
            "{lengths}: {answers}"
        );
    }
}

/// All that is answered until the server hangs up.
async fn raw(client: &Client, request: &str) -> String {
    let stream = TcpStream::connect(client.authority()).await;
    let mut stream = stream.expect("a connection");
    let sent = stream.write_all(request.as_bytes()).await;
    sent.expect("room for a request");
    let mut answers = Vec::new();
    // A server that does not like a request may end the connection without a goodbye.
    let _ = stream.read_to_end(&mut answers).await;
    String::from_utf8_lossy(&answers).into_owned()
}
