//! What people do with outfits, written down once and never changed: the recommender's memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{LabelId, OutfitId};
use crate::RepositoryError;
use crate::id::define_id;
use crate::user::PersonId;

define_id! {
    /// Identifies an event; later ones of a process have larger ids.
    EventId
}

define_id! {
    /// Identifies an opened feed.
    FeedId
}

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Was shown it in a page.
    View,
    /// Had it on the screen, as the client reports.
    Seen,
    /// Opened it.
    Click,
    /// Hearted it.
    Heart,
    /// Took the heart back.
    Unheart,
    /// Shared it.
    Share,
    /// Opened it from the outfits similar to another one.
    SimilarClick(OutfitId),
    /// Wants to see it no longer.
    Dislike,
    /// Wants to see no outfit with this label (one of this outfit's).
    DislikeLabel(LabelId),
    /// Took [`Action::Dislike`] back.
    Undislike,
    /// Took [`Action::DislikeLabel`] back.
    UndislikeLabel(LabelId),
    /// Signed in, having been this guest before. Of no outfit: the event's means nothing.
    Merged(PersonId),
}

impl Action {
    /// The stored number.
    #[must_use]
    pub const fn number(self) -> i16 {
        match self {
            Self::View => 0,
            Self::Seen => 1,
            Self::Click => 2,
            Self::Heart => 3,
            Self::Unheart => 4,
            Self::Share => 5,
            Self::SimilarClick(_) => 6,
            Self::Dislike => 7,
            Self::DislikeLabel(_) => 8,
            Self::Undislike => 9,
            Self::UndislikeLabel(_) => 10,
            Self::Merged(_) => 11,
        }
    }

    /// The outfit, label or guest the action is also about.
    #[must_use]
    pub const fn subject(self) -> Option<i64> {
        match self {
            Self::SimilarClick(base) => Some(base.get()),
            Self::DislikeLabel(label) | Self::UndislikeLabel(label) => Some(label.get()),
            Self::Merged(guest) => Some(guest.get()),
            _ => None,
        }
    }

    /// The action with this number and subject.
    #[must_use]
    pub fn from_number(number: i16, subject: Option<i64>) -> Option<Self> {
        Some(match (number, subject) {
            (0, _) => Self::View,
            (1, _) => Self::Seen,
            (2, _) => Self::Click,
            (3, _) => Self::Heart,
            (4, _) => Self::Unheart,
            (5, _) => Self::Share,
            (6, Some(base)) => Self::SimilarClick(base.into()),
            (7, _) => Self::Dislike,
            (8, Some(label)) => Self::DislikeLabel(label.into()),
            (9, _) => Self::Undislike,
            (10, Some(label)) => Self::UndislikeLabel(label.into()),
            (11, Some(guest)) => Self::Merged(guest.into()),
            _ => return None,
        })
    }
}

/// Where in which feed an outfit was met.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// The feed.
    pub feed: Option<FeedId>,
    /// The position in it, counted from 0.
    pub position: Option<i32>,
    /// How likely it was to be drawn there, where the feed explored: 0 < p ≤ 1.
    pub propensity: Option<f32>,
}

/// One thing a person did with an outfit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutfitEvent {
    /// Its id.
    pub id: EventId,
    /// Who.
    pub person: PersonId,
    /// With which outfit.
    pub outfit: OutfitId,
    /// What.
    pub action: Action,
    /// Where it was met.
    pub place: Place,
    /// The person's bucket, 0 to 9,999.
    pub bucket: i16,
    /// When.
    pub at: DateTime<Utc>,
}

/// The log of events: append-only.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OutfitEventRepository: Send + Sync {
    /// Writes events down.
    async fn append(&self, events: &[OutfitEvent]) -> Result<(), RepositoryError>;

    /// Up to `limit` events with ids above `after`, the lowest first.
    async fn after(&self, after: EventId, limit: u64) -> Result<Vec<OutfitEvent>, RepositoryError>;

    /// The same, without those that `node` made.
    async fn after_from_others(
        &self,
        after: EventId,
        limit: u64,
        node: u16,
    ) -> Result<Vec<OutfitEvent>, RepositoryError>;

    /// Gives the guest's events to the member; how many records that were. (The views of a page
    /// are one.)
    async fn reassign(&self, guest: PersonId, member: PersonId) -> Result<u64, RepositoryError>;

    /// Adds the events of whole days (UTC) before `before` that are not yet counted to the daily
    /// counts, and removes counted views, and what clients reported as seen, older than
    /// `views_before`; how many records were removed. Safe on several nodes at once.
    ///
    /// A day is counted once: `before` leaves time for its last events to be written down.
    async fn condense(
        &self,
        before: DateTime<Utc>,
        views_before: DateTime<Utc>,
    ) -> Result<u64, RepositoryError>;

    /// Removes every event of the person; how many records that were.
    async fn remove_all(&self, person: PersonId) -> Result<u64, RepositoryError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_read_back_as_it_was_stored() {
        let actions = [
            Action::View,
            Action::Seen,
            Action::Click,
            Action::Heart,
            Action::Unheart,
            Action::Share,
            Action::SimilarClick(3.into()),
            Action::Dislike,
            Action::DislikeLabel(4.into()),
            Action::Undislike,
            Action::UndislikeLabel(4.into()),
            Action::Merged(5.into()),
        ];
        for action in actions {
            assert_eq!(
                Action::from_number(action.number(), action.subject()),
                Some(action)
            );
        }
        assert_eq!(Action::from_number(6, None), None);
        assert_eq!(Action::from_number(99, Some(1)), None);
    }
}
