//! Things that are done once, however often they are asked for: a state that comes back from another
//! site, a signed request, a request under an `Idempotency-Key`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::RepositoryError;
use crate::user::UserId;

/// Keys that were spent.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OnceRepository: Send + Sync {
    /// Spends a key (at most 64 characters: hash what is longer, and what is secret), to be
    /// remembered until `until`; whether it was there to be spent. Of any number that try at once,
    /// on whatever node, one does.
    async fn spend(&self, key: &str, until: DateTime<Utc>) -> Result<bool, RepositoryError>;

    /// Forgets what need not be remembered at `now`; how many keys.
    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
}

/// The answer to a request that was sent under a key of the client's choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// What stands for person and key: at most 64 characters.
    pub id: String,
    /// Who asked.
    pub owner: UserId,
    /// What stands for the whole request, at most 64 characters: the key with another one is a mistake.
    pub request: String,
    /// What was answered; empty where that is not known yet.
    pub answer: String,
    /// How long it is kept.
    pub until: DateTime<Utc>,
}

/// Answers, stored with what they tell of.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AnswerRepository: Send + Sync {
    /// Keeps an answer where none is kept under its id at `now`; whether that was so. In a unit of
    /// work, first of all: of any number that try at once, the others wait for how it ends.
    async fn keep(&self, answer: &KeptAnswer, now: DateTime<Utc>) -> Result<bool, RepositoryError>;

    /// The answer under an id.
    async fn find(&self, id: &str) -> Result<Option<KeptAnswer>, RepositoryError>;

    /// Puts an answer in the place of what is kept under an id, until another time.
    async fn complete(
        &self,
        id: &str,
        answer: &str,
        until: DateTime<Utc>,
    ) -> Result<(), RepositoryError>;

    /// Forgets what is kept under an id.
    async fn release(&self, id: &str) -> Result<(), RepositoryError>;

    /// Removes all answers to one person.
    async fn remove_all(&self, owner: UserId) -> Result<(), RepositoryError>;

    /// Forgets what need not be kept at `now`; how many.
    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
}
