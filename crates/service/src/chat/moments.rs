//! Catching up: what happened to a person since their device last heard.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::RepositoryError;
use domain::chat::{
    ChatLogRepository, Entry, FriendEvent, Message, MessageId, MessageRepository, Pair, Seq,
};
use domain::user::{UserId, UserRepository};

use super::{Card, ChatError};

/// Entries read at a time.
const PORTION: u64 = 200;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A message, as it is now: whether it was changed since it was sent.
    Message {
        /// The message.
        message: Message,
        /// Whether this is about a change of it.
        is_edit: bool,
    },
    /// Somebody did something about a friendship.
    Friend(FriendEvent, Card),
    /// One of the two has read everything up to a message.
    Read {
        /// The message.
        id: MessageId,
        /// Between whom it is.
        pair: Pair,
        /// Who has read it.
        reader: UserId,
    },
}

/// Something that happened to a person, and its place in their log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Its place.
    pub seq: Seq,
    /// What happened.
    pub what: What,
}

/// What a device missed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaughtUp {
    /// In order.
    pub moments: Vec<Moment>,
    /// The place up to which everything is told with this.
    pub seq: Seq,
    /// Whether more is there.
    pub more: bool,
    /// The place up to which what was missed is no longer kept: what the device has is not whole.
    pub gap: Option<Seq>,
}

/// What happened to people.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MomentService: Send + Sync {
    /// The place of the latest thing that happened.
    async fn now(&self, person: UserId) -> Result<Seq, ChatError>;

    /// What happened after a place, as much as is read at a time.
    async fn since(&self, person: UserId, seq: Seq) -> Result<CaughtUp, ChatError>;
}

/// [`MomentService`] over the repositories.
pub struct DefaultMomentService {
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// Messages.
    pub messages: Arc<dyn MessageRepository>,
    /// What happened.
    pub log: Arc<dyn ChatLogRepository>,
}

#[async_trait]
impl MomentService for DefaultMomentService {
    async fn now(&self, person: UserId) -> Result<Seq, ChatError> {
        Ok(self.log.span(person).await?.last)
    }

    async fn since(&self, person: UserId, seq: Seq) -> Result<CaughtUp, ChatError> {
        let logged = self.log.after(person, seq, PORTION).await?;
        let (gap, last) = match (logged.first(), logged.last()) {
            (Some(first), Some(last)) => ((first.seq > seq + 1).then_some(first.seq - 1), last.seq),
            // Nothing was there. What has come since then is not missed: it is still to be read.
            _ => {
                let removed = self.log.span(person).await?.removed;
                ((removed > seq).then_some(removed), removed.max(seq))
            }
        };
        let messages = self.read(logged.iter().map(|one| one.entry)).await?;
        let mut moments = Vec::with_capacity(logged.len());
        for one in &logged {
            // What is about a message or a person that is gone is no news any more.
            let what = match one.entry {
                Entry::Sent(id) => message(&messages, id, false),
                Entry::Edited(id) => message(&messages, id, true),
                Entry::Read(id) => messages.get(&id).map(|message| What::Read {
                    id,
                    pair: message.pair,
                    reader: person,
                }),
                Entry::Seen(id) => messages.get(&id).map(|message| What::Read {
                    id,
                    pair: message.pair,
                    reader: message.pair.other(person),
                }),
                Entry::Friend(event, other) => {
                    let other = self.users.find(other).await?;
                    other.map(|other| What::Friend(event, Card::from(&other)))
                }
            };
            moments.extend(what.map(|what| Moment { seq: one.seq, what }));
        }
        Ok(CaughtUp {
            moments,
            seq: last,
            more: logged.len() as u64 == PORTION,
            gap,
        })
    }
}

impl DefaultMomentService {
    async fn read(
        &self,
        entries: impl Iterator<Item = Entry>,
    ) -> Result<HashMap<MessageId, Message>, RepositoryError> {
        let ids = entries.filter_map(|entry| match entry {
            Entry::Sent(id) | Entry::Edited(id) | Entry::Read(id) | Entry::Seen(id) => Some(id),
            Entry::Friend(..) => None,
        });
        let mut ids: Vec<MessageId> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let found = self.messages.find_all(&ids).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}

fn message(found: &HashMap<MessageId, Message>, id: MessageId, is_edit: bool) -> Option<What> {
    let message = found.get(&id)?.clone();
    // Taken back before this device heard of it: only that is news.
    if message.content.is_none() && !is_edit {
        return None;
    }
    Some(What::Message { message, is_edit })
}

#[cfg(test)]
mod tests {
    use domain::chat::{Logged, MockChatLogRepository, MockMessageRepository, Span};
    use domain::user::MockUserRepository;

    use super::*;

    /// A log that has these places, and of which everything up to `removed` is gone.
    fn service(places: &[Seq], span: Span) -> DefaultMomentService {
        let entry = Entry::Friend(FriendEvent::Request, 2.into());
        let places: Vec<Logged> = places
            .iter()
            .map(|seq| Logged { seq: *seq, entry })
            .collect();
        let mut log = MockChatLogRepository::new();
        log.expect_after().returning(move |_, seq, _| {
            let after = places.iter().filter(|one| one.seq > seq);
            Ok(after.copied().collect())
        });
        log.expect_span().returning(move |_| Ok(span));
        let mut messages = MockMessageRepository::new();
        messages.expect_find_all().returning(|_| Ok(Vec::new()));
        let mut users = MockUserRepository::new();
        users.expect_find().returning(|_| Ok(None));
        DefaultMomentService {
            users: Arc::new(users),
            messages: Arc::new(messages),
            log: Arc::new(log),
        }
    }

    async fn since(places: &[Seq], removed: Seq, last: Seq, seq: Seq) -> (Option<Seq>, Seq) {
        let service = service(places, Span { last, removed });
        let caught = service.since(1.into(), seq).await.expect("an answer");
        (caught.gap, caught.seq)
    }

    #[tokio::test]
    async fn what_is_no_longer_kept_is_a_gap() {
        assert_eq!(since(&[5, 6], 4, 6, 4).await, (None, 6));
        assert_eq!(since(&[5, 6], 4, 6, 3).await, (Some(4), 6));
        assert_eq!(since(&[], 4, 4, 3).await, (Some(4), 4));
        assert_eq!(since(&[], 4, 4, 4).await, (None, 4));
    }

    #[tokio::test]
    async fn what_comes_between_two_looks_is_neither_a_gap_nor_skipped() {
        assert_eq!(since(&[], 0, 1, 0).await, (None, 0));
    }
}
