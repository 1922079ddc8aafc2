//! What each domain keeps of a person, when a guest turns out to be a member or somebody leaves.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::unit_of_work::{UnitOfWork, UnitOfWorkFactory};
use domain::user::{PersonId, UserId};
use domain::{Clock, RepositoryError};
use tracing::{info, instrument};

use super::GuestService;
use crate::retry::retrying;

/// One domain's part of what is kept of a person.
#[async_trait]
pub trait PersonalData: Send + Sync {
    /// Gives to the member what was the guest's. Doing it again changes nothing.
    async fn merge(
        &self,
        unit: &dyn UnitOfWork,
        guest: PersonId,
        member: PersonId,
    ) -> Result<(), RepositoryError>;

    /// Follows a merge that was committed: in memory, without failing.
    fn merged(&self, guest: PersonId, member: PersonId);

    /// Removes everything kept of the person.
    async fn remove(&self, unit: &dyn UnitOfWork, person: PersonId) -> Result<(), RepositoryError>;

    /// Follows a removal that was committed: in memory, without failing.
    fn removed(&self, person: PersonId);
}

/// Makes a guest the member they turned out to be: one transaction over all domains.
pub struct GuestMerge {
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Guests.
    pub guests: Arc<dyn GuestService>,
    /// Each domain's part, in the order they lock.
    pub parts: Vec<Arc<dyn PersonalData>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What a request that was under way while the guest signed in left behind is looked for this
/// much later (by [`Maintenance`](crate::maintenance::Maintenance)).
const LINGER: TimeDelta = TimeDelta::minutes(10);

impl GuestMerge {
    /// Merges; `false` where another request did it before. Of two devices that sign in at once
    /// one merges, and the other finds it done.
    ///
    /// # Errors
    /// Where storage fails; then nothing was merged.
    #[instrument(skip_all, fields(user_id = %member))]
    pub async fn run(&self, guest: PersonId, member: UserId) -> Result<bool, RepositoryError> {
        let merged = retrying(|| self.attempt(guest, member)).await?;
        // Whoever did it: this node recognises the guest no longer.
        self.guests.forget(guest);
        if merged {
            for part in &self.parts {
                part.merged(guest, member.into());
            }
            info!("a guest signed in");
        }
        Ok(merged)
    }

    async fn attempt(&self, guest: PersonId, member: UserId) -> Result<bool, RepositoryError> {
        let until = self.clock.now() + LINGER;
        let unit = self.units.begin().await?;
        if !unit.guests().merge(guest, member, until).await? {
            return Ok(false);
        }
        for part in &self.parts {
            part.merge(unit.as_ref(), guest, member.into()).await?;
        }
        unit.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use domain::unit_of_work::mock::{MockUnitOfWork, MockUnitOfWorkFactory};

    use super::*;
    use crate::outfit::testing::Notes;
    use crate::testing::failure;
    use crate::user::guest::MockGuestService;

    const GUEST: i64 = 3;
    const MEMBER: i64 = 4;

    fn unit(first: bool) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::default();
        unit.guests
            .expect_merge()
            .returning(move |_, _, _| Ok(first));
        unit
    }

    fn merge(units: MockUnitOfWorkFactory, notes: &Arc<Notes>) -> GuestMerge {
        let mut guests = MockGuestService::new();
        guests.expect_forget().returning(|_| ());
        GuestMerge {
            units: Arc::new(units),
            guests: Arc::new(guests),
            parts: vec![notes.clone()],
            clock: crate::testing::clock(),
        }
    }

    #[tokio::test]
    async fn every_part_merges_and_is_told_after_the_commit() {
        let (unit, notes) = (unit(true), Arc::new(Notes::default()));
        let committed = unit.committed();
        let done = merge(unit.into_factory(), &notes)
            .run(GUEST.into(), MEMBER.into())
            .await;
        assert!(done.expect("a merge") && committed.load(Ordering::SeqCst));
        assert_eq!(*notes.heard.lock(), ["merge 3 4", "merged 3 4"]);
    }

    #[tokio::test]
    async fn who_comes_second_merges_nothing() {
        let (unit, notes) = (unit(false), Arc::new(Notes::default()));
        let committed = unit.committed();
        let done = merge(unit.into_factory(), &notes)
            .run(GUEST.into(), MEMBER.into())
            .await;
        assert!(!done.expect("an answer") && !committed.load(Ordering::SeqCst));
        assert!(notes.heard.lock().is_empty());
    }

    #[tokio::test]
    async fn a_part_that_fails_undoes_all() {
        let (unit, notes) = (unit(true), Arc::new(Notes::default()));
        notes.failures.lock().push(failure());
        let committed = unit.committed();
        let done = merge(unit.into_factory(), &notes)
            .run(GUEST.into(), MEMBER.into())
            .await;
        assert!(done.is_err() && !committed.load(Ordering::SeqCst));
        assert_eq!(*notes.heard.lock(), ["merge 3 4"]);
    }

    #[tokio::test]
    async fn a_lost_race_is_run_again() {
        let notes = Arc::new(Notes::default());
        notes.failures.lock().push(RepositoryError::Contention);
        let units = MockUnitOfWorkFactory::of([unit(true), unit(true)]);
        let done = merge(units, &notes).run(GUEST.into(), MEMBER.into()).await;
        assert!(done.expect("a merge"));
        assert_eq!(
            *notes.heard.lock(),
            ["merge 3 4", "merge 3 4", "merged 3 4"]
        );
    }
}
