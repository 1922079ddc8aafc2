//! What the catalogue of outfits needs of storage.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Label, LabelId, Outfit, OutfitChange, OutfitDraft, OutfitId, OutfitQuery};
use crate::RepositoryError;
use crate::product::Version;

/// What changing an outfit came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutfitOutcome {
    /// Done; the outfit as it is now.
    Done(Box<Outfit>),
    /// The outfit is at another version than the caller expected: nothing was changed.
    Stale,
    /// There is no such outfit.
    Absent,
}

/// Outfits and their labels.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OutfitRepository: Send + Sync {
    /// Stores outfits, all or none: a new id is inserted, a known one gets this draft (its
    /// hearts, creation and visibility stay; one that says the same is left as it is). Labels
    /// that do not exist yet are made, with ids from `label_ids`, which has at least as many as
    /// the drafts have labels. Answers the outfits as they are now, in the order given.
    ///
    /// The same id twice in one call: the last draft counts.
    async fn save(
        &self,
        outfits: &[(OutfitId, OutfitDraft)],
        label_ids: &[LabelId],
        now: DateTime<Utc>,
    ) -> Result<Vec<Outfit>, RepositoryError>;

    /// Changes an outfit if it is at `expected` (or whatever it is at, if `None`).
    async fn update(
        &self,
        id: OutfitId,
        expected: Option<Version>,
        change: &OutfitChange,
        label_ids: &[LabelId],
        now: DateTime<Utc>,
    ) -> Result<OutfitOutcome, RepositoryError>;

    /// The outfit, hidden or not.
    async fn find(&self, id: OutfitId) -> Result<Option<Outfit>, RepositoryError>;

    /// The ids that a query finds, the highest first.
    async fn list(&self, query: &OutfitQuery) -> Result<Vec<OutfitId>, RepositoryError>;

    /// Up to `limit` outfits, hidden ones too, with ids above `after`, the lowest first.
    async fn after(
        &self,
        after: Option<OutfitId>,
        limit: u64,
    ) -> Result<Vec<Outfit>, RepositoryError>;

    /// Up to `limit` outfits that changed at `since` or later, by time of change and then id,
    /// from the one after `after`.
    async fn changed(
        &self,
        since: DateTime<Utc>,
        after: Option<(DateTime<Utc>, OutfitId)>,
        limit: u64,
    ) -> Result<Vec<Outfit>, RepositoryError>;

    /// Up to `limit` labels with ids above `after`, the lowest first.
    async fn labels(
        &self,
        after: Option<LabelId>,
        limit: u64,
    ) -> Result<Vec<Label>, RepositoryError>;

    /// Counts of hearts of these outfits, in no order; ids that do not exist are left out.
    async fn hearts(&self, ids: &[OutfitId]) -> Result<Vec<(OutfitId, i64)>, RepositoryError>;
}
