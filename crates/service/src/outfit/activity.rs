//! What people do with outfits beside hearting them.

use std::sync::Arc;

use async_trait::async_trait;
use domain::outfit::{
    Action, Dislike, DislikeRepository, Disliked, FeedId, LabelKind, OutfitEvent, OutfitId, Place,
};
use domain::user::PersonId;
use tracing::instrument;

use super::{Common, OutfitError};

/// What a client reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The outfit was on the screen.
    Seen,
    /// It was opened.
    Click,
    /// It was shared.
    Share,
    /// It was opened from the outfits similar to this one.
    SimilarClick(OutfitId),
}

/// A deed, and where it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// With which outfit.
    pub outfit: OutfitId,
    /// What.
    pub deed: Deed,
    /// In which feed and position; the feed looked at last, where it is not said.
    pub place: Option<(FeedId, u32)>,
}

/// Something a person is not interested in, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwanted {
    /// An outfit.
    Outfit(OutfitId),
    /// All outfits with this tag.
    Tag(String),
    /// All outfits of this brand.
    Brand(String),
}

/// What people do with outfits.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ActivityService: Send + Sync {
    /// Writes deeds down, all or none.
    async fn report(&self, person: PersonId, reports: &[Report]) -> Result<(), OutfitError>;

    /// Shows the person less (`unwanted`) or again of something.
    async fn dislike(
        &self,
        person: PersonId,
        what: &Unwanted,
        unwanted: bool,
    ) -> Result<(), OutfitError>;

    /// What the person is not interested in, the newest first.
    async fn dislikes(&self, person: PersonId) -> Result<Vec<Unwanted>, OutfitError>;
}

/// [`ActivityService`] over the event log.
pub struct DefaultActivityService {
    /// What all use-cases of outfits stand on.
    pub common: Arc<Common>,
    /// Dislikes.
    pub dislikes: Arc<dyn DislikeRepository>,
}

impl DefaultActivityService {
    fn event(&self, person: PersonId, report: &Report) -> Result<OutfitEvent, OutfitError> {
        let common = &self.common;
        let exists = |id| common.catalogue.visible(id).ok_or(OutfitError::NotFound);
        exists(report.outfit)?;
        let action = match report.deed {
            Deed::Seen => Action::Seen,
            Deed::Click => Action::Click,
            Deed::Share => Action::Share,
            Deed::SimilarClick(base) => {
                exists(base)?;
                Action::SimilarClick(base)
            }
        };
        let known = common.feeds.place(person, report.outfit);
        let place = match report.place {
            // What the client says, and the propensity only where it is the feed we know of.
            Some((feed, position)) => Place {
                feed: Some(feed),
                position: i32::try_from(position).ok(),
                propensity: known.propensity.filter(|_| known.feed == Some(feed)),
            },
            None => known,
        };
        Ok(common.event(person, report.outfit, action, place))
    }

    /// The label that a text names.
    fn label(&self, what: &Unwanted) -> Result<Disliked, OutfitError> {
        let catalogue = &self.common.catalogue;
        let label = match what {
            Unwanted::Outfit(id) => {
                catalogue.visible(*id).ok_or(OutfitError::NotFound)?;
                return Ok(Disliked::Outfit(*id));
            }
            Unwanted::Tag(text) => catalogue.label_named(LabelKind::Tag, text),
            Unwanted::Brand(text) => catalogue.label_named(LabelKind::Brand, text),
        };
        let label = label.ok_or(OutfitError::LabelNotFound)?;
        Ok(Disliked::Label(label.id))
    }
}

#[async_trait]
impl ActivityService for DefaultActivityService {
    #[instrument(skip_all, fields(reports = reports.len()))]
    async fn report(&self, person: PersonId, reports: &[Report]) -> Result<(), OutfitError> {
        let events = reports.iter().map(|report| self.event(person, report));
        let events: Vec<OutfitEvent> = events.collect::<Result<_, _>>()?;
        if !events.is_empty() {
            self.common.recorder.record(events).await?;
        }
        Ok(())
    }

    #[instrument(skip_all)]
    async fn dislike(
        &self,
        person: PersonId,
        what: &Unwanted,
        unwanted: bool,
    ) -> Result<(), OutfitError> {
        let common = &self.common;
        let disliked = self.label(what)?;
        let known = self.dislikes.list(person).await?;
        if known.iter().any(|known| known.what == disliked) == unwanted {
            return Ok(());
        }
        let (outfit, action) = match (disliked, unwanted) {
            (Disliked::Outfit(id), true) => (id, Action::Dislike),
            (Disliked::Outfit(id), false) => (id, Action::Undislike),
            (Disliked::Label(id), true) => (0.into(), Action::DislikeLabel(id)),
            (Disliked::Label(id), false) => (0.into(), Action::UndislikeLabel(id)),
        };
        let event = common.event(person, outfit, action, Place::default());
        // The event first: where the other fails the person is told, says it again, and both are
        // written then. The other way round it would be stored, and never heeded.
        common.recorder.record(vec![event]).await?;
        common.feeds.acted(person, common.micros());
        if unwanted {
            let dislike = Dislike {
                what: disliked,
                at: event.at,
            };
            self.dislikes.add(person, dislike).await?;
        } else {
            self.dislikes.remove(person, disliked).await?;
        }
        Ok(())
    }

    async fn dislikes(&self, person: PersonId) -> Result<Vec<Unwanted>, OutfitError> {
        let catalogue = &self.common.catalogue;
        let all = self.dislikes.list(person).await?;
        let named = all.into_iter().filter_map(|dislike| match dislike.what {
            Disliked::Outfit(id) => Some(Unwanted::Outfit(id)),
            Disliked::Label(id) => catalogue.label(id).map(|label| {
                let name = label.name.as_str().to_owned();
                match label.kind {
                    LabelKind::Brand => Unwanted::Brand(name),
                    _ => Unwanted::Tag(name),
                }
            }),
        });
        Ok(named.collect())
    }
}

#[cfg(test)]
mod tests;
