//! Addresses that get no more mails of somebody's programs.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::RepositoryError;
use crate::user::UserId;

/// Why an address gets no more mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuppressionReason {
    /// Its server says that there is no such address.
    Bounced,
    /// Whoever reads there asked for that.
    Unsubscribed,
}

impl SuppressionReason {
    /// As clients know it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Unsubscribed => "unsubscribed",
        }
    }
}

/// Addresses, as hashes of at most 64 characters, that get no more mails of one sender's programs.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SuppressionRepository: Send + Sync {
    /// Adds an address; one that is there keeps its reason.
    async fn add(
        &self,
        sender: UserId,
        address: &str,
        reason: SuppressionReason,
        at: DateTime<Utc>,
    ) -> Result<(), RepositoryError>;

    /// Why an address gets none, if so.
    async fn find(
        &self,
        sender: UserId,
        address: &str,
    ) -> Result<Option<SuppressionReason>, RepositoryError>;

    /// Lets an address get mails again; whether it got none.
    async fn lift(&self, sender: UserId, address: &str) -> Result<bool, RepositoryError>;

    /// Removes all of one sender.
    async fn remove_all(&self, sender: UserId) -> Result<(), RepositoryError>;
}
