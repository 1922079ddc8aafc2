//! What all use-cases of outfits stand on.

use std::sync::Arc;

use domain::outfit::{Action, OutfitEvent, OutfitId, Place};
use domain::user::PersonId;
use domain::{Clock, IdGenerator};

use super::open_feeds::OpenFeeds;
use super::{Catalogue, Experiment, Liked, Mind, Recorder};

/// Shared by the services of outfits.
pub struct Common {
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) mind: Arc<Mind>,
    pub(super) recorder: Recorder,
    pub(super) liked: Liked,
    pub(super) experiment: Experiment,
    pub(super) feeds: OpenFeeds,
    pub(super) ids: Arc<IdGenerator>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Common {
    /// Puts it together.
    #[must_use]
    pub fn new(
        (catalogue, mind): (Arc<Catalogue>, Arc<Mind>),
        recorder: Recorder,
        liked: Liked,
        experiment: Experiment,
        ids: Arc<IdGenerator>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            catalogue,
            mind,
            recorder,
            liked,
            experiment,
            feeds: OpenFeeds::default(),
            ids,
            clock,
        }
    }

    /// Something that happens now.
    pub(super) fn event(
        &self,
        person: PersonId,
        outfit: OutfitId,
        action: Action,
        place: Place,
    ) -> OutfitEvent {
        let bucket = self.experiment.bucket(person);
        OutfitEvent {
            id: self.ids.next(),
            person,
            outfit,
            action,
            place,
            bucket: i16::try_from(bucket).unwrap_or_default(),
            at: self.clock.now(),
        }
    }

    pub(super) fn micros(&self) -> i64 {
        self.clock.now().timestamp_micros()
    }
}
