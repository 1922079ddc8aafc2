//! Traces: what a collector hears of a request, and what becomes of a server whose collector is away.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use parking_lot::Mutex;
use prost::Message;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::home::Home;
use crate::process::Server;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";
const EMAIL: &str = "yuna@example.com";
const QUERY: &str = "hunter2";

/// What a listener was sent: the head of each request, and its body.
type Heard = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// Answers every request with this, until the tests end.
fn listener(answer: &'static str) -> (SocketAddr, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let heard = Heard::default();
    let kept = heard.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = kept.clone();
            // Whoever hangs up has heard enough.
            std::thread::spawn(move || listen(stream, &kept, answer).is_ok());
        }
    });
    (address, heard)
}

fn listen(stream: TcpStream, heard: &Heard, answer: &str) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        let head = head.to_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length = length
            .and_then(|length| length.parse().ok())
            .unwrap_or_default();
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        heard.lock().push((head, body));
        let length = answer.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{answer}"
        )?;
    }
}

/// A collector; what it is sent.
struct Collector {
    address: SocketAddr,
    heard: Heard,
}

impl Collector {
    fn start() -> Self {
        let (address, heard) = listener("");
        Self { address, heard }
    }

    fn home(&self) -> Home {
        Home::new()
            .with(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                &format!("http://{}", self.address),
            )
            .with("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a%20key")
            .with("OTEL_SERVICE_NAME", "shop")
            .with("ENSEMBLE__LOG__FORMAT", "json")
    }

    /// Every span that has arrived.
    fn spans(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        for (head, body) in &*self.heard.lock() {
            assert!(head.starts_with("post /v1/traces "), "{head}");
            assert!(head.contains("x-key: a key\r\n"), "{head}");
            let sent = ExportTraceServiceRequest::decode(&body[..]).expect("OTLP");
            for resource in sent.resource_spans {
                let named = format!("{:?}", resource.resource);
                assert!(
                    named.contains("service.name") && named.contains("\"shop\""),
                    "{named}"
                );
                spans.extend(
                    resource
                        .scope_spans
                        .into_iter()
                        .flat_map(|scope| scope.spans),
                );
            }
        }
        spans
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The one span of this name in the trace.
#[track_caller]
fn one<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let mut found = spans
        .iter()
        .filter(|span| span.name == name && hex(&span.trace_id) == TRACE);
    let span = found.next();
    assert!(span.is_some(), "{name} is not among {spans:#?}");
    assert!(found.next().is_none(), "{name} is there twice");
    span.expect("it is there")
}

async fn post(server: &Server, path: &str, flags: &str, body: Value) -> StatusCode {
    let request = Client::new()
        .post(format!("{}{path}?q={QUERY}", server.base()))
        .header("content-type", "application/json")
        .header("traceparent", format!("00-{TRACE}-{CALLER}-{flags}"))
        .header("tracestate", "vendor=1");
    let answer = request.body(body.to_string()).send().await;
    answer.expect("an answer").status()
}

async fn register(server: &Server, flags: &str) -> StatusCode {
    let body = json!({"name": "유나", "email": EMAIL, "password": "correct horse battery"});
    post(server, "/api/v1/auth/register", flags, body).await
}

/// Waits until a mail lies in the folder.
async fn mailed(folder: &Path) {
    let arrives = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(10));
        let is_mail = |name: &str| name.ends_with(".eml");
        loop {
            rounds.tick().await;
            let Ok(files) = std::fs::read_dir(folder) else {
                continue;
            };
            let mut names = files.flatten().map(|file| file.file_name());
            if names.any(|name| name.to_str().is_some_and(is_mail)) {
                return;
            }
        }
    };
    let arrived = tokio::time::timeout(Duration::from_secs(30), arrives).await;
    arrived.expect("a mail");
}

fn ends_well(server: Server) -> String {
    server.terminate();
    let (status, log) = server.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    log
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_its_parts_and_its_mail_belong_to_the_trace_it_came_with() {
    let collector = Collector::start();
    let (ai, asked) = listener("{}");
    let home = collector
        .home()
        .with("AI_SERVICE_URL", &format!("http://{ai}"));
    let server = Server::start(&home);
    assert_eq!(register(&server, "01").await, StatusCode::CREATED);
    let portrait = json!({"name": "유나", "gender": "여성", "options": []});
    assert_eq!(
        post(&server, "/api/images", "01", portrait).await,
        StatusCode::OK
    );
    mailed(&home.path("data/mail")).await;
    // What waits in the queue is sent before the end.
    let log = ends_well(server);

    let spans = collector.spans();
    let request = one(&spans, "POST /api/v1/auth/register");
    assert_eq!(hex(&request.parent_span_id), CALLER);
    assert_eq!(request.trace_state, "vendor=1");
    let told = format!("{:?}", request.attributes);
    for told_of in ["http.route", "http.response.status_code", "IntValue(201)"] {
        assert!(told.contains(told_of), "{told_of} is not in {told}");
    }
    let parts: Vec<&Span> = spans
        .iter()
        .filter(|span| span.parent_span_id == request.span_id)
        .collect();
    let has = |name: &str| parts.iter().any(|part| part.name == name);
    assert!(has("transaction") && has("INSERT outbox"), "{parts:#?}");
    // The job kept the context of the request that queued it, and went on with it.
    let delivery = one(&spans, "deliver mail");
    assert_eq!(delivery.parent_span_id, request.span_id);

    // Whoever was asked on its account was told so.
    let portrait = one(&spans, "POST /api/images");
    let call = one(&spans, "POST 127.0.0.1");
    assert_eq!(call.parent_span_id, portrait.span_id);
    let (head, _) = asked.lock()[0].clone();
    let parent = format!("traceparent: 00-{TRACE}-{}-01\r\n", hex(&call.span_id));
    assert!(head.contains(&parent), "{head}");
    assert!(head.contains("tracestate: vendor=1\r\n"), "{head}");

    // Nothing in it tells of anybody.
    let all = format!("{spans:?}");
    for secret in [EMAIL, "유나", QUERY, "correct horse"] {
        assert!(!all.contains(secret), "{secret} is in {all}");
    }
    let lines: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("/auth/register"))
        .collect();
    assert!(
        !lines.is_empty() && lines.iter().all(|line| line.contains(TRACE)),
        "{log}"
    );
    let sent = log.lines().find(|line| line.contains("a message was sent"));
    assert!(sent.expect("a line").contains(TRACE), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_caller_does_not_record_is_not_recorded() {
    let collector = Collector::start();
    let (ai, asked) = listener("{}");
    let home = collector
        .home()
        .with("AI_SERVICE_URL", &format!("http://{ai}"));
    let server = Server::start(&home);
    let portrait = json!({"name": "유나", "gender": "여성", "options": []});
    assert_eq!(
        post(&server, "/api/images", "00", portrait).await,
        StatusCode::OK
    );
    ends_well(server);
    let spans = collector.spans();
    assert!(
        spans.iter().all(|span| hex(&span.trace_id) != TRACE),
        "{spans:#?}"
    );
    // But passed on it is, as it came.
    let (head, _) = asked.lock()[0].clone();
    assert!(
        head.contains(&format!("traceparent: 00-{TRACE}-")),
        "{head}"
    );
    assert!(head.contains("-00\r\n"), "{head}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_share_is_recorded_of_what_comes_without_a_trace() {
    let collector = Collector::start();
    let home = collector.home().with("OTEL_TRACES_SAMPLER_ARG", "0");
    let server = Server::start(&home);
    let answer = reqwest::get(format!("{}/health", server.base())).await;
    assert_eq!(answer.expect("an answer").status(), StatusCode::OK);
    assert_eq!(register(&server, "01").await, StatusCode::CREATED);
    ends_well(server);
    let spans = collector.spans();
    one(&spans, "POST /api/v1/auth/register");
    assert!(
        spans.iter().all(|span| span.name != "GET /health"),
        "{spans:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_is_told_of_once_and_waited_for_by_nobody() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = nobody.local_addr().expect("an address");
    drop(nobody);
    let home = Home::new()
        .with("ENSEMBLE__TRACES__ENDPOINT", &format!("http://{address}"))
        .with("OTEL_BSP_SCHEDULE_DELAY", "20")
        .with("OTEL_BSP_MAX_QUEUE_SIZE", "4")
        .with("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2");
    let server = Server::start(&home);
    let client = Client::new();
    for _ in 0..200 {
        let answer = client.get(format!("{}/health", server.base())).send().await;
        assert_eq!(answer.expect("an answer").status(), StatusCode::OK);
    }
    assert_eq!(register(&server, "01").await, StatusCode::CREATED);
    mailed(&home.path("data/mail")).await;
    let log = ends_well(server);
    assert_eq!(log.matches("traces do not arrive").count(), 1, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_collector_nothing_is_recorded_or_passed_on() {
    let (ai, asked) = listener("{}");
    let home = Home::new().with("AI_SERVICE_URL", &format!("http://{ai}"));
    let server = Server::start(&home);
    let portrait = json!({"name": "유나", "gender": "여성", "options": []});
    assert_eq!(
        post(&server, "/api/images", "01", portrait).await,
        StatusCode::OK
    );
    let log = ends_well(server);
    assert!(!log.contains("trace_id"), "{log}");
    let (head, _) = asked.lock()[0].clone();
    assert!(!head.contains("traceparent"), "{head}");
}
