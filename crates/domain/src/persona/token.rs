//! The tokens personas ask Instagram with, as they are stored: sealed.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::PersonaId;
use crate::RepositoryError;
use crate::user::UserId;

/// A sealed token. No two are alike, also of one token, so that it tells which one was read.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedToken(String);

impl SealedToken {
    /// What was sealed.
    #[must_use]
    pub fn new(sealed: String) -> Self {
        Self(sealed)
    }

    /// The sealed text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SealedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedToken(…)")
    }
}

/// For how long a token is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenTerm {
    /// When it ends; `None` where nobody knows.
    pub expires_at: Option<DateTime<Utc>>,
    /// When to try for a newer one; `None`: never.
    pub renew_at: Option<DateTime<Utc>>,
}

/// The token of one persona.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenOf {
    /// The persona.
    pub persona: PersonaId,
    /// Whose persona it is.
    pub owner: UserId,
    /// Its token.
    pub token: SealedToken,
    /// For how long it is good.
    pub term: TokenTerm,
    /// Whether Meta refused it.
    pub refused: bool,
}

/// Tokens. What changes one names the token it was read with: where another has taken its place
/// meanwhile, nothing is changed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait InstagramTokenRepository: Send + Sync {
    /// Gives the owner's persona a token, whatever it had before; whether the persona is there.
    async fn store(
        &self,
        owner: UserId,
        persona: PersonaId,
        token: &SealedToken,
        term: TokenTerm,
    ) -> Result<bool, RepositoryError>;

    /// The token of the owner's persona.
    async fn find(
        &self,
        owner: UserId,
        persona: PersonaId,
    ) -> Result<Option<TokenOf>, RepositoryError>;

    /// Up to `limit` tokens that should be renewed at `now`, the one that waits longest first.
    async fn due(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<TokenOf>, RepositoryError>;

    /// Puts the renewal of a token off to `until`; whether it was still to be renewed when it was
    /// read. Of any number that try at once, one does it, and so may renew.
    async fn claim(&self, read: &TokenOf, until: DateTime<Utc>) -> Result<bool, RepositoryError>;

    /// Replaces a token; whether it was still there.
    async fn replace(
        &self,
        read: &TokenOf,
        token: &SealedToken,
        term: TokenTerm,
    ) -> Result<bool, RepositoryError>;

    /// Notes that Meta refused a token: it is used no more; whether it was still there and good. Of
    /// any number that note it at once, one is told so.
    async fn refuse(&self, read: &TokenOf) -> Result<bool, RepositoryError>;

    /// Up to `limit` tokens that do not begin with `mark`, of personas with ids above `after`,
    /// oldest first.
    async fn sealed_otherwise(
        &self,
        mark: &str,
        after: PersonaId,
        limit: u64,
    ) -> Result<Vec<TokenOf>, RepositoryError>;
}
