//! One request, one answer.

use aws_lc_rs::hmac;
use domain::persona::GraphError;
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::MetaApp;
use crate::outgoing::send;

/// Bytes of an answer that are read.
const ANSWER_BYTES: usize = 1024 * 1024;
/// Meta's number for a token that ended, was revoked, or never was.
const TOKEN_REFUSED: i64 = 190;

/// What was wrong with an answer. Nothing of its text is kept: Meta repeats tokens in it.
#[derive(Debug, Error)]
enum Fault {
    /// Meta said no.
    #[error("Meta answered {status} with error {code}")]
    Refused { status: u16, code: i64 },
    /// Not an answer of Meta's.
    #[error("the answer was {status}, and not what was asked for")]
    Unreadable { status: u16 },
    /// Nobody needs that much.
    #[error("the answer was longer than {ANSWER_BYTES} bytes")]
    TooLong,
}

/// Meta's form of an error.
#[derive(Deserialize)]
struct Refusal {
    error: RefusalCode,
}

#[derive(Deserialize)]
struct RefusalCode {
    #[serde(default)]
    code: i64,
}

/// Wraps what made an answer unusable.
pub(super) fn failed(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> GraphError {
    GraphError::Failed(cause.into())
}

/// The connection's fault, without the address: that holds what is nobody's business.
fn broken(error: reqwest::Error) -> GraphError {
    if error.is_timeout() {
        GraphError::TimedOut
    } else {
        failed(error.without_url())
    }
}

/// Whether Meta said no to this one request, and might well answer the next.
pub(super) fn is_refusal(error: &GraphError) -> bool {
    match error {
        GraphError::Failed(cause) => {
            matches!(cause.downcast_ref(), Some(Fault::Refused { .. }))
        }
        GraphError::NotConfigured | GraphError::TokenRefused | GraphError::TimedOut => false,
    }
}

/// Sends a request and reads its answer, whatever its length claims to be.
pub(super) async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, GraphError> {
    let mut response = send(request).await.map_err(broken)?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(broken)? {
        if body.len() + piece.len() > ANSWER_BYTES {
            return Err(failed(Fault::TooLong));
        }
        body.extend_from_slice(&piece);
    }
    if status.is_success()
        && let Ok(answer) = serde_json::from_slice(&body)
    {
        return Ok(answer);
    }
    let status = status.as_u16();
    match serde_json::from_slice::<Refusal>(&body) {
        Ok(refusal) if refusal.error.code == TOKEN_REFUSED => Err(GraphError::TokenRefused),
        Ok(refusal) => Err(failed(Fault::Refused {
            status,
            code: refusal.error.code,
        })),
        Err(_) => Err(failed(Fault::Unreadable { status })),
    }
}

/// `appsecret_proof`: HMAC-SHA256 of the token under our app's secret, in hexadecimal digits. With
/// it a stolen token is of no use to whoever does not know the secret.
pub(super) fn proof(app: &MetaApp, token: &SecretString) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, app.secret.expose_secret().as_bytes());
    let tag = hmac::sign(&key, token.expose_secret().as_bytes());
    tag.as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_the_tokens_hmac_under_the_apps_secret() {
        // RFC 4231, test case 2.
        let app = MetaApp {
            id: "7".into(),
            secret: "Jefe".into(),
        };
        assert_eq!(
            proof(&app, &"what do ya want for nothing?".into()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
