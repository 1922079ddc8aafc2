//! A portrait service that answers without end costs little memory, and everybody gets a picture.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::home::Home;
use crate::process::Server;

/// How much memory a hostile service may cost, in KiB.
const MOST_KIB: u64 = 64 * 1024;
/// What is sent at once, and how often at most: a gigabyte.
static PIECE: [u8; 1 << 20] = [b'A'; 1 << 20];
const PIECES: usize = 1_024;

/// Answers a gigabyte of a picture: announced, in chunks, or until the connection ends.
fn flood(mut stream: TcpStream, number: usize) -> std::io::Result<()> {
    // The request is small: it comes in one piece.
    let _ = stream.read(&mut [0; 4_096])?;
    let length = PIECES * PIECE.len();
    match number % 3 {
        0 => write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")?,
        1 => write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n"
        )?,
        _ => write!(
            stream,
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n"
        )?,
    }
    write!(stream, r#"{{"image":"data:image/png;base64,"#)?;
    (0..PIECES).try_for_each(|_| stream.write_all(&PIECE))
}

/// Starts the stand-in, whose threads end with the tests; where it is, and how often it was asked.
fn service() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let number = count.fetch_add(1, Ordering::SeqCst);
            // Whoever hangs up has had enough.
            std::thread::spawn(move || flood(stream, number).is_ok());
        }
    });
    (address, asked)
}

/// Asks for so many portraits at once; each comes, drawn here.
async fn portraits(http: &reqwest::Client, base: &str, count: usize) {
    let url: Arc<str> = format!("{base}/api/images").into();
    let mut asked = JoinSet::new();
    for number in 0..count {
        let (http, url) = (http.clone(), url.clone());
        let body = json!({"name": format!("유나 {number}"), "gender": "여성", "options": []});
        asked.spawn(async move {
            let request = http.request(Method::POST, &*url);
            let request = request.header("content-type", "application/json");
            let answer = request.body(body.to_string()).send().await;
            let answer = answer.expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK);
            let portrait: Value = answer.json().await.expect("JSON");
            assert_eq!(portrait["fallback"], true);
        });
    }
    asked.join_all().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_without_end_cost_little_memory() {
    let (service, asked) = service();
    let home = Home::new()
        .with("ENSEMBLE__AI__SERVICE_URL", &format!("http://{service}"))
        .with("ENSEMBLE__AI__CONCURRENCY", "4")
        .with("ENSEMBLE__LOG__LEVEL", "error,ready=info");
    let quiet = Home::new().with("ENSEMBLE__LOG__LEVEL", "error,ready=info");
    let http = reqwest::Client::new();
    // What drawing itself costs is no fault of the service.
    let mut peaks = Vec::new();
    for home in [quiet, home] {
        let server = Server::start(&home);
        for _ in 0..3 {
            portraits(&http, server.base(), 12).await;
        }
        peaks.push(server.peak_kib());
    }
    let cost = peaks[1].saturating_sub(peaks[0]);
    assert!(
        asked.load(Ordering::SeqCst) >= 4,
        "all at once, once at least"
    );
    assert!(cost <= MOST_KIB, "{peaks:?} KiB at most, without and with");
}
