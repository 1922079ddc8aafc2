//! Whom somebody talks with, and what of it they have read.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Clock;
use domain::chat::{
    ChatLogRepository, ConversationRepository, Entry, Message, MessageId, MessageRepository, Pair,
    Place, Seq,
};
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{UserId, UserRepository};
use tracing::instrument;

use super::{Card, ChatError, Hub};
use crate::retry::retrying;

/// A conversation, as one of the two sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talk {
    /// The other one.
    pub other: Card,
    /// The message that was sent last, as it is now.
    pub last: Message,
    /// How many messages of the other were not read.
    pub unread: u64,
    /// Everything sent until then was read; `None` where nothing was.
    pub read_until: Option<DateTime<Utc>>,
    /// The other one has read everything sent until then, and does not mind that this is known.
    pub seen_until: Option<DateTime<Utc>>,
    /// Where this one stands in the list.
    pub place: Place,
}

/// Conversations.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ConversationService: Send + Sync {
    /// Up to `limit` of a person's conversations after a place, the latest active first.
    async fn list(
        &self,
        person: UserId,
        after: Option<Place>,
        limit: u64,
    ) -> Result<Vec<Talk>, ChatError>;

    /// Notes that a person has read everything up to a message with another. All their devices
    /// hear of it, and the other's unless the person does not want that. What was read stays so:
    /// to read up to an older message changes nothing.
    async fn read(&self, person: UserId, with: UserId, id: MessageId) -> Result<(), ChatError>;
}

/// [`ConversationService`] over the repositories.
pub struct DefaultConversationService {
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// Conversations.
    pub conversations: Arc<dyn ConversationRepository>,
    /// Messages.
    pub messages: Arc<dyn MessageRepository>,
    /// Who wants what to be known.
    pub log: Arc<dyn ChatLogRepository>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Who is connected.
    pub hub: Arc<Hub>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl DefaultConversationService {
    /// Notes what was read; who has something to hear.
    async fn mark(
        &self,
        person: UserId,
        pair: Pair,
        id: MessageId,
    ) -> Result<Vec<(UserId, Seq)>, ChatError> {
        let (now, other) = (self.clock.now(), pair.other(person));
        let unit = self.units.begin().await?;
        unit.chat_log().hold(&[pair.low(), pair.high()]).await?;
        let bond = unit.friendships().find(pair).await?;
        if bond.is_some_and(|bond| bond.is_blocked_by(other)) {
            return Err(ChatError::NoSuchPerson);
        }
        let found = unit.messages().find_all(&[id]).await?;
        let message = found.into_iter().find(|message| message.pair == pair);
        let until = message.ok_or(ChatError::NoSuchMessage)?.created_at;
        if !unit.conversations().read(pair, person, until).await? {
            return Ok(Vec::new());
        }
        let mut entries = vec![(person, Entry::Read(id))];
        let is_silent = bond.is_some_and(|bond| bond.is_blocked_by(person));
        if !is_silent && unit.chat_log().privacy(person).await?.read_receipts {
            entries.push((other, Entry::Seen(id)));
        }
        let places = unit.chat_log().append(&entries, now).await?;
        unit.commit().await?;
        let heard = entries.into_iter().map(|(who, _)| who);
        Ok(heard.zip(places).collect())
    }
}

#[async_trait]
impl ConversationService for DefaultConversationService {
    async fn list(
        &self,
        person: UserId,
        after: Option<Place>,
        limit: u64,
    ) -> Result<Vec<Talk>, ChatError> {
        let found = self.conversations.list(person, after, limit).await?;
        let ids: Vec<MessageId> = found.iter().map(|one| one.last).collect();
        let messages = self.messages.find_all(&ids).await?;
        let mut messages: HashMap<MessageId, Message> =
            messages.into_iter().map(|one| (one.id, one)).collect();
        let mut talks = Vec::with_capacity(found.len());
        for one in found {
            // Who left since then took the conversation with them.
            let other = self.users.find(one.other).await?;
            let (Some(other), Some(last)) = (other, messages.remove(&one.last)) else {
                continue;
            };
            let receipts = match one.seen_until {
                Some(_) => self.log.privacy(one.other).await?.read_receipts,
                None => false,
            };
            talks.push(Talk {
                other: Card::from(&other),
                last,
                unread: one.unread,
                read_until: one.read_until,
                seen_until: one.seen_until.filter(|_| receipts),
                place: Place {
                    active_at: one.active_at,
                    other: one.other,
                },
            });
        }
        Ok(talks)
    }

    #[instrument(skip_all, fields(user_id = %person))]
    async fn read(&self, person: UserId, with: UserId, id: MessageId) -> Result<(), ChatError> {
        let pair = Pair::of(person, with).ok_or(ChatError::NoSuchPerson)?;
        let heard = retrying(|| self.mark(person, pair, id)).await?;
        if !heard.is_empty() {
            self.hub.moved(heard).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
