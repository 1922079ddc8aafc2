//! What is kept of a person here: their personas and their pictures, with all that hangs on them.

use std::sync::Arc;

use async_trait::async_trait;
use domain::RepositoryError;
use domain::unit_of_work::UnitOfWork;
use domain::user::PersonId;

use super::MediaPersonalData;
use crate::user::{Moved, PersonalData};

/// This domain's parts of what is kept of a person. Personas before pictures, as where a persona is
/// changed: one that is being changed while its owner leaves would show a picture again after all
/// that shows any was removed, and keep it for ever.
#[must_use]
pub fn personal_data() -> [Arc<dyn PersonalData>; 2] {
    [Arc::new(PersonaPersonalData), Arc::new(MediaPersonalData)]
}

/// Personas and the tokens they have. Guests have none.
struct PersonaPersonalData;

#[async_trait]
impl PersonalData for PersonaPersonalData {
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
        let owner = person.get().into();
        unit.personas().delete_all(owner).await.map(|_| ())
    }

    fn removed(&self, _: PersonId) {}
}

#[cfg(test)]
mod tests {
    use domain::unit_of_work::mock::MockUnitOfWork;
    use mockall::Sequence;

    use super::*;
    use crate::testing::OWNER;

    #[tokio::test]
    async fn personas_go_before_the_pictures_they_show() {
        let (mut unit, mut order) = (MockUnitOfWork::default(), Sequence::new());
        let personas = unit.personas.expect_delete_all().times(1);
        personas.in_sequence(&mut order).returning(|_| Ok(2));
        let pictures = unit.media.expect_remove_all().times(1);
        pictures.in_sequence(&mut order).returning(|_| Ok(()));
        for part in personal_data() {
            let removed = part.remove(&unit, OWNER.into()).await;
            removed.expect("a removal");
        }
    }
}
