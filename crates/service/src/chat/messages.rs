//! Sending, changing and reading messages.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::chat::{
    Bond, ChatLogRepository, Content, DmFrom, Entry, FriendshipRepository, Message, MessageId,
    MessageRepository, Nonce, Pair,
};
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{UserId, UserRepository, UserStatus};
use domain::{Clock, IdGenerator, RepositoryError};
use tracing::instrument;

use super::{ChatError, Hub};
use crate::retry::retrying;

/// A message about to be sent.
#[derive(Clone, Debug)]
pub struct Sending {
    /// What it says.
    pub content: Content,
    /// What its author's client names it by.
    pub nonce: Option<Nonce>,
}

/// A message that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The message.
    pub message: Message,
    /// Whether it was stored now, and all devices hear of it; not where its nonce was used before.
    pub is_new: bool,
}

/// Messages between two people.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MessageService: Send + Sync {
    /// Stores a message, and tells all devices of both. One whose nonce its author used in the
    /// last 24 hours is not stored again: the first is answered.
    async fn send(&self, author: UserId, to: UserId, sending: Sending)
    -> Result<Stored, ChatError>;

    /// Changes what the author's message says, or takes it back.
    async fn edit(
        &self,
        author: UserId,
        to: UserId,
        id: MessageId,
        content: Option<Content>,
    ) -> Result<Message, ChatError>;

    /// Up to `limit` messages with another from before `before`, the latest of them, oldest first.
    async fn history(
        &self,
        person: UserId,
        with: UserId,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Message>, ChatError>;
}

/// [`MessageService`] over the repositories.
pub struct DefaultMessageService {
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// Friendships.
    pub friendships: Arc<dyn FriendshipRepository>,
    /// Messages.
    pub messages: Arc<dyn MessageRepository>,
    /// Who may write to whom.
    pub log: Arc<dyn ChatLogRepository>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Who is connected.
    pub hub: Arc<Hub>,
    /// New ids.
    pub ids: Arc<IdGenerator>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl DefaultMessageService {
    /// The pair, if `author` may write to the other.
    async fn may_write(&self, author: UserId, to: UserId) -> Result<Pair, ChatError> {
        let pair = Pair::of(author, to).ok_or(ChatError::NoSuchPerson)?;
        let other = self.users.find(to).await?;
        other
            .filter(|other| other.status == UserStatus::Active)
            .ok_or(ChatError::NoSuchPerson)?;
        let bond = self.friendships.find(pair).await?;
        let allowed = match self.log.privacy(to).await?.dm_from {
            DmFrom::Anyone => !is_blocked(bond),
            DmFrom::Nobody => false,
            DmFrom::Friends => bond == Some(Bond::Friends),
        };
        if allowed {
            Ok(pair)
        } else {
            Err(ChatError::NoSuchPerson)
        }
    }

    /// Stores a message in the order that everybody will see.
    async fn store(
        &self,
        author: UserId,
        pair: Pair,
        sending: &Sending,
    ) -> Result<Stored, ChatError> {
        let now = self.clock.now();
        let unit = self.units.begin().await?;
        unit.chat_log().hold(&[pair.low(), pair.high()]).await?;
        // Nothing arrives once blocking was answered.
        if is_blocked(unit.friendships().find(pair).await?) {
            return Err(ChatError::NoSuchPerson);
        }
        if let Some(nonce) = &sending.nonce
            && let Some(before) = unit.messages().find_by_nonce(author, nonce).await?
        {
            return Ok(Stored {
                message: before,
                is_new: false,
            });
        }
        // Later than the one before, whatever the clocks of the nodes say.
        let latest = unit.messages().latest(pair).await?;
        let created_at = latest.map_or(now, |latest| now.max(latest + TimeDelta::microseconds(1)));
        let message = Message {
            id: self.ids.next(),
            pair,
            author,
            content: Some(sending.content.clone()),
            created_at,
            edited_at: None,
            nonce: sending.nonce.clone(),
        };
        unit.messages().insert(&message).await?;
        unit.conversations().note(&message).await?;
        for person in [pair.low(), pair.high()] {
            let entry = Entry::Sent(message.id);
            unit.chat_log().append(person, entry, now).await?;
        }
        unit.commit().await?;
        Ok(Stored {
            message,
            is_new: true,
        })
    }

    async fn change(
        &self,
        author: UserId,
        pair: Pair,
        id: MessageId,
        content: Option<Content>,
    ) -> Result<Message, ChatError> {
        let now = self.clock.now();
        let unit = self.units.begin().await?;
        unit.chat_log().hold(&[pair.low(), pair.high()]).await?;
        // Not even by changing what was written before.
        if is_blocked(unit.friendships().find(pair).await?) {
            return Err(ChatError::NoSuchPerson);
        }
        let edited = unit.messages().edit(id, pair, author, content, now).await?;
        let edited = edited.ok_or(ChatError::NoSuchMessage)?;
        for person in [pair.low(), pair.high()] {
            unit.chat_log()
                .append(person, Entry::Edited(id), now)
                .await?;
        }
        unit.commit().await?;
        Ok(edited)
    }
}

/// Whether either wants to hear nothing of the other.
fn is_blocked(bond: Option<Bond>) -> bool {
    matches!(bond, Some(Bond::Blocked(_) | Bond::BlockedBoth))
}

#[async_trait]
impl MessageService for DefaultMessageService {
    #[instrument(skip_all, fields(user_id = %author))]
    async fn send(
        &self,
        author: UserId,
        to: UserId,
        sending: Sending,
    ) -> Result<Stored, ChatError> {
        let pair = self.may_write(author, to).await?;
        let stored = retrying(|| self.store(author, pair, &sending)).await;
        let stored = match stored {
            // Of two devices that send one nonce to different people at once, the second loses.
            Err(ChatError::Repository(RepositoryError::Conflict)) => {
                retrying(|| self.store(author, pair, &sending)).await?
            }
            stored => stored?,
        };
        // A nonce that went to somebody else says that this client repeats itself in error.
        if stored.message.pair != pair {
            return Err(ChatError::NoSuchMessage);
        }
        if stored.is_new {
            self.hub.moved(vec![pair.low(), pair.high()]).await;
        }
        Ok(stored)
    }

    #[instrument(skip_all, fields(user_id = %author))]
    async fn edit(
        &self,
        author: UserId,
        to: UserId,
        id: MessageId,
        content: Option<Content>,
    ) -> Result<Message, ChatError> {
        let pair = Pair::of(author, to).ok_or(ChatError::NoSuchPerson)?;
        let edited = retrying(|| self.change(author, pair, id, content.clone())).await?;
        self.hub.moved(vec![pair.low(), pair.high()]).await;
        Ok(edited)
    }

    async fn history(
        &self,
        person: UserId,
        with: UserId,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Message>, ChatError> {
        let pair = Pair::of(person, with).ok_or(ChatError::NoSuchPerson)?;
        let bond = self.friendships.find(pair).await?;
        if bond.is_some_and(|bond| bond.is_blocked_by(with)) {
            return Err(ChatError::NoSuchPerson);
        }
        let found = self.messages.history(pair, before, limit).await?;
        // Who is no friend and wrote nothing looks absent.
        if found.is_empty() && bond.is_none() {
            let other = self.users.find(with).await?;
            other.ok_or(ChatError::NoSuchPerson)?;
        }
        Ok(found)
    }
}
