//! What people want to see no more of.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{LabelId, OutfitId};
use crate::RepositoryError;
use crate::user::PersonId;

/// What somebody is not interested in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Disliked {
    /// This outfit.
    Outfit(OutfitId),
    /// Every outfit with this label (a tag or a brand).
    Label(LabelId),
}

/// A person's word that they are not interested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dislike {
    /// Of what.
    pub what: Disliked,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// Dislikes: said, taken back, never counted.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait DislikeRepository: Send + Sync {
    /// Notes a dislike; whether it is new.
    async fn add(&self, person: PersonId, dislike: Dislike) -> Result<bool, RepositoryError>;

    /// Takes one back; whether it was there.
    async fn remove(&self, person: PersonId, what: Disliked) -> Result<bool, RepositoryError>;

    /// The person's dislikes, the newest first.
    async fn list(&self, person: PersonId) -> Result<Vec<Dislike>, RepositoryError>;

    /// Everybody's dislikes, ordered by person and then by what: up to `limit` of those after
    /// the given one.
    async fn after(
        &self,
        after: Option<(PersonId, Disliked)>,
        limit: u64,
    ) -> Result<Vec<(PersonId, Dislike)>, RepositoryError>;

    /// Gives the guest's dislikes to the member.
    async fn merge(&self, guest: PersonId, member: PersonId) -> Result<(), RepositoryError>;

    /// Removes all of the person's.
    async fn remove_all(&self, person: PersonId) -> Result<(), RepositoryError>;
}
