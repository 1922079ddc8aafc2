//! The port to Kakao's messages.

use std::fmt;

use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::DeliveryError;
use crate::user::ProviderTokens;

/// A note that somebody gets from themselves in Kakao's own chat.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KakaoNote {
    /// What it says: at most 200 characters, as Kakao shows no more.
    pub text: String,
    /// Where a tap on it leads.
    pub link: String,
}

/// Hides what it says.
impl fmt::Debug for KakaoNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KakaoNote(…)")
    }
}

/// Why Kakao did not take something.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KakaoError {
    /// The token is not good (any more).
    #[error("Kakao refuses the token")]
    Token,
    /// Something else.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
}

/// Kakao's "send to me".
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait KakaoTalk: Send + Sync {
    /// Sends a note to whose token it is.
    async fn send_to_me(&self, token: &SecretString, note: &KakaoNote) -> Result<(), KakaoError>;

    /// The next tokens for a refresh token; one that is not renewed yet is absent from them.
    async fn renew(&self, refresh_token: &SecretString) -> Result<ProviderTokens, KakaoError>;
}
