//! What is kept of a person's taste.

use std::sync::Arc;

use async_trait::async_trait;
use domain::RepositoryError;
use domain::outfit::{Action, Place};
use domain::unit_of_work::UnitOfWork;
use domain::user::PersonId;

use super::Common;
use crate::user::{Moved, PersonalData};

/// Hearts, events, dislikes, and what the recommender made of them.
pub struct OutfitPersonalData {
    /// What all use-cases of outfits stand on.
    pub common: Arc<Common>,
}

#[async_trait]
impl PersonalData for OutfitPersonalData {
    async fn merge(
        &self,
        unit: &dyn UnitOfWork,
        guest: PersonId,
        member: PersonId,
    ) -> Result<Moved, RepositoryError> {
        let hearts = unit.hearts().merge(guest, member).await?;
        unit.dislikes().merge(guest, member).await?;
        let events = unit.outfit_events().reassign(guest, member).await?;
        // The other nodes learn of it from the log.
        let merged = Action::Merged(guest);
        let event = self
            .common
            .event(member, 0.into(), merged, Place::default());
        unit.outfit_events().append(&[event]).await?;
        Ok(Moved { hearts, events })
    }

    fn merged(&self, guest: PersonId, member: PersonId) {
        let common = &self.common;
        let event = common.event(member, 0.into(), Action::Merged(guest), Place::default());
        common.mind.learn(&[event]);
        common.liked.forget(guest);
        common.liked.forget(member);
        common.feeds.hand_over(guest, member);
        common.feeds.acted(member, common.micros());
    }

    async fn remove(&self, unit: &dyn UnitOfWork, person: PersonId) -> Result<(), RepositoryError> {
        unit.hearts().remove_all(person).await?;
        unit.dislikes().remove_all(person).await?;
        unit.outfit_events().remove_all(person).await.map(|_| ())
    }

    fn removed(&self, person: PersonId) {
        self.common.liked.forget(person);
        self.common.mind.forget(person);
        self.common.recorder.forget(person);
    }
}

#[cfg(test)]
mod tests;
