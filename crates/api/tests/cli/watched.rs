//! What an operator finds in the log of somebody who tries to get in.

use reqwest::Client;
use serde_json::{Value, json};

use crate::home::{Home, PASSWORD};
use crate::process::Server;

async fn ask(http: &Client, url: String, body: Value) -> (u16, Value) {
    let request = http.post(url).header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await;
    let answer = answer.expect("an answer");
    let status = answer.status().as_u16();
    let body = answer.bytes().await.expect("a whole answer");
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_sign_ins_and_stolen_tokens_are_logged_with_the_account() {
    let home = Home::new();
    let server = Server::start(&home);
    let http = Client::new();
    let url = |what: &str| format!("{}/api/v1/{what}", server.base());
    let person = |name: &str, password: &str| json!({"username": name, "password": password});
    let (made, account) = ask(&http, url("users/sign-up"), person("yuna_kim", PASSWORD)).await;
    assert_eq!(made, 201);
    let id = account["user_id"].as_str().expect("an id");

    for (name, password) in [
        ("yuna_kim", "another password 1"),
        ("nobody_here", PASSWORD),
    ] {
        let (refused, _) = ask(&http, url("users/sign-in"), person(name, password)).await;
        assert_eq!(refused, 401);
    }
    let (_, tokens) = ask(&http, url("users/sign-in"), person("yuna_kim", PASSWORD)).await;
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    for expected in [200, 401] {
        let (status, _) = ask(&http, url("auth/refresh"), refresh.clone()).await;
        assert_eq!(status, expected);
    }

    server.terminate();
    let ended = tokio::task::spawn_blocking(move || server.wait());
    let (_, log) = ended.await.expect("its end");
    let lines: Vec<Value> = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let told = |message: &str| {
        let line = lines.iter().find(|line| line["message"] == message);
        assert!(line.is_some(), "no {message:?} in {log}");
        line.expect("it is told")
    };
    let wrong = told("a sign-in was refused: it is another password");
    assert_eq!(wrong["user_id"], *id);
    let unknown = told("a sign-in was refused: there is no such account");
    assert_eq!(unknown["user_id"], Value::Null);
    let stolen = told("a refresh token was used twice: its session ends");
    assert_eq!(
        (&stolen["level"], &stolen["user_id"]),
        (&json!("WARN"), &json!(id))
    );
    assert!(!log.contains("yuna_kim") && !log.contains("nobody_here"));
}
