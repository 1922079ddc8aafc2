//! Messages that are done with.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::RepositoryError;
use domain::notification::OutboxRepository;
use domain::once::AnswerRepository;

use crate::maintenance::Chore;

/// Messages that were sent or given up are kept this long.
const KEEP_DAYS: i64 = 30;

/// Removes messages that were sent or given up a month ago.
pub struct SettledMessages(pub Arc<dyn OutboxRepository>);

#[async_trait]
impl Chore for SettledMessages {
    fn name(&self) -> &'static str {
        "settled_messages"
    }

    async fn run(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        self.0.purge(now - TimeDelta::days(KEEP_DAYS)).await
    }
}

/// Forgets answers that nobody may ask for again.
pub struct KeptAnswers(pub Arc<dyn AnswerRepository>);

#[async_trait]
impl Chore for KeptAnswers {
    fn name(&self) -> &'static str {
        "kept_answers"
    }

    async fn run(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        self.0.purge(now).await
    }
}
