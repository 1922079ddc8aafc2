//! What is kept of people who talk, when they leave; and what is kept for a time only.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::RepositoryError;
use domain::chat::{ChatLogRepository, MessageRepository};
use domain::unit_of_work::UnitOfWork;
use domain::user::PersonId;

use crate::maintenance::Chore;
use crate::user::{Moved, PersonalData};

/// Nonces are known for this long.
const NONCE_HOURS: i64 = 24;
/// A device that was away for longer reads everything anew.
const LOG_DAYS: i64 = 14;

/// Friendships, messages, and what happened. Guests have none of it.
pub struct ChatPersonalData;

#[async_trait]
impl PersonalData for ChatPersonalData {
    async fn merge(
        &self,
        _: &dyn UnitOfWork,
        _: PersonId,
        _: PersonId,
    ) -> Result<Moved, RepositoryError> {
        Ok(Moved::default())
    }

    fn merged(&self, _: PersonId, _: PersonId) {}

    async fn remove(&self, unit: &dyn UnitOfWork, person: PersonId) -> Result<(), RepositoryError> {
        let person = person.get().into();
        unit.messages().remove_all(person).await?;
        unit.conversations().remove_all(person).await?;
        unit.friendships().remove_all(person).await?;
        unit.chat_log().remove_all(person).await
    }

    fn removed(&self, _: PersonId) {}
}

/// Forgets old nonces and old entries of logs.
pub struct ChatChores {
    /// Messages.
    pub messages: Arc<dyn MessageRepository>,
    /// What happened.
    pub log: Arc<dyn ChatLogRepository>,
}

#[async_trait]
impl Chore for ChatChores {
    fn name(&self) -> &'static str {
        "chat_log"
    }

    async fn run(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let nonces = now - TimeDelta::hours(NONCE_HOURS);
        self.messages.forget_nonces(nonces).await?;
        self.log.purge(now - TimeDelta::days(LOG_DAYS)).await
    }
}
