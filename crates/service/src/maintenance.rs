//! What has to be tidied up now and then.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::once::OnceRepository;
use domain::outfit::OutfitEventRepository;
use domain::product::ProductRepository;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{GuestRepository, PersonId, SessionRepository};
use domain::{Clock, RepositoryError, id};
use tracing::info;

use crate::retry::retrying;
use crate::user::PersonalData;

/// An import still unpublished after this long was left behind by a process that died.
const IMPORT_HOURS: i64 = 24;
/// Ended sessions are kept this long, so that a late refresh token is still recognised.
const ENDED_SESSION_DAYS: i64 = 1;
/// A day is counted this long after its end: what was under way has been written by then.
const SETTLED_HOURS: i64 = 1;
/// Guests removed at a time.
const GUESTS: u64 = 100;

/// One thing to tidy up, of whatever domain.
#[async_trait]
pub trait Chore: Send + Sync {
    /// What is removed, for the log: `spent_keys`.
    fn name(&self) -> &'static str;

    /// Removes what is over at `now`; how much that was. Safe to run on several nodes at once.
    async fn run(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError>;
}

/// Forgets spent keys that could not be used any more anyway.
pub struct SpentKeys(pub Arc<dyn OnceRepository>);

#[async_trait]
impl Chore for SpentKeys {
    fn name(&self) -> &'static str {
        "spent_keys"
    }

    async fn run(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        self.0.purge(now).await
    }
}

/// Removes what nobody can use any more.
pub struct Maintenance {
    /// Sessions.
    pub sessions: Arc<dyn SessionRepository>,
    /// Products.
    pub products: Arc<dyn ProductRepository>,
    /// Guests.
    pub guests: Arc<dyn GuestRepository>,
    /// The log of events.
    pub events: Arc<dyn OutfitEventRepository>,
    /// Whatever else there is to do, in this order.
    pub chores: Vec<Arc<dyn Chore>>,
    /// What is kept of guests.
    pub personal: Vec<Arc<dyn PersonalData>>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// How long views are kept one by one.
    pub view_retention: Duration,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Maintenance {
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
        let guests = self.purge_guests(now).await?;
        let retention = TimeDelta::from_std(self.view_retention).unwrap_or(TimeDelta::days(90));
        let settled = now - TimeDelta::hours(SETTLED_HOURS);
        let views = self.events.condense(settled, now - retention).await?;
        if sessions + products + guests + views > 0 {
            info!(sessions, products, guests, views, "tidied up");
        }
        for chore in &self.chores {
            let removed = chore.run(now).await?;
            if removed > 0 {
                info!(what = chore.name(), removed, "tidied up");
            }
        }
        Ok(())
    }

    /// Removes guests who stayed away for too long, with all that was kept of them. What a guest
    /// who became a member left behind (a heart given in the moment of signing in) goes to the
    /// member first: nothing acknowledged is lost.
    async fn purge_guests(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let mut purged = 0;
        loop {
            let guests = self.guests.expired(now, GUESTS).await?;
            for (guest, member) in &guests {
                let member = member.map(PersonId::from);
                retrying(|| self.purge_guest(*guest, member)).await?;
                for part in &self.personal {
                    match member {
                        Some(member) => part.merged(*guest, member),
                        None => part.removed(*guest),
                    }
                }
            }
            purged += guests.len() as u64;
            if (guests.len() as u64) < GUESTS {
                return Ok(purged);
            }
        }
    }

    async fn purge_guest(
        &self,
        guest: PersonId,
        member: Option<PersonId>,
    ) -> Result<(), RepositoryError> {
        let unit = self.units.begin().await?;
        for part in &self.personal {
            match member {
                Some(member) => {
                    part.merge(unit.as_ref(), guest, member).await?;
                }
                None => part.remove(unit.as_ref(), guest).await?,
            }
        }
        unit.guests().remove(guest).await?;
        unit.commit().await
    }
}

#[cfg(test)]
mod tests {
    use domain::outfit::MockOutfitEventRepository;
    use domain::product::{ImportId, MockProductRepository};
    use domain::unit_of_work::mock::{MockUnitOfWork, MockUnitOfWorkFactory};
    use domain::user::{MockGuestRepository, MockSessionRepository};
    use mockall::predicate::eq;

    use super::*;
    use crate::testing::{clock, failure, ids, start};

    fn maintenance() -> Maintenance {
        let mut guests = MockGuestRepository::new();
        guests.expect_expired().returning(|_, _| Ok(vec![]));
        let mut events = MockOutfitEventRepository::new();
        events
            .expect_condense()
            .with(
                eq(start() - TimeDelta::hours(1)),
                eq(start() - TimeDelta::days(30)),
            )
            .returning(|_, _| Ok(0));
        let mut products = MockProductRepository::new();
        products.expect_discard_staged().returning(|_| Ok(0));
        let mut sessions = MockSessionRepository::new();
        sessions.expect_purge().returning(|_| Ok(0));
        Maintenance {
            sessions: Arc::new(sessions),
            products: Arc::new(products),
            guests: Arc::new(guests),
            events: Arc::new(events),
            chores: vec![],
            personal: vec![],
            units: Arc::new(MockUnitOfWorkFactory::of([])),
            view_retention: Duration::from_secs(30 * 86_400),
            clock: clock(),
        }
    }

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
        let maintenance = Maintenance {
            sessions: Arc::new(sessions),
            products: Arc::new(products),
            clock,
            ..maintenance()
        };
        assert!(maintenance.run().await.is_ok());
    }

    #[tokio::test]
    async fn a_chore_is_told_the_time() {
        let mut once = domain::once::MockOnceRepository::new();
        once.expect_purge()
            .with(eq(start()))
            .times(1)
            .returning(|_| Ok(4));
        let maintenance = Maintenance {
            chores: vec![Arc::new(SpentKeys(Arc::new(once)))],
            ..maintenance()
        };
        assert!(maintenance.run().await.is_ok());
    }

    #[tokio::test]
    async fn storage_that_fails_is_told() {
        let mut sessions = MockSessionRepository::new();
        sessions.expect_purge().returning(|_| Err(failure()));
        let maintenance = Maintenance {
            sessions: Arc::new(sessions),
            ..maintenance()
        };
        assert!(maintenance.run().await.is_err());
    }

    #[tokio::test]
    async fn what_a_guest_left_goes_to_the_member_they_became() {
        use crate::outfit::testing::Notes;
        let mut guests = MockGuestRepository::new();
        guests
            .expect_expired()
            .times(1)
            .returning(|_, _| Ok(vec![(3.into(), None), (4.into(), Some(7.into()))]));
        let units = [3_i64, 4].map(|id| {
            let mut unit = MockUnitOfWork::default();
            let removed = unit.guests.expect_remove().with(eq(PersonId::from(id)));
            removed.times(1).returning(|_| Ok(()));
            unit
        });
        let notes = Arc::new(Notes::default());
        let maintenance = Maintenance {
            guests: Arc::new(guests),
            personal: vec![notes.clone()],
            units: Arc::new(MockUnitOfWorkFactory::of(units)),
            ..maintenance()
        };
        assert!(maintenance.run().await.is_ok());
        assert_eq!(
            *notes.heard.lock(),
            ["remove 3", "removed 3", "merge 4 7", "merged 4 7"]
        );
    }
}
