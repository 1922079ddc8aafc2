//! What happened to a person, in order: the truth that every device catches up with.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{MessageId, Privacy};
use crate::RepositoryError;
use crate::user::UserId;

/// The place of an entry in one person's log; the first is 1.
pub type Seq = i64;

/// What somebody did about a friendship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FriendEvent {
    /// Asked for it.
    Request,
    /// Accepted.
    Response,
    /// Declined, or withdrew the request.
    Remove,
    /// Ended it.
    Delete,
    /// Wants to hear nothing of the other any more. Only who does so hears of it.
    Block,
    /// Takes that back. Only who does so hears of it.
    Unblock,
}

impl FriendEvent {
    /// As clients know it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Remove => "remove",
            Self::Delete => "delete",
            Self::Block => "block",
            Self::Unblock => "unblock",
        }
    }

    /// Reads what clients know it by.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Request,
            Self::Response,
            Self::Remove,
            Self::Delete,
            Self::Block,
            Self::Unblock,
        ]
        .into_iter()
        .find(|one| one.as_str() == text)
    }
}

/// Something that happened to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A message was sent, by them or to them.
    Sent(MessageId),
    /// A message was changed or taken back.
    Edited(MessageId),
    /// Somebody did something about a friendship with them, or they blocked somebody.
    Friend(FriendEvent, UserId),
    /// They have read everything up to this message.
    Read(MessageId),
    /// The other one has read everything up to this message.
    Seen(MessageId),
}

/// An entry and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Its place.
    pub seq: Seq,
    /// What happened.
    pub entry: Entry,
}

/// What of a person's log is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The place of the latest entry; 0 where there was none yet.
    pub last: Seq,
    /// The highest place whose entry was removed already; 0 where none was.
    pub removed: Seq,
}

/// A person who is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Who.
    pub person: UserId,
    /// What others may do to them, and hear of them.
    pub privacy: Privacy,
}

/// Every person's log, and what others may do to them.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ChatLogRepository: Send + Sync {
    /// Holds these people, in the order of their ids, until the transaction ends: of two that
    /// change something about the same person one waits for the other. Each comes once.
    async fn hold(&self, people: &[UserId]) -> Result<Vec<Held>, RepositoryError>;

    /// Adds entries, in this order, to the logs of people who are held; their places, in the same
    /// order.
    async fn append(
        &self,
        entries: &[(UserId, Entry)],
        at: DateTime<Utc>,
    ) -> Result<Vec<Seq>, RepositoryError>;

    /// Up to `limit` entries after a place, in order.
    async fn after(
        &self,
        person: UserId,
        seq: Seq,
        limit: u64,
    ) -> Result<Vec<Logged>, RepositoryError>;

    /// What of a person's log is there.
    async fn span(&self, person: UserId) -> Result<Span, RepositoryError>;

    /// What others may do to a person, and hear of them.
    async fn privacy(&self, person: UserId) -> Result<Privacy, RepositoryError>;

    /// Says what others may do to a person, and hear of them.
    async fn set_privacy(&self, person: UserId, privacy: Privacy) -> Result<(), RepositoryError>;

    /// Removes entries from before `before`, and notes for each person up to where; how many.
    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError>;

    /// Removes all that is kept of a person.
    async fn remove_all(&self, person: UserId) -> Result<(), RepositoryError>;
}
