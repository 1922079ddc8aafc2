//! What has to be tidied up now and then.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::product::ProductRepository;
use domain::user::SessionRepository;
use domain::{Clock, RepositoryError, id};
use tracing::info;

/// An import still unpublished after this long was left behind by a process that died.
const IMPORT_HOURS: i64 = 24;
/// Ended sessions are kept this long, so that a late refresh token is still recognised.
const ENDED_SESSION_DAYS: i64 = 1;

/// Removes what nobody can use any more.
pub struct Maintenance {
    sessions: Arc<dyn SessionRepository>,
    products: Arc<dyn ProductRepository>,
    clock: Arc<dyn Clock>,
}

impl Maintenance {
    /// Over these repositories.
    #[must_use]
    pub fn new(
        sessions: Arc<dyn SessionRepository>,
        products: Arc<dyn ProductRepository>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            sessions,
            products,
            clock,
        }
    }

    /// One round. Safe to run on several nodes at once.
    ///
    /// # Errors
    /// Where storage fails; what was tidied up stays so.
    pub async fn run(&self) -> Result<(), RepositoryError> {
        let now = self.clock.now();
        let sessions = self
            .sessions
            .purge(now - TimeDelta::days(ENDED_SESSION_DAYS))
            .await?;
        let oldest_import = id::lowest_at(now - TimeDelta::hours(IMPORT_HOURS));
        let products = self.products.discard_staged(oldest_import).await?;
        if sessions + products > 0 {
            info!(sessions, products, "tidied up");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::product::{ImportId, MockProductRepository};
    use domain::user::MockSessionRepository;
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{clock, failure, ids, start};

    #[tokio::test]
    async fn only_what_nobody_can_use_any_more_is_removed() {
        let day = TimeDelta::days(1);
        let mut sessions = MockSessionRepository::new();
        sessions
            .expect_purge()
            .with(eq(start() - day))
            .times(1)
            .returning(|_| Ok(2));
        let clock = clock();
        let begun_now: ImportId = ids(&clock).next();
        clock.advance(-day - TimeDelta::seconds(1));
        let begun_long_ago: ImportId = ids(&clock).next();
        clock.advance(day + TimeDelta::seconds(1));
        let mut products = MockProductRepository::new();
        products
            .expect_discard_staged()
            .withf(move |before| begun_long_ago < *before && *before < begun_now)
            .times(1)
            .returning(|_| Ok(3));
        let maintenance = Maintenance::new(Arc::new(sessions), Arc::new(products), clock);
        assert!(maintenance.run().await.is_ok());
    }

    #[tokio::test]
    async fn storage_that_fails_is_told() {
        let mut sessions = MockSessionRepository::new();
        sessions.expect_purge().returning(|_| Err(failure()));
        let products = Arc::new(MockProductRepository::new());
        let maintenance = Maintenance::new(Arc::new(sessions), products, clock());
        assert!(maintenance.run().await.is_err());
    }
}
