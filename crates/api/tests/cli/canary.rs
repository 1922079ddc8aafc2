//! A token that Meta handed out is found nowhere afterwards: not in the data directory, not in what
//! was logged however much is logged, not in any answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;

use reqwest::{Method, redirect::Policy};
use serde_json::json;

use crate::home::{Home, PASSWORD};
use crate::process::Server;

/// What every token here holds.
const CANARY: &str = "EAAcanarycanary7731";
const SECRET: &str = "the-secret-of-our-app-7731";
const CODE: &str = "a-code-to-be-exchanged-7731";

/// Answers one request as Meta would; for accounts with an error that repeats the token, as Meta
/// does.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let (mut request, mut buffer) = (Vec::new(), [0; 4_096]);
    let is_whole = |request: &[u8]| {
        let text = String::from_utf8_lossy(request).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            return false;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length = length.and_then(|length| length.parse().ok());
        body.len() >= length.unwrap_or(0)
    };
    while !is_whole(&request) {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            read => request.extend_from_slice(&buffer[..read]),
        }
    }
    let (status, body) = if request.starts_with(b"POST /oauth/access_token ") {
        let token =
            json!({"access_token": CANARY, "token_type": "bearer", "expires_in": 5_000_000});
        (200, token)
    } else {
        let told = format!("Malformed access token {CANARY}");
        (
            400,
            json!({"error": {"message": told, "type": "OAuthException", "code": 1}}),
        )
    };
    let body = body.to_string();
    write!(
        stream,
        "HTTP/1.1 {status} Answer\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Starts the stand-in; its thread ends with the tests.
fn meta() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that hangs up is a client's right.
            let _ = answer(stream);
        }
    });
    address
}

/// Files in a folder, and what they hold.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            let content = std::fs::read(&path).expect("a file");
            found.push((path.display().to_string(), content));
        }
    }
    found
}

#[track_caller]
fn assert_clean(place: &str, content: &[u8]) {
    let text = String::from_utf8_lossy(content);
    for secret in [CANARY, SECRET, CODE] {
        assert!(!text.contains(secret), "{secret} is in {place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_found_nowhere() {
    let base = format!("http://{}", meta());
    let home = Home::new()
        .with("META_APP_ID", "7731")
        .with("META_APP_SECRET", SECRET)
        .with("ENSEMBLE__META__GRAPH_BASE_URL", &base)
        .with("ENSEMBLE__META__DIALOG_BASE_URL", &base)
        .with("ENSEMBLE__LOG__LEVEL", "trace");
    home.user("01077317731");
    let server = Server::start(&home);
    let http = reqwest::Client::builder().redirect(Policy::none()).build();
    let http = http.expect("a client");
    let mut answers = Vec::new();
    let mut ask = async |method: Method, path: &str, token: &str, body: Option<String>| {
        let mut request = http
            .request(method, format!("{}{path}", server.base()))
            .bearer_auth(token);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body);
        }
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.text().await.expect("a whole answer");
        answers.push(format!("{headers:?}{body}"));
        (status, headers, body)
    };
    let credentials = json!({"phone_number": "01077317731", "password": PASSWORD}).to_string();
    let signed_in = http
        .post(format!("{}/api/v1/users/sign-in", server.base()))
        .header("content-type", "application/json")
        .body(credentials);
    let tokens: serde_json::Value = signed_in
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let token = tokens["access_token"].as_str().expect("a token");
    let draft = json!({"persona_img": "/media/1.png", "persona_parameters": {}}).to_string();
    let made = ask(Method::PUT, "/api/personas/setting", token, Some(draft)).await;
    assert_eq!(made.0, 201);
    let (status, headers, _) = ask(
        Method::GET,
        "/oauth/instagram/start?persona_num=1",
        token,
        None,
    )
    .await;
    assert_eq!(status, 302);
    let dialog = headers["location"].to_str().expect("an address");
    let state = dialog.split("state=").nth(1).expect("a state");
    let back = format!("/oauth/instagram/callback?code={CODE}&state={state}");
    assert_eq!(ask(Method::GET, &back, token, None).await.0, 302);
    let accounts = "/oauth/instagram/accounts?persona_num=1";
    assert_eq!(ask(Method::GET, accounts, token, None).await.0, 502);
    let shown = ask(Method::GET, "/api/v1/personas/1", token, None).await.2;
    assert!(shown.contains("\"ig_status\":\"connected\""), "{shown}");
    for answer in answers {
        assert_clean("an answer", answer.as_bytes());
    }
    // While the server runs: the database, its journal, everything beside them.
    let data = home.path("data");
    let before = contents(&data);
    assert!(before.iter().any(|(name, _)| name.ends_with("-wal")));
    server.terminate();
    let (_, log) = tokio::task::spawn_blocking(move || server.wait())
        .await
        .expect("its end");
    assert!(log.contains("connected with Instagram"), "{log}");
    assert_clean("the log", log.as_bytes());
    for (name, content) in before.into_iter().chain(contents(&data)) {
        assert_clean(&name, &content);
    }
}
