//! Secrets and what is personal, planted everywhere people bring it in: however much is logged, none
//! of it is found there.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::home::Home;
use crate::process::Server;

const PASSWORD: &str = "planted Password 7732";
const NEW_PASSWORD: &str = "planted Newer 7733";
const WRONG_PASSWORD: &str = "planted Wrong 7734";
const EMAIL: &str = "planted.person.7735@example.com";
const OTHER_EMAIL: &str = "planted.other.7742@example.com";
const PHONE: &str = "01077357735";
const NAME: &str = "심은 이름 7736";
const PROVIDER_TOKEN: &str = "planted-provider-token-7737";
const INSTAGRAM_CODE: &str = "planted-instagram-code-7738";
const CHAT: &str = "심어 놓은 말 7739";
const NOTE: &str = "planted note to somebody 7740";
const SIGNATURE: &str = "cGxhbnRlZC1zaWduYXR1cmUtNzc0MQ==";

/// Asks, and keeps what must not be found.
struct Planter {
    http: Client,
    base: String,
    planted: Vec<(&'static str, String)>,
}

impl Planter {
    fn request(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match token {
            "" => request,
            token => request.bearer_auth(token),
        }
    }

    /// Sends JSON; the status, and the answer where it is JSON.
    async fn send(&self, method: Method, path: &str, token: &str, body: Value) -> (u16, Value) {
        let request = self.request(method, path, token);
        let request = request.header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await;
        let answer = answer.expect("an answer");
        let status = answer.status().as_u16();
        let body = answer.bytes().await.expect("a whole answer");
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    fn plant(&mut self, what: &'static str, value: &Value) -> String {
        let value = value.as_str().expect(what).to_owned();
        assert!(value.len() > 8, "{what} could be found by accident");
        self.planted.push((what, value.clone()));
        value
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_people_bring_is_logged() {
    let home = Home::new().with("ENSEMBLE__LOG__LEVEL", "trace");
    let server = Server::start(&home);
    let mut planter = Planter {
        http: Client::new(),
        base: server.base().to_owned(),
        planted: vec![
            ("password", PASSWORD.into()),
            ("new password", NEW_PASSWORD.into()),
            ("wrong password", WRONG_PASSWORD.into()),
            ("e-mail", EMAIL.into()),
            ("other e-mail", OTHER_EMAIL.into()),
            ("phone number", PHONE.into()),
            ("phone number, as it is kept", "+821077357735".into()),
            ("name", NAME.into()),
            ("provider's token", PROVIDER_TOKEN.into()),
            ("code of Instagram", INSTAGRAM_CODE.into()),
            ("chat message", CHAT.into()),
            ("message of a program", NOTE.into()),
            ("wrong signature", SIGNATURE.into()),
        ],
    };
    let secrets = std::fs::read_to_string(home.path("data/secrets.toml")).expect("secrets");
    for secret in secrets.split('"').skip(1).step_by(2) {
        planter
            .planted
            .push(("secret of the server", secret.into()));
    }
    let token = sign_up_and_in(&mut planter).await;
    talk(&planter, &token).await;
    visit(&mut planter).await;
    sign_requests(&mut planter, &token).await;
    prove_an_address(&mut planter, &home.path("data/mail")).await;
    be_refused(&planter, &token).await;

    server.terminate();
    let ended = tokio::task::spawn_blocking(move || server.wait());
    let (_, log) = ended.await.expect("its end");
    assert!(log.contains("\"level\":\"TRACE\""), "all of it is logged");
    assert!(planter.planted.len() > 20);
    for (what, value) in planter.planted {
        let line = log.lines().find(|line| line.contains(&value));
        assert!(line.is_none(), "the {what} is logged: {line:?}");
    }
}

async fn sign_up_and_in(planter: &mut Planter) -> String {
    let newcomer =
        json!({"email": EMAIL, "phone_number": PHONE, "name": NAME, "password": PASSWORD});
    let made = planter.send(Method::POST, "/api/v1/users/sign-up", "", newcomer);
    assert_eq!(made.await.0, 201);
    let sign_in = "/api/v1/users/sign-in";
    let wrong = json!({"email": EMAIL, "password": WRONG_PASSWORD});
    assert_eq!(planter.send(Method::POST, sign_in, "", wrong).await.0, 401);
    let right = json!({"phone_number": PHONE, "password": PASSWORD});
    let (status, tokens) = planter.send(Method::POST, sign_in, "", right).await;
    assert_eq!(status, 200);
    planter.plant("access token", &tokens["access_token"]);
    let refresh = planter.plant("refresh token", &tokens["refresh_token"]);
    let body = json!({"refresh_token": refresh});
    let refreshed = planter
        .send(Method::POST, "/api/v1/auth/refresh", "", body)
        .await;
    assert_eq!(refreshed.0, 200);
    planter.plant("next refresh token", &refreshed.1["refresh_token"]);
    let token = planter.plant("next access token", &refreshed.1["access_token"]);
    let change = json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD});
    let path = "/api/v1/users/me/password";
    let (status, _) = planter.send(Method::PUT, path, &token, change).await;
    assert!((200..300).contains(&status), "{status}");
    token
}

async fn talk(planter: &Planter, token: &str) {
    let friend = json!({"username": "planted_friend", "password": PASSWORD});
    let path = "/api/v1/users/sign-up";
    assert_eq!(
        planter.send(Method::POST, path, "", friend.clone()).await.0,
        201
    );
    let path = "/api/v1/users/sign-in";
    let (_, friend) = planter.send(Method::POST, path, "", friend).await;
    let friend = friend["access_token"].as_str().expect("a token");
    let settings = json!({"dm_from": "anyone"});
    let path = "/api/v1/chats/settings";
    let (status, _) = planter.send(Method::PUT, path, friend, settings).await;
    assert!((200..300).contains(&status), "{status}");
    let me = planter
        .request(Method::GET, "/api/v1/users/me", friend)
        .send();
    let me: Value = me.await.expect("an answer").json().await.expect("JSON");
    let id = me["id"].as_str().or(me["user_id"].as_str()).expect("an id");
    let path = format!("/api/v1/chats/{id}/messages");
    let said = planter.send(Method::POST, &path, token, json!({"content": CHAT}));
    assert_eq!(said.await.0, 201);
}

/// As a guest, whom a cookie knows.
async fn visit(planter: &mut Planter) {
    let answer = planter.request(Method::GET, "/images", "").send().await;
    let answer = answer.expect("an answer");
    let cookie = answer.headers()["set-cookie"].to_str().expect("text");
    let cookie = cookie.split(';').next().unwrap_or(cookie).to_owned();
    let value = cookie.split_once('=').expect("a cookie").1;
    planter.plant("cookie", &json!(value));
    let guest = answer.headers()["x-guest-id"]
        .to_str()
        .expect("text")
        .to_owned();
    planter.plant("guest's secret", &json!(guest));
    let again = planter
        .request(Method::GET, "/images", "")
        .header("cookie", cookie);
    assert_eq!(again.send().await.expect("an answer").status(), 200);
}

async fn sign_requests(planter: &mut Planter, token: &str) {
    let (status, key) = planter
        .send(
            Method::POST,
            "/api/v1/users/apikeys",
            token,
            json!({"name": "planted"}),
        )
        .await;
    assert_eq!(status, 201, "{key}");
    let access = key["access_key"].as_str().expect("a key").to_owned();
    let secret = planter.plant("API key's secret", &key["secret_key"]);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time");
    let query = format!("key={access}&timestamp={}", now.as_secs());
    let signing = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&signing, query.as_bytes()));
    planter.plant("signature", &json!(signature));
    let path = format!("/api/v1/services?{query}");
    for (signature, status) in [(SIGNATURE, 401), (&signature, 200)] {
        let request = planter
            .request(Method::GET, &path, "")
            .header("secret", signature);
        assert_eq!(request.send().await.expect("an answer").status(), status);
    }
    let query = format!("{query}&nonce=2");
    let signature = STANDARD.encode(hmac::sign(&signing, query.as_bytes()));
    let path = format!("/api/v1/services/kakao/send?{query}");
    let request = planter
        .request(Method::POST, &path, "")
        .header("secret", signature);
    let request = request.header("content-type", "application/json");
    let note = json!({"title": NOTE, "message": NOTE, "link": "https://shop.example/"});
    // Whether there is an account at Kakao or not: it was brought.
    request
        .body(note.to_string())
        .send()
        .await
        .expect("an answer");
}

/// A link is mailed, and followed.
async fn prove_an_address(planter: &mut Planter, mails: &Path) {
    let request = planter.request(Method::POST, "/api/v1/auth/register", "");
    let form = [
        ("email", OTHER_EMAIL),
        ("name", "planted"),
        ("password", PASSWORD),
    ];
    let asked = request.form(&form).send().await;
    assert!(asked.expect("an answer").status().is_success());
    let arrives = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(20));
        loop {
            rounds.tick().await;
            let found = std::fs::read_dir(mails).into_iter().flatten().flatten();
            let texts = found.filter_map(|file| std::fs::read_to_string(file.path()).ok());
            // As quoted-printable breaks lines.
            let mut texts = texts.map(|text| text.replace("\r\n", "\n").replace("=\n", ""));
            let link = texts.find_map(|text| Some(text.split_once("/email_verify/")?.1.to_owned()));
            if let Some(link) = link {
                let is_part = |sign: &char| sign.is_ascii_alphanumeric() || "-_".contains(*sign);
                return link.chars().take_while(is_part).collect::<String>();
            }
        }
    };
    let arrived = tokio::time::timeout(Duration::from_secs(60), arrives).await;
    let token = planter.plant("link's token", &json!(arrived.expect("a mail")));
    let link = format!("/api/v1/auth/email_verify/{token}");
    let opened = planter.request(Method::POST, &link, "").send().await;
    assert!(opened.expect("an answer").status().is_success());
}

/// What comes to nothing is logged no more than what succeeds.
async fn be_refused(planter: &Planter, token: &str) {
    for provider in ["kakao", "google", "naver"] {
        let path = format!("/api/v1/auth/{provider}/token");
        let body = json!({"access_token": PROVIDER_TOKEN, "code": PROVIDER_TOKEN});
        assert!(planter.send(Method::POST, &path, "", body).await.0 >= 400);
    }
    let back = format!("/oauth/instagram/callback?code={INSTAGRAM_CODE}&state={PROVIDER_TOKEN}");
    planter
        .request(Method::GET, &back, token)
        .send()
        .await
        .expect("an answer");
    // Nor what cannot be read at all.
    let broken = format!("{{\"password\": \"{PASSWORD}\", \"email\": {EMAIL}");
    let request = planter.request(Method::POST, "/api/v1/users/sign-in", "");
    let request = request.header("content-type", "application/json");
    let answer = request.body(broken).send().await.expect("an answer");
    assert_eq!(answer.status(), 400);
}
