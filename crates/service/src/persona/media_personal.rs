//! What is kept of a person's pictures.

use async_trait::async_trait;
use domain::RepositoryError;
use domain::unit_of_work::UnitOfWork;
use domain::user::PersonId;

use crate::user::{Moved, PersonalData};

/// Pictures, and what shows them. The files of those that nobody else has are removed by the next
/// sweep.
pub(super) struct MediaPersonalData;

#[async_trait]
impl PersonalData for MediaPersonalData {
    async fn merge(
        &self,
        unit: &dyn UnitOfWork,
        guest: PersonId,
        member: PersonId,
    ) -> Result<Moved, RepositoryError> {
        unit.media().merge(guest, member).await?;
        Ok(Moved::default())
    }

    fn merged(&self, _guest: PersonId, _member: PersonId) {}

    async fn remove(&self, unit: &dyn UnitOfWork, person: PersonId) -> Result<(), RepositoryError> {
        unit.media().remove_all(person).await
    }

    fn removed(&self, _person: PersonId) {}
}
