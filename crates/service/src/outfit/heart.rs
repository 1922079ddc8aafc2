//! Hearts: given, taken back, collected.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use domain::RepositoryError;
use domain::outfit::{Action, HeartOutcome, HeartRepository, Outfit, OutfitId};
use domain::user::PersonId;
use tracing::{Instrument, instrument};

use super::{Common, OutfitError};

/// A page of a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    /// The outfits, the newest heart first.
    pub outfits: Vec<Arc<Outfit>>,
    /// Whether nothing follows.
    pub is_last: bool,
}

/// Hearts.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait HeartService: Send + Sync {
    /// Makes the person heart the outfit, or heart it no longer. Saying so again changes nothing.
    async fn set(
        &self,
        person: PersonId,
        outfit: OutfitId,
        wanted: bool,
    ) -> Result<(), OutfitError>;

    /// The person's collection: `count` outfits from the `offset`-th.
    async fn collection(
        &self,
        person: PersonId,
        offset: u64,
        count: u64,
    ) -> Result<Collection, OutfitError>;

    /// Those of `outfits` that the person hearts.
    async fn liked(
        &self,
        person: PersonId,
        outfits: &[OutfitId],
    ) -> Result<HashSet<OutfitId>, OutfitError>;
}

/// [`HeartService`] over the repository.
pub struct DefaultHeartService {
    /// What all use-cases of outfits stand on.
    pub common: Arc<Common>,
    /// Hearts.
    pub hearts: Arc<dyn HeartRepository>,
}

#[async_trait]
impl HeartService for DefaultHeartService {
    #[instrument(skip_all, fields(%outfit, wanted))]
    async fn set(
        &self,
        person: PersonId,
        outfit: OutfitId,
        wanted: bool,
    ) -> Result<(), OutfitError> {
        let common = &self.common;
        let action = if wanted {
            Action::Heart
        } else {
            Action::Unheart
        };
        let place = common.feeds.place(person, outfit);
        let event = common.event(person, outfit, action, place);
        let (common, hearts) = (common.clone(), self.hearts.clone());
        // A task of its own: where somebody hangs up, their heart is committed with those of
        // others nevertheless, and has to be learned.
        let set = async move {
            let outcome = hearts.set(&event, wanted).await;
            // Also after an error: a commit whose answer was lost may have happened.
            common.liked.forget(person);
            match outcome? {
                HeartOutcome::Absent => Err(OutfitError::NotFound),
                HeartOutcome::Unchanged => Ok(()),
                HeartOutcome::Changed => {
                    common.mind.learn(&[event]);
                    common.feeds.acted(person, common.micros());
                    Ok(())
                }
            }
        };
        let interrupted = |_| RepositoryError::storage("a heart was interrupted");
        tokio::spawn(set.in_current_span())
            .await
            .map_err(interrupted)?
    }

    async fn collection(
        &self,
        person: PersonId,
        offset: u64,
        count: u64,
    ) -> Result<Collection, OutfitError> {
        if i64::try_from(offset).is_err() {
            // Storage counts no further, and nobody has as many.
            return Ok(Collection {
                outfits: Vec::new(),
                is_last: true,
            });
        }
        // One more than wanted tells whether this is all.
        let mut hearts = self.hearts.list(person, offset, count + 1).await?;
        let is_last = hearts.len() as u64 <= count;
        hearts.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        let outfits = hearts.iter().map(|heart| heart.outfit);
        Ok(Collection {
            outfits: self.common.catalogue.all_visible(outfits),
            is_last,
        })
    }

    async fn liked(
        &self,
        person: PersonId,
        outfits: &[OutfitId],
    ) -> Result<HashSet<OutfitId>, OutfitError> {
        Ok(self.common.liked.among(person, outfits).await?)
    }
}

#[cfg(test)]
mod tests;
