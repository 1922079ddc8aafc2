//! Storing messages, as many at a time as have come together.
//!
//! What costs most about a message is making it durable. So nobody writes alone: while one batch
//! is being stored the next one gathers, and all that has gathered is stored in one transaction. A
//! message that comes alone waits for nobody.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::chat::{Bond, Content, DmFrom, Entry, Message, Nonce, Pair, Privacy};
use domain::unit_of_work::{UnitOfWork, UnitOfWorkFactory};
use domain::user::{UserId, UserRepository};
use domain::{Clock, IdGenerator, RepositoryError};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use trace::{Kind, Origin, Span};

use super::{ChatError, Hub, Moment, Stored, What};
use crate::retry::retrying;

/// Messages stored in one transaction at most.
const BATCH: usize = 256;

/// A message that is to be stored.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) author: UserId,
    pub(super) pair: Pair,
    pub(super) content: Content,
    pub(super) nonce: Option<Nonce>,
    /// On whose account it is sent, where that is traced.
    pub(super) origin: Option<Origin>,
}

impl Letter {
    fn to(&self) -> UserId {
        self.pair.other(self.author)
    }

    fn name(&self) -> Option<(UserId, Nonce)> {
        Some((self.author, self.nonce.clone()?))
    }
}

type Answer = Result<Stored, ChatError>;

/// What waits to be stored.
#[derive(Default)]
struct Counter {
    waiting: Vec<(Letter, oneshot::Sender<Answer>)>,
    /// Whether somebody is storing.
    is_served: bool,
}

/// Stores messages.
pub struct PostOffice {
    users: Arc<dyn UserRepository>,
    units: Arc<dyn UnitOfWorkFactory>,
    hub: Arc<Hub>,
    ids: Arc<IdGenerator>,
    clock: Arc<dyn Clock>,
    counter: Mutex<Counter>,
    /// Where it is stored: a worker that serves a thousand sockets comes back to each statement
    /// late.
    runtime: Option<Handle>,
}

/// Whoever stores.
struct Clerk {
    office: Arc<PostOffice>,
    is_done: bool,
}

impl Drop for Clerk {
    fn drop(&mut self) {
        // Whatever became of this one, another one may begin.
        if !self.is_done {
            *self.office.counter.lock() = Counter::default();
        }
    }
}

impl PostOffice {
    /// An office at which nobody waits. It works where it is made, if that is in a runtime.
    #[must_use]
    pub fn new(
        users: Arc<dyn UserRepository>,
        units: Arc<dyn UnitOfWorkFactory>,
        hub: Arc<Hub>,
        ids: Arc<IdGenerator>,
        clock: Arc<dyn Clock>,
    ) -> Arc<Self> {
        Arc::new(Self {
            users,
            units,
            hub,
            ids,
            clock,
            counter: Mutex::default(),
            runtime: Handle::try_current().ok(),
        })
    }

    /// Stores a message in the order that everybody will see, and tells all devices of both. It is
    /// stored even where nobody waits for that any more.
    pub(super) async fn post(self: &Arc<Self>, letter: Letter) -> Answer {
        let (sender, answer) = oneshot::channel();
        let is_served = {
            let mut counter = self.counter.lock();
            counter.waiting.push((letter, sender));
            std::mem::replace(&mut counter.is_served, true)
        };
        if !is_served {
            let clerk = Clerk {
                office: self.clone(),
                is_done: false,
            };
            match &self.runtime {
                Some(runtime) => runtime.spawn(clerk.work()),
                None => tokio::spawn(clerk.work()),
            };
        }
        let lost = |_| RepositoryError::storage("the message was not stored");
        answer.await.map_err(lost)?
    }
}

impl Clerk {
    /// Stores until nothing waits.
    async fn work(mut self) {
        loop {
            let batch = self.next();
            if batch.is_empty() {
                return;
            }
            let (letters, senders): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
            let span = span(&letters);
            let answers = span.around(self.serve(&letters)).await;
            for (sender, answer) in senders.into_iter().zip(answers) {
                // Who has gone away hears of it from their log.
                let _ = sender.send(answer);
            }
        }
    }

    /// Takes what has gathered, as far as it fits; where nothing has, this one is done.
    fn next(&mut self) -> Vec<(Letter, oneshot::Sender<Answer>)> {
        let mut counter = self.office.counter.lock();
        let count = counter.waiting.len().min(BATCH);
        if count == 0 {
            counter.is_served = false;
            self.is_done = true;
        }
        counter.waiting.drain(..count).collect()
    }

    /// Stores these, together if that is possible.
    async fn serve(&self, letters: &[Letter]) -> Vec<Answer> {
        match self.office.store(letters).await {
            Ok(answers) => answers,
            // One of them is what is wrong.
            Err(RepositoryError::Conflict) if letters.len() > 1 => {
                let mut answers = Vec::with_capacity(letters.len());
                for letter in letters {
                    let alone = std::slice::from_ref(letter);
                    match self.office.store(alone).await {
                        Ok(alone) => answers.extend(alone),
                        Err(error) => answers.push(Err(error.into())),
                    }
                }
                answers
            }
            Err(error) => {
                let error = Arc::new(error);
                letters.iter().map(|_| Err(same(&error).into())).collect()
            }
        }
    }
}

/// The span of a batch: part of the first trace there is among its letters, with a link to each of the others.
fn span(letters: &[Letter]) -> Span {
    let mut origins = letters.iter().filter_map(|letter| letter.origin.clone());
    let Some(first) = origins.next() else {
        return Span::default();
    };
    let others: Vec<Origin> = origins.collect();
    let span = Span::gathered("post office", Kind::Consumer, Some(&first), &others);
    span.note("messaging.batch.message_count", letters.len() as i64);
    span
}

/// The same error for one more of those whom it concerns.
fn same(error: &Arc<RepositoryError>) -> RepositoryError {
    let source = Box::new(error.clone());
    match **error {
        RepositoryError::Conflict => RepositoryError::Conflict,
        RepositoryError::Contention => RepositoryError::Contention,
        RepositoryError::Unavailable(_) => RepositoryError::Unavailable(source),
        RepositoryError::Storage(_) => RepositoryError::Storage(source),
    }
}

/// What is known of those who write and are written to, in a transaction that holds them.
struct Desk {
    privacy: HashMap<UserId, Privacy>,
    bonds: HashMap<Pair, Bond>,
    /// Messages by what their authors named them.
    named: HashMap<(UserId, Nonce), Message>,
    /// When the latest message of each pair was stored.
    active_at: HashMap<Pair, DateTime<Utc>>,
}

impl Desk {
    async fn open(unit: &dyn UnitOfWork, letters: &[&Letter]) -> Result<Self, RepositoryError> {
        let people: Vec<UserId> = letters
            .iter()
            .flat_map(|letter| [letter.pair.low(), letter.pair.high()])
            .collect();
        let held = unit.chat_log().hold(&people).await?;
        let pairs: HashSet<Pair> = letters.iter().map(|letter| letter.pair).collect();
        let pairs: Vec<Pair> = pairs.into_iter().collect();
        let names: HashSet<_> = letters.iter().filter_map(|letter| letter.name()).collect();
        let names: Vec<(UserId, Nonce)> = names.into_iter().collect();
        let named = unit.messages().find_by_nonces(&names).await?;
        let named = named.into_iter().filter_map(|message| {
            let nonce = message.nonce.clone()?;
            Some(((message.author, nonce), message))
        });
        Ok(Self {
            privacy: held.iter().map(|one| (one.person, one.privacy)).collect(),
            bonds: unit
                .friendships()
                .find_all(&pairs)
                .await?
                .into_iter()
                .collect(),
            named: named.collect(),
            active_at: unit
                .conversations()
                .active_at(&pairs)
                .await?
                .into_iter()
                .collect(),
        })
    }

    /// Whether the one may write to the other.
    fn allows(&self, letter: &Letter) -> bool {
        let bond = self.bonds.get(&letter.pair);
        let privacy = self.privacy.get(&letter.to()).copied();
        match privacy.unwrap_or_default().dm_from {
            DmFrom::Anyone => !matches!(bond, Some(Bond::Blocked(_) | Bond::BlockedBoth)),
            DmFrom::Nobody => false,
            DmFrom::Friends => bond == Some(&Bond::Friends),
        }
    }

    /// What becomes of a letter; `new` makes a message of it.
    fn take(
        &mut self,
        letter: &Letter,
        new: impl FnOnce(DateTime<Utc>) -> Message,
        now: DateTime<Utc>,
    ) -> Answer {
        if !self.allows(letter) {
            return Err(ChatError::NoSuchPerson);
        }
        if let Some(before) = letter.name().and_then(|name| self.named.get(&name)) {
            // A nonce that went to somebody else says that this client repeats itself in error.
            if before.pair != letter.pair {
                return Err(ChatError::NoSuchMessage);
            }
            return Ok(Stored {
                message: before.clone(),
                is_new: false,
            });
        }
        // Later than the one before, whatever the clocks of the nodes say.
        let latest = self.active_at.get(&letter.pair);
        let at = latest.map_or(now, |latest| now.max(*latest + TimeDelta::microseconds(1)));
        let message = new(at);
        self.active_at.insert(letter.pair, at);
        if let Some(name) = letter.name() {
            self.named.insert(name, message.clone());
        }
        Ok(Stored {
            message,
            is_new: true,
        })
    }
}

impl PostOffice {
    /// Stores letters in one transaction and tells of them; what becomes of each. Fails where none
    /// was stored.
    async fn store(&self, letters: &[Letter]) -> Result<Vec<Answer>, RepositoryError> {
        let people: HashSet<UserId> = letters
            .iter()
            .flat_map(|letter| [letter.pair.low(), letter.pair.high()])
            .collect();
        let people: Vec<UserId> = people.into_iter().collect();
        let there = self.users.active_among(&people).await?;
        let there: HashSet<UserId> = there.into_iter().collect();
        let mut attempt = retrying(|| self.attempt(letters, &there)).await;
        if matches!(attempt, Err(RepositoryError::Conflict)) {
            // Two devices used one nonce at once, here and on another node: it is there now.
            attempt = retrying(|| self.attempt(letters, &there)).await;
        }
        let (answers, moments) = attempt?;
        if !moments.is_empty() {
            self.hub.deliver(moments).await;
        }
        Ok(answers)
    }

    async fn attempt(
        &self,
        letters: &[Letter],
        there: &HashSet<UserId>,
    ) -> Result<(Vec<Answer>, Vec<(UserId, Moment)>), RepositoryError> {
        let now = self.clock.now();
        let goes =
            |letter: &&Letter| there.contains(&letter.author) && there.contains(&letter.to());
        let going: Vec<&Letter> = letters.iter().filter(goes).collect();
        let nobody = || Err(ChatError::NoSuchPerson);
        if going.is_empty() {
            return Ok((letters.iter().map(|_| nobody()).collect(), Vec::new()));
        }
        let unit = self.units.begin().await?;
        let mut desk = Desk::open(&*unit, &going).await?;
        let answers: Vec<Answer> = letters
            .iter()
            .map(|letter| {
                if !goes(&letter) {
                    return nobody();
                }
                let new = |at| self.message(letter, at);
                desk.take(letter, new, now)
            })
            .collect();
        let new = answers.iter().flatten().filter(|stored| stored.is_new);
        let new: Vec<Message> = new.map(|stored| stored.message.clone()).collect();
        if new.is_empty() {
            return Ok((answers, Vec::new()));
        }
        unit.messages().insert(&new).await?;
        unit.conversations().note(&new).await?;
        let told = new.iter().flat_map(|message| {
            let (pair, entry) = (message.pair, Entry::Sent(message.id));
            [(pair.low(), entry), (pair.high(), entry)]
        });
        let places = unit
            .chat_log()
            .append(&told.collect::<Vec<_>>(), now)
            .await?;
        unit.commit().await?;
        let moments = new
            .into_iter()
            .zip(places.chunks(2))
            .flat_map(|(message, places)| {
                let people = [message.pair.low(), message.pair.high()];
                let moments = people.into_iter().zip(places).map(|(person, seq)| {
                    let what = What::Message {
                        message: message.clone(),
                        is_edit: false,
                    };
                    (person, Moment { seq: *seq, what })
                });
                moments.collect::<Vec<_>>()
            });
        Ok((answers, moments.collect()))
    }

    fn message(&self, letter: &Letter, at: DateTime<Utc>) -> Message {
        Message {
            id: self.ids.next(),
            pair: letter.pair,
            author: letter.author,
            content: Some(letter.content.clone()),
            created_at: at,
            edited_at: None,
            nonce: letter.nonce.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
