//! Handing spans to the collector, with the HTTP client that everything else uses.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::Client;
use reqwest::redirect::Policy;
use tokio::runtime::Handle;
use tracing::{info, warn};

/// How long the collector may take for one batch.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How much of its answer is read: it says nothing that is needed.
const MAX_ANSWER: usize = 64 * 1024;

/// The collector, and whether it answered when it was last asked.
#[derive(Debug)]
pub(super) struct Collector {
    client: Client,
    runtime: Handle,
    is_away: AtomicBool,
}

impl Collector {
    /// Nothing is connected to yet. Works in the runtime in which it is made.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .user_agent(concat!("ensemble/", env!("CARGO_PKG_VERSION")))
            // The headers may hold a key.
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .build()?;
        Ok(Self {
            client,
            runtime: Handle::current(),
            is_away: AtomicBool::new(false),
        })
    }

    /// Tells once that it is away, and once that it is back.
    fn note(&self, failure: Option<String>) {
        match failure {
            Some(error) if !self.is_away.swap(true, Ordering::Relaxed) => {
                warn!(
                    error,
                    "traces do not arrive; those that wait too long are dropped"
                );
            }
            None if self.is_away.swap(false, Ordering::Relaxed) => {
                info!("traces arrive again");
            }
            _ => {}
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        // The thread that asks has no runtime of its own.
        let asked = self.runtime.spawn(ask(self.client.clone(), request)).await;
        let answered = asked.map_err(HttpError::from).and_then(|answer| answer);
        self.note(match &answered {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("the collector answers {}", answer.status())),
            Err(error) => Some(error.to_string()),
        });
        answered
    }
}

async fn ask(client: Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let request = reqwest::Request::try_from(request).map_err(reqwest::Error::without_url)?;
    let mut answer = client.execute(request).await.map_err(plain)?;
    let mut told = Response::new(Bytes::new());
    *told.status_mut() = answer.status();
    std::mem::swap(told.headers_mut(), answer.headers_mut());
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(plain)? {
        if body.len() + piece.len() > MAX_ANSWER {
            return Err("the collector's answer is too long".into());
        }
        body.extend_from_slice(&piece);
    }
    *told.body_mut() = body.into();
    Ok(told)
}

/// Why it could not be asked, with the cause that says more than "sending failed".
fn plain(error: reqwest::Error) -> HttpError {
    let error = error.without_url();
    let mut told = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(deeper) = cause {
        told = format!("{told}: {deeper}");
        cause = deeper.source();
    }
    told.into()
}
