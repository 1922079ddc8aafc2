//! Hearts: a state between a person and an outfit, never a toggle.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{OutfitEvent, OutfitId};
use crate::RepositoryError;
use crate::user::PersonId;

/// A living heart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heart {
    /// What is hearted.
    pub outfit: OutfitId,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// What giving or taking back a heart came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeartOutcome {
    /// It is as wanted now, and was not before.
    Changed,
    /// It was as wanted already; nothing was written.
    Unchanged,
    /// There is no such outfit, or it is hidden.
    Absent,
}

/// Hearts. A heart that is taken back stays as a row marked deleted, with the time of that, so
/// that merging a guest can tell which came last. The outfit's count changes in the same
/// transaction, and only where the state does.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait HeartRepository: Send + Sync {
    /// Makes `event.person` heart `event.outfit` (or, if not `wanted`, heart it no longer) as of
    /// `event.at`, and writes the event down where that changed anything. A heart on an outfit
    /// that has been hidden since can still be taken back.
    async fn set(&self, event: &OutfitEvent, wanted: bool)
    -> Result<HeartOutcome, RepositoryError>;

    /// The person's hearts on visible outfits, the newest first: `limit` of them from the
    /// `offset`-th (counted from 0).
    async fn list(
        &self,
        person: PersonId,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<Heart>, RepositoryError>;

    /// All outfits the person hearts, hidden ones too, in no order.
    async fn outfits(&self, person: PersonId) -> Result<Vec<OutfitId>, RepositoryError>;

    /// Those of `outfits` (a page of them) that the person hearts, in no order.
    async fn among(
        &self,
        person: PersonId,
        outfits: &[OutfitId],
    ) -> Result<Vec<OutfitId>, RepositoryError>;

    /// Moves the guest's hearts to the member; how many hearts the member gained. Where both
    /// have a row, the later change of state counts, and of two living hearts the earlier time.
    /// Counts are corrected.
    async fn merge(&self, guest: PersonId, member: PersonId) -> Result<u64, RepositoryError>;

    /// Removes every trace of the person's hearts; how many living ones there were.
    async fn remove_all(&self, person: PersonId) -> Result<u64, RepositoryError>;
}
