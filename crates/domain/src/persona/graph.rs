//! What linking needs of Meta's Graph API.

use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use thiserror::Error;

use super::InstagramAccount;

/// A token that Meta handed out.
#[derive(Clone, Debug)]
pub struct GraphToken {
    /// The token.
    pub secret: SecretString,
    /// How long it is good; `None` where Meta does not say.
    pub lifetime: Option<Duration>,
}

/// Why Meta did not do what it was asked. Holds nothing of what Meta answered: it repeats tokens
/// in its messages.
#[derive(Debug, Error)]
pub enum GraphError {
    /// This server has no app at Meta.
    #[error("no app is configured")]
    NotConfigured,
    /// Meta no longer takes the token (its error 190).
    #[error("the token is no longer taken")]
    TokenRefused,
    /// There was no answer in time.
    #[error("there was no answer in time")]
    TimedOut,
    /// There was no answer, or none that could be used.
    #[error("there was no usable answer")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Meta's Graph API.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait InstagramGraph: Send + Sync {
    /// The page where somebody gives their consent; Meta hands `state` back afterwards.
    fn dialog(&self, state: &str) -> Result<String, GraphError>;

    /// Exchanges the code of a consent for a long-lived token.
    async fn exchange(&self, code: &SecretString) -> Result<GraphToken, GraphError>;

    /// Exchanges a long-lived token that is still good for one that lives longer.
    async fn renew(&self, token: &SecretString) -> Result<GraphToken, GraphError>;

    /// The accounts that the token may act for.
    async fn accounts(&self, token: &SecretString) -> Result<Vec<InstagramAccount>, GraphError>;
}
