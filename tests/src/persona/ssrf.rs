//! Addresses that somebody hands in are kept or refused, never visited.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use test_database::on_every_engine;
use tokio::net::{TcpListener, TcpStream};

use crate::app::App;
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    whatever_address_is_handed_in_nobody_is_called,
}

/// Ways to name a port of this machine, or to have it named by somebody who follows carelessly.
const FORMS: [&str; 46] = [
    "http://127.0.0.1:{port}/a.png",
    "HTTP://127.0.0.1:{port}/a.png",
    "https://127.0.0.1:{port}/a.png",
    "http://localhost:{port}/a.png",
    "http://LOCALHOST.:{port}/a.png",
    "http://localhost.localdomain:{port}/a.png",
    "http://127.1:{port}/a.png",
    "http://127.0.1:{port}/a.png",
    "http://127.255.255.254:{port}/a.png",
    "http://0:{port}/a.png",
    "http://0.0.0.0:{port}/a.png",
    "http://2130706433:{port}/a.png",
    "http://0x7f000001:{port}/a.png",
    "http://0x7f.0x0.0x0.0x1:{port}/a.png",
    "http://0177.0.0.1:{port}/a.png",
    "http://0177.0.0.01:{port}/a.png",
    "http://017700000001:{port}/a.png",
    "http://[::1]:{port}/a.png",
    "http://[0:0:0:0:0:0:0:1]:{port}/a.png",
    "http://[::]:{port}/a.png",
    "http://[::ffff:127.0.0.1]:{port}/a.png",
    "http://[::ffff:7f00:1]:{port}/a.png",
    "http://[64:ff9b::7f00:1]:{port}/a.png",
    "http://me@127.0.0.1:{port}/a.png",
    "http://me:secret@127.0.0.1:{port}/a.png",
    "http://images.example@127.0.0.1:{port}/a.png",
    "http://images.example%00@127.0.0.1:{port}/a.png",
    "http://127.0.0.1:{port}#@images.example/a.png",
    "http://127.0.0.1:{port}?@images.example/a.png",
    "http://127.0.0.1:{port}\\@images.example/a.png",
    "http://127%2e0%2e0%2e1:{port}/a.png",
    "http://①②⑦.⓪.⓪.①:{port}/a.png",
    "http://127。0。0。1:{port}/a.png",
    "http:/127.0.0.1:{port}/a.png",
    "http:127.0.0.1:{port}/a.png",
    "http:\\\\127.0.0.1:{port}\\a.png",
    "//127.0.0.1:{port}/a.png",
    "\\\\127.0.0.1:{port}\\a.png",
    "/media/../../http://127.0.0.1:{port}/a.png",
    "/media/@127.0.0.1:{port}/a.png",
    "http://127.0.0.1:{port}/\r\nHost: images.example",
    "ftp://127.0.0.1:{port}/a.png",
    "gopher://127.0.0.1:{port}/_a",
    "ws://127.0.0.1:{port}/a.png",
    "data:text/html,<img src=http://127.0.0.1:{port}/a.png>",
    "data:image/svg+xml,<svg><image href='http://127.0.0.1:{port}/a.png'/></svg>",
];

/// Every field that takes an address or a picture, with this one in it.
fn requests(form: &str) -> [(Method, &'static str, Value); 8] {
    [
        (Method::POST, "/api/v1/media", json!({"image": form})),
        (
            Method::POST,
            "/api/images",
            json!({"name": form, "gender": form, "feature": form, "options": [form]}),
        ),
        (
            Method::PUT,
            "/api/personas/setting",
            json!({"persona_img": form, "persona_parameters": {"look": form}}),
        ),
        (
            Method::PATCH,
            "/api/personas/1",
            json!({"persona_img": form}),
        ),
        (
            Method::PATCH,
            "/api/v1/users/me",
            json!({"profile_img": form}),
        ),
        (
            Method::POST,
            "/api/v1/outfits",
            json!({"img_url": form, "origin_url": "/1"}),
        ),
        (
            Method::POST,
            "/api/v1/outfits",
            json!({"img_url": "/media/1.jpg", "origin_url": form}),
        ),
        (
            Method::POST,
            "/api/v1/users/me/identities/kakao",
            json!({"access_token": form, "redirect_uri": form}),
        ),
    ]
}

async fn whatever_address_is_handed_in_nobody_is_called(app: Arc<App>) {
    let canary = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = canary.local_addr().expect("an address");
    let client = app.start().await;
    let me = Person::new(&client).await;
    let promote = format!("UPDATE users SET role = 1 WHERE id = {}", me.id);
    app.change(&promote).await;
    for form in FORMS {
        let form = form.replace("{port}", &address.port().to_string());
        for (method, path, body) in requests(&form) {
            let answer = me.client.request(method, path).json(&body).await;
            assert!(
                !answer.status.is_server_error(),
                "{path} with {form}: {}",
                answer.status
            );
        }
        // As many as one may have would be made.
        let removed = me.client.delete("/api/personas/1").await;
        assert!(
            [200, 404].contains(&removed.status.as_u16()),
            "{}",
            removed.status
        );
    }
    let own = TcpStream::connect(address).await.expect("a connection");
    let (_, first) = canary.accept().await.expect("a connection");
    let own = own.local_addr().expect("an address");
    assert_eq!(first, own, "somebody called before us");
}
