//! What people write to each other.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Pair;
use crate::id::define_id;
use crate::user::UserId;
use crate::{RepositoryError, ValueError};

define_id! {
    /// Identifies a message.
    MessageId
}

/// What a message says: 1 to 4,000 characters, kept as given.
#[derive(Clone, PartialEq, Eq)]
pub struct Content(String);

impl Content {
    /// The most characters.
    pub const MAX_CHARS: usize = 4_000;

    /// Reads what somebody wrote.
    ///
    /// # Errors
    /// `length`, or `control_character` for U+0000, which PostgreSQL cannot keep.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        if text.contains('\0') {
            return Err(ValueError::new("control_character"));
        }
        // No character has more than four bytes: most texts need not be counted.
        let fits = text.len() <= Self::MAX_CHARS || text.chars().count() <= Self::MAX_CHARS;
        if text.is_empty() || !fits {
            return Err(ValueError::length(1, Self::MAX_CHARS as u64));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hides what was written: it is nobody else's business.
impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content(…)")
    }
}

/// What a client names a message by before it has an id, so that sending it again is no second
/// message: 1 to 64 characters, good for 24 hours.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Nonce(String);

impl Nonce {
    /// Reads a nonce.
    ///
    /// # Errors
    /// `length` or `control_character`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        crate::text::single_line(text, 1, 64).map(Self)
    }

    /// The nonce as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Between whom it is.
    pub pair: Pair,
    /// Who wrote it.
    pub author: UserId,
    /// What it says; `None` where its author took it back.
    pub content: Option<Content>,
    /// When it was stored: no two messages of a pair have the same time, and this order is the
    /// same for everybody.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub edited_at: Option<DateTime<Utc>>,
    /// What its author's client named it by.
    pub nonce: Option<Nonce>,
}

/// Messages. New ones are stored in a unit of work that holds both people
/// ([`ChatLogRepository::hold`](super::ChatLogRepository::hold)).
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MessageRepository: Send + Sync {
    /// Stores messages. [`RepositoryError::Conflict`] where an author used a nonce before.
    async fn insert(&self, messages: &[Message]) -> Result<(), RepositoryError>;

    /// The messages that their authors named so, in no order.
    async fn find_by_nonces(
        &self,
        named: &[(UserId, Nonce)],
    ) -> Result<Vec<Message>, RepositoryError>;

    /// Changes what the author's message of this pair says, or takes it back; the message as it is
    /// now, `None` where there is no such message or it was taken back before.
    async fn edit(
        &self,
        id: MessageId,
        pair: Pair,
        author: UserId,
        content: Option<Content>,
        at: DateTime<Utc>,
    ) -> Result<Option<Message>, RepositoryError>;

    /// Up to `limit` messages of a pair from before `before`, the latest of them, oldest first.
    /// Those that were taken back are left out.
    async fn history(
        &self,
        pair: Pair,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Message>, RepositoryError>;

    /// The messages with these ids, in no order.
    async fn find_all(&self, ids: &[MessageId]) -> Result<Vec<Message>, RepositoryError>;

    /// Forgets the nonces of messages stored before `before`; how many.
    async fn forget_nonces(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError>;

    /// Removes everything between a person and anybody.
    async fn remove_all(&self, person: UserId) -> Result<(), RepositoryError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_kept_as_given_and_bounded_in_characters() {
        let text = " 안녕 \n\t🦄 ";
        assert_eq!(Content::parse(text).map(|c| c.0).as_deref(), Ok(text));
        assert!(Content::parse(&"가".repeat(4_000)).is_ok());
        assert!(Content::parse(&"가".repeat(4_001)).is_err());
        assert!(Content::parse("").is_err());
        assert!(Content::parse("a\0b").is_err());
    }
}
