//! Links that stopped working.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::user::{AccountLinkRepository, SignUpRequestRepository};

use crate::maintenance::Chore;

/// Removes accounts that were asked for in vain, and links that nobody opened in time.
pub struct StaleLinks {
    /// Accounts that were asked for.
    pub requests: Arc<dyn SignUpRequestRepository>,
    /// Links to accounts.
    pub links: Arc<dyn AccountLinkRepository>,
}

#[async_trait]
impl Chore for StaleLinks {
    fn name(&self) -> &'static str {
        "stale_links"
    }

    async fn run(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        Ok(self.requests.purge(now).await? + self.links.purge(now).await?)
    }
}
