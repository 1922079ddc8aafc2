//! What two people said to each other, as one of them sees it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Message, MessageId, Pair};
use crate::RepositoryError;
use crate::user::UserId;

/// A conversation, as one of the two sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// The other one.
    pub other: UserId,
    /// The message that was stored last.
    pub last: MessageId,
    /// When that was.
    pub active_at: DateTime<Utc>,
    /// Messages of the other that were stored after what was read, and not taken back.
    pub unread: u64,
    /// Everything stored until then was read; `None` where nothing was.
    pub read_until: Option<DateTime<Utc>>,
    /// The other one has read everything stored until then.
    pub seen_until: Option<DateTime<Utc>>,
}

/// Where a page of conversations ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// When its last one was active.
    pub active_at: DateTime<Utc>,
    /// With whom that was.
    pub other: UserId,
}

/// Conversations. They are changed in a unit of work that holds both people
/// ([`ChatLogRepository::hold`](super::ChatLogRepository::hold)).
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ConversationRepository: Send + Sync {
    /// Notes new messages, each later than what was said before between the same two.
    async fn note(&self, messages: &[Message]) -> Result<(), RepositoryError>;

    /// When the latest message of each of these pairs was stored, where there is any.
    async fn active_at(
        &self,
        pairs: &[Pair],
    ) -> Result<Vec<(Pair, DateTime<Utc>)>, RepositoryError>;

    /// Notes that a person has read everything that was stored until a time; whether that is
    /// further than before. It never goes back.
    async fn read(
        &self,
        pair: Pair,
        reader: UserId,
        until: DateTime<Utc>,
    ) -> Result<bool, RepositoryError>;

    /// Up to `limit` of a person's conversations after a place, the latest active first. Those
    /// with people who blocked them are left out.
    async fn list(
        &self,
        person: UserId,
        after: Option<Place>,
        limit: u64,
    ) -> Result<Vec<Conversation>, RepositoryError>;

    /// Removes all conversations of a person.
    async fn remove_all(&self, person: UserId) -> Result<(), RepositoryError>;
}
