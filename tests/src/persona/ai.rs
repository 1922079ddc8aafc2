//! Portraits by the service, however it behaves.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_database::on_every_engine;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::stand_in::{StandIn, write};
use super::{data_uri, png, size, url};
use crate::app::App;
use crate::client::{Client, text};

on_every_engine! {
    crate::app::run;
    what_the_service_draws_is_kept_and_shown,
    whatever_the_service_does_there_is_a_picture_in_time,
    an_endless_answer_is_cut_off,
    a_service_that_fails_is_left_alone,
}

/// How long a portrait may take, in seconds.
const TIMEOUT: &str = "2";

async fn answered(connection: TcpStream, image: &str) {
    let body = json!({"image": image}).to_string();
    let kind = "content-type: application/json\r\n";
    write(connection, "200 OK", kind, body.as_bytes()).await;
}

/// Keeps the connection open until the other side has gone.
async fn hang(connection: TcpStream) {
    let mut byte = [0];
    while matches!(connection.peek(&mut byte).await, Ok(count) if count > 0) {
        tokio::task::yield_now().await;
    }
}

/// Behaves as the name of who wants the portrait says.
async fn behave(mode: &str, mut connection: TcpStream) {
    match mode {
        "ok" => answered(connection, &data_uri("image/png", &png(1))).await,
        "slow" | "hang" => {
            if mode == "slow" {
                let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{\"image\":\"";
                let _ = connection.write_all(head).await;
            }
            hang(connection).await;
        }
        "500" => write(connection, "500 Broken", "", b"{}").await,
        "cut" => {
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{\"image\":\"data:";
            let _ = connection.write_all(head).await;
        }
        "garbage" => write(connection, "200 OK", "", b"\x00\xff<html>").await,
        "redirect" => {
            write(
                connection,
                "302 Found",
                "location: http://127.0.0.1:1/\r\n",
                b"",
            )
            .await
        }
        "announced" => {
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n";
            let _ = connection.write_all(head).await;
            hang(connection).await;
        }
        "type" => answered(connection, &data_uri("image/png", b"%PDF-1.7 hello")).await,
        "cut picture" => {
            let whole = png(2);
            answered(
                connection,
                &data_uri("image/png", &whole[..whole.len() / 2]),
            )
            .await;
        }
        "script" => {
            let drawing = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>\
                <script>alert(1)</script><rect width='10' height='10' fill='teal'/></svg>";
            answered(connection, &data_uri("image/svg+xml", drawing.as_bytes())).await;
        }
        _ => {}
    }
}

async fn service() -> StandIn {
    StandIn::start(|asked, connection| async move {
        assert_eq!(
            (asked.method.as_str(), asked.path.as_str()),
            ("POST", "/predict")
        );
        let body: Value = serde_json::from_slice(&asked.body).expect("JSON");
        behave(text(&body["name"]), connection).await;
    })
    .await
}

async fn with(app: &App, service: &StandIn, cooldown: &str) -> Client {
    app.start_with(&[
        ("AI_SERVICE_URL", service.url().as_str()),
        ("ENSEMBLE__AI__TIMEOUT_SECONDS", TIMEOUT),
        ("ENSEMBLE__AI__BREAKER_COOLDOWN_SECONDS", cooldown),
    ])
    .await
}

async fn portrait(client: &Client, name: &str) -> Value {
    let body = json!({"name": name, "gender": "여성", "options": []});
    client.post("/api/images").json(&body).await.is(200).json()
}

async fn what_the_service_draws_is_kept_and_shown(app: Arc<App>) {
    let service = service().await;
    let client = with(&app, &service, "0").await;
    let drawn = portrait(&client, "ok").await;
    assert!(text(&drawn["image"]).starts_with("data:image/png;base64,"));
    assert_eq!(drawn.get("fallback"), None);
    let shown = client.get(url(&drawn)).await.is(200);
    assert_eq!(size(&shown), (24, 16));
    // A drawing from outside is painted: no script is kept or shown.
    let painted = portrait(&client, "script").await;
    assert!(text(&painted["image"]).starts_with("data:image/png;base64,"));
    let shown = client.get(url(&painted)).await.is(200);
    assert_eq!(shown.header("content-type"), "image/png");
}

async fn whatever_the_service_does_there_is_a_picture_in_time(app: Arc<App>) {
    let service = service().await;
    let client = with(&app, &service, "0").await;
    let modes = [
        "slow",
        "hang",
        "500",
        "cut",
        "garbage",
        "redirect",
        "announced",
        "type",
        "cut picture",
    ];
    let start = Instant::now();
    for mode in modes {
        let drawn = portrait(&client, mode).await;
        assert_eq!(drawn["fallback"], true, "{mode}");
        client.get(url(&drawn)).await.is(200);
    }
    // Only two of them make us wait at all.
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
    let unreachable = app
        .start_with(&[("AI_SERVICE_URL", "http://127.0.0.1:9")])
        .await;
    assert_eq!(portrait(&unreachable, "ok").await["fallback"], true);
}

async fn an_endless_answer_is_cut_off(app: Arc<App>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = sent.clone();
    let service = StandIn::start(move |_, mut connection| {
        let sent = counted.clone();
        async move {
            let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            let _ = connection.write_all(head).await;
            let mut piece = b"100000\r\n".to_vec();
            piece.extend(vec![b'A'; 1 << 20]);
            piece.extend(b"\r\n");
            // A gigabyte, unless nobody wants it.
            for _ in 0..1024 {
                if connection.write_all(&piece).await.is_err() {
                    return;
                }
                sent.fetch_add(1, Ordering::Relaxed);
            }
        }
    })
    .await;
    let client = with(&app, &service, "0").await;
    assert_eq!(portrait(&client, "endless").await["fallback"], true);
    let megabytes = sent.load(Ordering::Relaxed);
    assert!(megabytes < 40, "{megabytes} MB were taken");
}

async fn a_service_that_fails_is_left_alone(app: Arc<App>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let service = StandIn::start(move |_, connection| {
        counted.fetch_add(1, Ordering::Relaxed);
        write(connection, "500 Broken", "", b"")
    })
    .await;
    let client = with(&app, &service, "3600").await;
    for number in 0..6 {
        let drawn = portrait(&client, &format!("person {number}")).await;
        assert_eq!(drawn["fallback"], true);
    }
    assert_eq!(asked.load(Ordering::Relaxed), 3);
}
