//! Sending, changing and reading messages.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Clock;
use domain::chat::{
    Bond, Content, Entry, FriendshipRepository, Message, MessageId, MessageRepository, Nonce, Pair,
    Seq,
};
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{UserId, UserRepository};
use tracing::instrument;

use super::post_office::Letter;
use super::{ChatError, Hub, PostOffice};
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
    /// Where messages are stored.
    pub post: Arc<PostOffice>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Who is connected.
    pub hub: Arc<Hub>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl DefaultMessageService {
    async fn change(
        &self,
        author: UserId,
        pair: Pair,
        id: MessageId,
        content: Option<Content>,
    ) -> Result<(Message, Vec<(UserId, Seq)>), ChatError> {
        let now = self.clock.now();
        let unit = self.units.begin().await?;
        unit.chat_log().hold(&[pair.low(), pair.high()]).await?;
        // Not even by changing what was written before.
        if is_blocked(unit.friendships().find(pair).await?) {
            return Err(ChatError::NoSuchPerson);
        }
        let edited = unit.messages().edit(id, pair, author, content, now).await?;
        let edited = edited.ok_or(ChatError::NoSuchMessage)?;
        let people = [pair.low(), pair.high()];
        let entries = people.map(|person| (person, Entry::Edited(id)));
        let places = unit.chat_log().append(&entries, now).await?;
        unit.commit().await?;
        Ok((edited, people.into_iter().zip(places).collect()))
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
        let pair = Pair::of(author, to).ok_or(ChatError::NoSuchPerson)?;
        let letter = Letter {
            author,
            pair,
            content: sending.content,
            nonce: sending.nonce,
            origin: trace::Origin::current(),
        };
        self.post.post(letter).await
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
        let edited = retrying(|| self.change(author, pair, id, content.clone())).await;
        let (edited, moved) = edited?;
        self.hub.moved(moved).await;
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
