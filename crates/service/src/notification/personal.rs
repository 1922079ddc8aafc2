//! What messages, links and API keys keep of a person.

use async_trait::async_trait;
use domain::RepositoryError;
use domain::unit_of_work::UnitOfWork;
use domain::user::{PersonId, UserId};

use crate::user::{Moved, PersonalData};

/// Messages about an account, links to it and its API keys go when the account goes. Guests have none.
pub struct NotificationPersonalData;

#[async_trait]
impl PersonalData for NotificationPersonalData {
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
        // A member's number is the account's.
        let owner = UserId::from(person.get());
        unit.account_links().remove_all(owner).await?;
        unit.api_keys().remove_all(owner).await?;
        unit.suppressions().remove_all(owner).await?;
        unit.answers().remove_all(owner).await?;
        unit.outbox().remove_all(owner).await.map(|_| ())
    }

    fn removed(&self, _: PersonId) {}
}
