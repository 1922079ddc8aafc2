//! Kakao, Google and Naver: signing in, linking, and whatever may go wrong on the way.

mod attacks;
mod browser;
mod flows;
mod kakao;
mod linking;
mod stand_in;
mod talk;
mod tokens;
mod trouble;

use serde_json::{Value, json};

use crate::app::App;
use crate::client::{Answer, Client, text};
use browser::Browser;
use stand_in::{Human, StandIn};

/// Where the front end is.
const FRONT: &str = "http://front.example";
const ADMIN_KEY: &str = "kakao-admin-key";
const APP_ID: &str = "123456";

/// A server, and a stand-in for the providers that it asks.
struct World {
    there: StandIn,
    client: Client,
}

/// Starts both.
async fn world(app: &App) -> World {
    world_with(app, &[]).await
}

/// Starts both, the server with some settings of its own.
async fn world_with(app: &App, own: &[(&str, &str)]) -> World {
    let there = StandIn::start().await;
    let kakao = there.base("kakao");
    let google = there.base("google");
    let naver = there.base("naver");
    let mut settings = vec![
        ("FRONTEND_URL", FRONT),
        ("KAKAO_CLIENT_ID", "kakao-client"),
        ("KAKAO_CLIENT_SECRET", "kakao-secret"),
        ("KAKAO_APP_ID", APP_ID),
        ("KAKAO_ADMIN_KEY", ADMIN_KEY),
        ("KAKAO_SCOPE", "profile_nickname,account_email,talk_message"),
        ("GOOGLE_CLIENT_ID", "google-client"),
        ("GOOGLE_CLIENT_SECRET", "google-secret"),
        ("NAVER_CLIENT_ID", "naver-client"),
        ("NAVER_CLIENT_SECRET", "naver-secret"),
        ("ENSEMBLE__OAUTH__KAKAO__AUTH_BASE_URL", &kakao),
        ("ENSEMBLE__OAUTH__KAKAO__API_BASE_URL", &kakao),
        ("ENSEMBLE__OAUTH__GOOGLE__AUTH_BASE_URL", &google),
        ("ENSEMBLE__OAUTH__GOOGLE__API_BASE_URL", &google),
        ("ENSEMBLE__OAUTH__GOOGLE__PEOPLE_BASE_URL", &google),
        ("ENSEMBLE__OAUTH__NAVER__AUTH_BASE_URL", &naver),
        ("ENSEMBLE__OAUTH__NAVER__API_BASE_URL", &naver),
        // A busy machine is no broken provider.
        ("ENSEMBLE__OAUTH__TIMEOUT_SECONDS", "30"),
    ];
    settings.extend(own);
    let client = app.start_with(&settings).await;
    World { there, client }
}

impl World {
    /// A browser that has never been here.
    fn browser(&self) -> Browser {
        Browser::new(self.client.authority())
    }

    /// A browser in which this human just signed in.
    async fn signed_in(&self, provider: &str, human: Human) -> Browser {
        self.there.becomes(human);
        let mut browser = self.browser();
        let end = browser.sign_in(provider).await;
        assert!(end.starts_with(FRONT) && !end.contains("error"), "{end}");
        browser
    }

    /// Shows something of a provider's to the token route.
    async fn show(&self, provider: &str, proof: &Value) -> Answer {
        let path = format!("/api/v1/auth/{provider}/token");
        self.client.post(&path).json(proof).await
    }

    /// The bearer of the token that a proof is good for.
    async fn bearer(&self, provider: &str, proof: &Value) -> Client {
        let tokens = self.show(provider, proof).await.is(200).json();
        self.client.with_token(text(&tokens["access_token"]))
    }
}

/// Whoever holds this token or cookie.
async fn me(client: &Client) -> Value {
    client.get("/api/v1/users/me").await.is(200).json()
}

/// What they are called on the screen and so on is another matter: which account it is.
async fn id(client: &Client) -> String {
    text(&me(client).await["id"]).to_owned()
}

/// The providers that are linked.
async fn linked(client: &Client) -> Vec<String> {
    let list = client.get("/api/v1/users/me/identities").await;
    let list = list.is(200).json();
    assert_eq!(list["next_cursor"], json!(null));
    crate::person::members(&list, "provider")
}
