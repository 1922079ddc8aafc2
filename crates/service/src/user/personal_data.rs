//! What each domain keeps of a person, when a guest turns out to be a member or somebody leaves.

use std::ops::AddAssign;

use async_trait::async_trait;
use domain::RepositoryError;
use domain::unit_of_work::UnitOfWork;
use domain::user::PersonId;

/// What a guest had that is a member's now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Hearts that the member did not have before.
    pub hearts: u64,
    /// Things done with outfits: the taste they tell of moved with them.
    pub events: u64,
}

impl AddAssign for Moved {
    fn add_assign(&mut self, other: Self) {
        self.hearts += other.hearts;
        self.events += other.events;
    }
}

/// One domain's part of what is kept of a person.
#[async_trait]
pub trait PersonalData: Send + Sync {
    /// Gives to the member what was the guest's; what that was. Doing it again changes nothing.
    async fn merge(
        &self,
        unit: &dyn UnitOfWork,
        guest: PersonId,
        member: PersonId,
    ) -> Result<Moved, RepositoryError>;

    /// Follows a merge that was committed: in memory, without failing.
    fn merged(&self, guest: PersonId, member: PersonId);

    /// Removes everything kept of the person.
    async fn remove(&self, unit: &dyn UnitOfWork, person: PersonId) -> Result<(), RepositoryError>;

    /// Follows a removal that was committed: in memory, without failing.
    fn removed(&self, person: PersonId);
}
