//! A small HTTP client that fails a test by itself where an answer breaks a rule that all
//! answers obey.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::pin::Pin;

use bytes::Bytes;
use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName,
    HeaderValue,
};
use reqwest::{Body, Method, Request, StatusCode, Url};
use serde_json::Value;

use crate::problem;

/// Somebody who sends requests to one server.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    token: Option<String>,
    cookie: Option<String>,
}

impl Client {
    /// Nobody in particular.
    pub(crate) fn new(address: SocketAddr) -> Self {
        let http = reqwest::Client::builder()
            .user_agent("e2e/1.0")
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self {
            http,
            base: Url::parse(&format!("http://{address}")).expect("an address"),
            token: None,
            cookie: None,
        }
    }

    /// The bearer of an access token, on the same connections.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The holder of a cookie, as the answer that set it has it, and of no token.
    pub(crate) fn with_cookie(&self, set: &str) -> Self {
        let cookie = set.split(';').next().unwrap_or(set);
        Self {
            token: None,
            cookie: Some(cookie.to_owned()),
            ..self.clone()
        }
    }

    /// The same person at another server.
    pub(crate) fn at(&self, other: &Self) -> Self {
        Self {
            base: other.base.clone(),
            ..self.clone()
        }
    }

    /// The access token.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().expect("somebody signed in")
    }

    /// Where the server is, as `host:port`.
    pub(crate) fn authority(&self) -> &str {
        self.base.authority()
    }

    /// A request; `path` may bring a query that is encoded already.
    pub(crate) fn request(&self, method: Method, path: &str) -> Sent {
        let url = self.base.join(path).expect("a path");
        let mut request = Request::new(method, url);
        if let Some(token) = &self.token {
            let bearer = format!("Bearer {token}").parse().expect("a token");
            request.headers_mut().insert(AUTHORIZATION, bearer);
        }
        if let Some(cookie) = &self.cookie {
            let cookie = cookie.parse().expect("a cookie");
            request.headers_mut().insert(COOKIE, cookie);
        }
        Sent {
            http: self.http.clone(),
            request,
        }
    }

    pub(crate) fn get(&self, path: &str) -> Sent {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> Sent {
        self.request(Method::POST, path)
    }

    pub(crate) fn put(&self, path: &str) -> Sent {
        self.request(Method::PUT, path)
    }

    pub(crate) fn patch(&self, path: &str) -> Sent {
        self.request(Method::PATCH, path)
    }

    pub(crate) fn delete(&self, path: &str) -> Sent {
        self.request(Method::DELETE, path)
    }
}

/// A request about to be sent; awaiting it gives the [`Answer`].
pub(crate) struct Sent {
    http: reqwest::Client,
    request: Request,
}

impl Sent {
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a header value");
        self.request
            .headers_mut()
            .append(HeaderName::from_static(name), value);
        self
    }

    pub(crate) fn query<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        self.request.url_mut().query_pairs_mut().extend_pairs(pairs);
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// As a form of a page sends it.
    pub(crate) fn form(self, fields: &[(&str, &str)]) -> Self {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        let body = body.extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", body)
    }

    /// From a browser, which shows pages.
    pub(crate) fn browsing(self) -> Self {
        self.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
    }

    pub(crate) fn csv(self, body: impl Into<Body>) -> Self {
        self.body("text/csv", body)
    }

    pub(crate) fn body(self, kind: &str, body: impl Into<Body>) -> Self {
        let mut sent = self.header("content-type", kind);
        *sent.request.body_mut() = Some(body.into());
        sent
    }
}

impl IntoFuture for Sent {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let asked = Asked::of(&self.request);
            let response = self.http.execute(self.request).await.expect("an answer");
            let answer = Answer {
                status: response.status(),
                headers: response.headers().clone(),
                body: response.bytes().await.expect("a whole answer"),
            };
            let named = answer.headers.contains_key("x-request-id");
            assert!(
                named,
                "{} {:?} {}",
                answer.status,
                answer.headers,
                answer.text()
            );
            if answer.status.as_u16() >= 400 {
                problem::check(&asked, &answer);
            }
            answer
        })
    }
}

/// What the answer to a request is held against.
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) language: &'static str,
    /// Whether it is a browser, which is answered with pages.
    pub(crate) shows_pages: bool,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let wished = request.headers().get(ACCEPT_LANGUAGE);
        let korean = wished.is_some_and(|wish| wish.as_bytes().starts_with(b"ko"));
        Self {
            method: request.method().clone(),
            path: request.url().path().to_owned(),
            language: if korean { "ko" } else { "en" },
            shows_pages: request
                .headers()
                .get(ACCEPT)
                .is_some_and(|kinds| kinds.as_bytes().starts_with(b"text/html")),
        }
    }
}

/// What the server said.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// Fails unless this is the status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// Fails unless it was refused for this reason; the problem document.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        let document = self.is(status).json();
        assert_eq!(document["code"], code, "{document}");
        document
    }

    /// Fails unless these fields, and no others, were found wrong for these reasons.
    #[track_caller]
    pub(crate) fn invalid(self, expected: &[(&str, &str)]) {
        let document = self.refused(422, "invalid_request");
        let mut found: Vec<(&str, &str)> = document["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| (text(&error["pointer"]), text(&error["code"])))
            .collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{document}");
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header that has to be there.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).expect(name);
        value.to_str().expect("a header in ASCII")
    }

    /// The media type, without parameters.
    #[track_caller]
    pub(crate) fn kind(&self) -> &str {
        let kind = self.header(CONTENT_TYPE.as_str());
        kind.split(';').next().unwrap_or(kind)
    }
}

/// The text in a JSON value.
#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
