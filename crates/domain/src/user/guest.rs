//! People: members, and guests who have not said who they are.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::UserId;
use crate::RepositoryError;
use crate::id::define_id;

define_id! {
    /// Identifies a member or a guest: a member's is the number of the [`UserId`], a guest's comes
    /// from the same generator, so that no two people share one.
    PersonId
}

impl From<UserId> for PersonId {
    fn from(user: UserId) -> Self {
        Self::from(user.get())
    }
}

/// SHA-256 of a guest's secret id: all that is stored of it. The id has 192 random bits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct GuestIdHash(String);

impl GuestIdHash {
    /// Hashes a guest id as a client presents it.
    #[must_use]
    pub fn of(guest_id: &str) -> Self {
        use base64::Engine as _;
        let digest = Sha256::digest(guest_id.as_bytes());
        Self(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest))
    }

    /// The hash, 43 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for GuestIdHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuestIdHash(…)")
    }
}

/// A guest as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// The number that hearts and events are kept under.
    pub id: PersonId,
    /// The hash of the secret id.
    pub hash: GuestIdHash,
    /// When they first came.
    pub created_at: DateTime<Utc>,
    /// When they are forgotten unless they come back.
    pub expires_at: DateTime<Utc>,
    /// The member they turned out to be.
    pub merged_into: Option<UserId>,
}

/// Guests.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait GuestRepository: Send + Sync {
    /// Stores a guest.
    async fn insert(&self, guest: &Guest) -> Result<(), RepositoryError>;

    /// The guest with this secret, unless expired or merged.
    async fn find_living(
        &self,
        hash: &GuestIdHash,
        now: DateTime<Utc>,
    ) -> Result<Option<Guest>, RepositoryError>;

    /// Lets a living guest live on until `until`, never shorter than before.
    async fn prolong(&self, id: PersonId, until: DateTime<Utc>) -> Result<(), RepositoryError>;

    /// Marks the guest as merged into the member, to be forgotten after `until`, and holds the
    /// row until the transaction ends; whether this call did it (of several at once exactly one
    /// does).
    async fn merge(
        &self,
        guest: PersonId,
        member: UserId,
        until: DateTime<Utc>,
    ) -> Result<bool, RepositoryError>;

    /// Up to `limit` guests that expired before `before`, the first to expire first, and the
    /// members that those of them became who were merged.
    async fn expired(
        &self,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<(PersonId, Option<UserId>)>, RepositoryError>;

    /// Removes the guest.
    async fn remove(&self, guest: PersonId) -> Result<(), RepositoryError>;
}
