//! A browser: keeps cookies, and goes where it is sent one step at a time.

use std::collections::BTreeMap;

use reqwest::Url;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;

use crate::client::Client;

/// Somebody's browser, with cookies for our server only.
#[derive(Clone)]
pub(super) struct Browser {
    http: reqwest::Client,
    authority: String,
    pub(super) jar: BTreeMap<String, String>,
    /// What the last answer set, attributes and all.
    pub(super) set: Vec<String>,
}

impl Browser {
    pub(super) fn new(authority: &str) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none());
        Self {
            http: http.build().expect("a client"),
            authority: authority.to_owned(),
            jar: BTreeMap::new(),
            set: Vec::new(),
        }
    }

    /// Goes to an address; where it is sent next. Addresses of our callbacks are those of our server,
    /// whatever port it listens on.
    pub(super) async fn go(&mut self, address: &str) -> Stop {
        let ours = format!("http://{}", self.authority);
        let base = Url::parse(&ours).expect("an address");
        let mut url = base.join(address).expect("an address");
        let is_ours = url.authority() == self.authority || url.path().starts_with("/auth/");
        if is_ours {
            let path = format!("{ours}{}", &url[url::Position::BeforePath..]);
            url = Url::parse(&path).expect("an address");
        }
        let mut request = self.http.get(url);
        if is_ours {
            request = request.header(COOKIE, self.cookies());
        }
        let answer = request.send().await.expect("an answer");
        if is_ours {
            self.keep(&answer);
        }
        Stop {
            status: answer.status().as_u16(),
            next: answer
                .headers()
                .get(LOCATION)
                .map(|to| to.to_str().expect("ASCII").to_owned()),
            body: answer.text().await.unwrap_or_default(),
        }
    }

    /// The whole way to a provider and back; the page of the front end where it ends.
    pub(super) async fn sign_in(&mut self, provider: &str) -> String {
        self.sign_in_at(&format!("/auth/{provider}/login")).await
    }

    /// As [`sign_in`](Self::sign_in), beginning at this address.
    pub(super) async fn sign_in_at(&mut self, address: &str) -> String {
        let back = self.way_back(address).await;
        self.go(&back).await.sent()
    }

    /// The callback's address with which the provider sends the browser back.
    pub(super) async fn way_back(&mut self, address: &str) -> String {
        let there = self.go(address).await.sent();
        self.go(&there).await.sent()
    }

    fn cookies(&self) -> String {
        let pairs: Vec<_> = self.jar.iter().map(|(n, v)| format!("{n}={v}")).collect();
        pairs.join("; ")
    }

    fn keep(&mut self, answer: &reqwest::Response) {
        let all = answer.headers().get_all(SET_COOKIE).iter();
        self.set = all
            .map(|set| set.to_str().expect("ASCII").to_owned())
            .collect();
        for set in &self.set {
            let (pair, rest) = set.split_once(';').unwrap_or((set, ""));
            let (name, value) = pair.split_once('=').expect("a cookie");
            if rest.contains("Max-Age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The holder of its session cookie alone.
    pub(super) fn session(&self, client: &Client) -> Client {
        let sid = self.jar.get("sid").expect("somebody signed in");
        client.with_cookie(&format!("sid={sid}"))
    }
}

/// Where a browser got to.
pub(super) struct Stop {
    pub(super) status: u16,
    pub(super) next: Option<String>,
    pub(super) body: String,
}

impl Stop {
    /// Where it is sent.
    #[track_caller]
    pub(super) fn sent(self) -> String {
        assert_eq!(self.status, 302, "{}", self.body);
        self.next.expect("an address")
    }
}
