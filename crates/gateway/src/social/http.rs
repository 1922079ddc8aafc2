//! Asking a provider: in bounded time, for bounded answers, and never elsewhere than asked.

use std::error::Error;
use std::time::Duration;

use domain::user::SocialError;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::outgoing::send;

/// The largest answer taken; the longest there are (key documents) have some kilobytes.
const MAX_BYTES: usize = 256 * 1024;

/// A client for all providers.
#[derive(Clone)]
pub struct ProviderHttp(Client);

impl ProviderHttp {
    /// A client that gives an answer up after `timeout`, from the first byte sent to the last read.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(timeout: Duration) -> Result<Self, Box<dyn Error + Send + Sync>> {
        // A redirect would carry codes and tokens to wherever it points.
        let client = Client::builder()
            .user_agent(concat!("ensemble/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(timeout)
            .build()?;
        Ok(Self(client))
    }

    pub(super) fn get(&self, url: &str) -> RequestBuilder {
        self.0.get(url)
    }

    pub(super) fn post(&self, url: &str) -> RequestBuilder {
        self.0.post(url)
    }
}

/// Why there is no usable answer.
pub(super) enum Failure {
    /// The provider says no; with what it says.
    Refused(StatusCode, Value),
    /// The answer is not what was asked for.
    Garbage,
    /// There is no answer, or one that says that the provider is broken or too busy.
    Unreachable(Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// As a failure to get a token.
    pub(super) fn token(self) -> SocialError {
        match self {
            Self::Refused(..) => SocialError::Token("it was refused"),
            Self::Garbage => SocialError::Token("the answer is none"),
            Self::Unreachable(source) => SocialError::Http(source),
        }
    }

    /// As a failure to get a profile.
    pub(super) fn user_info(self) -> SocialError {
        match self {
            Self::Refused(..) => SocialError::UserInfo("it was refused"),
            Self::Garbage => SocialError::UserInfo("the answer is none"),
            Self::Unreachable(source) => SocialError::Http(source),
        }
    }
}

/// Sends a request; the JSON that comes back.
pub(super) async fn json<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Failure> {
    // Addresses stay out of errors, which are logged: some hold a code.
    let unreachable = |error: reqwest::Error| Failure::Unreachable(error.without_url().into());
    let mut answer = send(request).await.map_err(unreachable)?;
    let status = answer.status();
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Failure::Unreachable(format!("it answers {status}").into()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(Failure::Garbage);
        }
        body.extend_from_slice(&chunk);
    }
    if !status.is_success() {
        let said = serde_json::from_slice(&body).unwrap_or_default();
        return Err(Failure::Refused(status, said));
    }
    serde_json::from_slice(&body).map_err(|_| Failure::Garbage)
}
