//! What the outbox needs of storage.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Backlog, Channel, ClaimedMessage, MessageId, MessageState, MessageStatus, NewMessage};
use crate::RepositoryError;
use crate::user::UserId;

/// Messages that wait to be delivered, and what became of them.
///
/// A claimed message is not due again before its lease ends: whoever dies with it in hand loses it
/// to the next worker then. The number of the attempt tells whose word counts: a worker whose
/// lease ended has nothing more to say, except that it did deliver.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OutboxRepository: Send + Sync {
    /// Stores a message; in a unit of work, with what it tells of.
    async fn insert(&self, message: &NewMessage) -> Result<(), RepositoryError>;

    /// Stores messages, all of them or none.
    async fn insert_all(&self, messages: &[NewMessage]) -> Result<(), RepositoryError>;

    /// What became of one of the messages that a person's programs sent.
    async fn status(
        &self,
        owner: UserId,
        id: MessageId,
    ) -> Result<Option<MessageStatus>, RepositoryError>;

    /// What became of the messages that a person's programs sent, the newest first, from below
    /// `before` on.
    async fn statuses(
        &self,
        owner: UserId,
        before: Option<MessageId>,
        limit: u64,
    ) -> Result<Vec<MessageStatus>, RepositoryError>;

    /// Calls off a message of a person's programs that was never tried; whether it was one.
    async fn cancel(
        &self,
        owner: UserId,
        id: MessageId,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError>;

    /// How many messages there are of each channel and state.
    async fn summary(&self) -> Result<Vec<(Channel, MessageState, u64)>, RepositoryError>;

    /// What is not done, channel by channel, in their order; without counting what is settled.
    async fn backlog(&self) -> Result<Vec<Backlog>, RepositoryError>;

    /// Messages that were given up, the latest first.
    async fn dead(&self, limit: u64) -> Result<Vec<MessageStatus>, RepositoryError>;

    /// Makes one message that was given up, or all of them, wait again as if never tried; how many.
    async fn revive(
        &self,
        id: Option<MessageId>,
        now: DateTime<Utc>,
    ) -> Result<u64, RepositoryError>;

    /// Takes up to `limit` messages that are due at `now`, for an attempt until `until`: by
    /// priority, the longest due first. No two workers get the same.
    async fn claim(
        &self,
        channel: Channel,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<ClaimedMessage>, RepositoryError>;

    /// When the next message is due, of those that wait or are claimed.
    async fn next_due(&self, channel: Channel) -> Result<Option<DateTime<Utc>>, RepositoryError>;

    /// Notes that a message was delivered and forgets what it said; whether it was still waiting.
    async fn mark_sent(&self, id: MessageId, at: DateTime<Utc>) -> Result<bool, RepositoryError>;

    /// Puts a message off after a failed attempt; whether that attempt still held it.
    async fn postpone(
        &self,
        id: MessageId,
        attempt: u32,
        until: DateTime<Utc>,
        reason: &str,
    ) -> Result<bool, RepositoryError>;

    /// Gives a message back whose attempt was not made; whether that attempt still held it.
    async fn give_back(
        &self,
        id: MessageId,
        attempt: u32,
        now: DateTime<Utc>,
    ) -> Result<bool, RepositoryError>;

    /// Gives a message up: it stays as a dead letter; whether that attempt still held it.
    async fn bury(
        &self,
        id: MessageId,
        attempt: u32,
        at: DateTime<Utc>,
        reason: &str,
    ) -> Result<bool, RepositoryError>;

    /// Removes all messages about an account; how many.
    async fn remove_all(&self, owner: UserId) -> Result<u64, RepositoryError>;

    /// Removes messages that were sent or given up before `before`; how many.
    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError>;
}
