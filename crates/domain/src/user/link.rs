//! Links that prove an address: whoever opens one reads the mail that is sent there.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{Email, Name, UserId};
use crate::RepositoryError;

/// SHA-256 of a link's key: all that is stored of it. The key has 256 random bits, so a fast hash
/// is as good as a slow one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LinkHash(String);

impl LinkHash {
    /// Hashes a key as a client presents it.
    #[must_use]
    pub fn of(key: &str) -> Self {
        use base64::Engine as _;
        let digest = Sha256::digest(key.as_bytes());
        Self(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest))
    }

    /// The hash, 43 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LinkHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkHash(…)")
    }
}

/// Somebody who wants an account and has to prove their address first.
#[derive(Clone)]
pub struct SignUpRequest {
    /// The address.
    pub email: Email,
    /// The name they asked for.
    pub name: Name,
    /// The password's hash in PHC string form.
    pub password_hash: String,
    /// The hash of the link's key.
    pub hash: LinkHash,
    /// When they asked.
    pub created_at: DateTime<Utc>,
    /// When the link stops working.
    pub expires_at: DateTime<Utc>,
}

/// Hides who that is.
impl fmt::Debug for SignUpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignUpRequest(…)")
    }
}

/// Accounts that were asked for and do not exist yet: one for each address, the latest.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SignUpRequestRepository: Send + Sync {
    /// Stores a request in place of any other for the same address.
    async fn replace(&self, request: &SignUpRequest) -> Result<(), RepositoryError>;

    /// Takes the request with this link out, unless it has expired: of any number that open the
    /// link at once, one gets it.
    async fn take(
        &self,
        hash: &LinkHash,
        now: DateTime<Utc>,
    ) -> Result<Option<SignUpRequest>, RepositoryError>;

    /// Removes any request for an address: somebody proved it another way.
    async fn withdraw(&self, email: &Email) -> Result<(), RepositoryError>;

    /// Removes requests that expired before `now`; how many.
    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
}

/// What a link to an account allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Making an address the account's own.
    Email,
    /// Setting a new password.
    Password,
}

/// A link to an account that exists.
#[derive(Clone, Debug)]
pub struct AccountLink {
    /// Whose account.
    pub user_id: UserId,
    /// What it allows.
    pub purpose: LinkPurpose,
    /// The address it was sent to, and proves.
    pub email: Email,
    /// The hash of its key.
    pub hash: LinkHash,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

/// Links to accounts: one for each account and purpose, the latest.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AccountLinkRepository: Send + Sync {
    /// Stores a link in place of any other of the same account for the same purpose.
    async fn replace(&self, link: &AccountLink) -> Result<(), RepositoryError>;

    /// The link with this key, unless it has expired.
    async fn find(
        &self,
        hash: &LinkHash,
        purpose: LinkPurpose,
        now: DateTime<Utc>,
    ) -> Result<Option<AccountLink>, RepositoryError>;

    /// As [`find`](Self::find), and spends it: of any number that open the link at once, one gets
    /// it.
    async fn take(
        &self,
        hash: &LinkHash,
        purpose: LinkPurpose,
        now: DateTime<Utc>,
    ) -> Result<Option<AccountLink>, RepositoryError>;

    /// Removes all links of an account.
    async fn remove_all(&self, owner: UserId) -> Result<(), RepositoryError>;

    /// Removes links that expired before `now`; how many.
    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
}
