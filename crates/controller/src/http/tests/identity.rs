//! Request ids, and what is logged under them.

use std::{
    io,
    sync::{Arc, Mutex},
};

use actix_web::{HttpResponse, get, web::ServiceConfig};
use serde_json::Value;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use super::{ask, get};
use crate::http::{Problem, RequestId};

#[get("/id/{secret}")]
async fn echo(id: RequestId) -> HttpResponse {
    tracing::info!("inside");
    HttpResponse::Ok().body(id.as_str().to_owned())
}

#[get("/fails")]
async fn fails() -> Problem {
    let deep = io::Error::other("disk full");
    Problem::internal(io::Error::other(Wrapped(deep)))
}

#[derive(Debug, thiserror::Error)]
#[error("cannot store")]
struct Wrapped(#[source] io::Error);

fn routes(config: &mut ServiceConfig) {
    config.service(echo).service(fails);
}

#[actix_web::test]
async fn a_good_request_id_is_kept_and_echoed() {
    let longest = "x".repeat(128);
    for good in ["a", "0190-AZ_az.9", longest.as_str()] {
        let answer = ask(routes, get("/id/1").insert_header(("x-request-id", good))).await;
        assert_eq!(answer.header("x-request-id"), Some(good));
        assert_eq!(&answer.body[..], good.as_bytes());
    }
}

#[actix_web::test]
async fn a_bad_or_missing_request_id_is_replaced() {
    let too_long = "x".repeat(129);
    for bad in ["", "a b", "ü", "a,b", "<script>", "a\"b", too_long.as_str()] {
        let answer = ask(routes, get("/id/1").insert_header(("x-request-id", bad))).await;
        let id = answer.header("x-request-id").expect("an id");
        assert!(
            id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{id}"
        );
    }
    let first = ask(routes, get("/id/1")).await;
    let second = ask(routes, get("/id/1")).await;
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    assert_eq!(
        ask(routes, get("/nowhere"))
            .await
            .header("x-request-id")
            .map(str::len),
        Some(32)
    );
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the lines").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The log of one request, as JSON lines.
async fn logged(filter: &str, request: actix_web::test::TestRequest) -> Vec<Value> {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(lines.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    // Call sites may have been met by other tests' threads, without a subscriber.
    tracing::callsite::rebuild_interest_cache();
    ask(routes, request).await;
    drop(guard);
    let bytes = lines.0.lock().expect("the lines").clone();
    let text = String::from_utf8(bytes).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a JSON line"))
        .collect()
}

#[actix_web::test]
async fn one_access_line_a_request_without_the_path() {
    let request = get("/id/hidden?key=hidden").insert_header(("x-request-id", "r-1"));
    let lines = logged("info", request).await;
    let access: Vec<_> = lines
        .iter()
        .filter(|line| line["target"] == "access")
        .collect();
    assert_eq!(access.len(), 1, "{lines:?}");
    assert_eq!(access[0]["fields"]["route"], "/id/{secret}");
    assert_eq!(access[0]["fields"]["method"], "GET");
    assert_eq!(access[0]["fields"]["status"], 200);
    assert!(access[0]["fields"]["duration_us"].is_u64());
    assert!(
        lines.iter().all(|line| line["span"]["request_id"] == "r-1"),
        "{lines:?}"
    );
    assert!(
        lines
            .iter()
            .any(|line| line["fields"]["message"] == "inside")
    );
    assert!(!format!("{lines:?}").contains("hidden"));
}

#[actix_web::test]
async fn an_unknown_path_is_not_logged() {
    let lines = logged("info", get("/made-up")).await;
    assert_eq!(lines[0]["fields"]["route"], "-");
    assert_eq!(lines[0]["fields"]["status"], 404);
}

#[actix_web::test]
async fn the_access_log_can_be_switched_off() {
    assert!(logged("info,access=off", get("/nowhere")).await.is_empty());
}

#[actix_web::test]
async fn a_cause_is_logged_once_with_its_chain_and_request_id() {
    let lines = logged(
        "error",
        get("/fails").insert_header(("x-request-id", "r-2")),
    )
    .await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    let cause = lines[0]["fields"]["cause"].as_str().expect("a cause");
    assert_eq!(cause, "cannot store: disk full");
    assert_eq!(lines[0]["fields"]["code"], "internal");
    assert_eq!(lines[0]["span"]["request_id"], "r-2");
}
