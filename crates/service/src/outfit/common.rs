//! What all use-cases of outfits stand on.

use std::sync::Arc;

use domain::outfit::{Action, EventId, OutfitEvent, OutfitId, Place};
use domain::user::PersonId;
use domain::{Clock, IdGenerator};

use super::open_feeds::OpenFeeds;
use super::{Catalogue, Experiment, Liked, Mind, Recorder};
use crate::figures::{CacheFigures, Timings, TimingsRead};

/// Ids that are taken at once for the views of a page; a page has at most a hundred.
const LONGEST_RUN: u16 = 1_000;

/// How long pages of feeds take.
#[derive(Debug, Default)]
pub(super) struct FeedTimings {
    /// To find out which outfits are on it.
    pub(super) ranking: Timings,
    /// All in all.
    pub(super) page: Timings,
}

/// Feeds at one moment, on this node, counted since its start.
#[derive(Clone, Debug)]
pub struct FeedFigures {
    /// Outfits in memory, hidden ones too.
    pub outfits: usize,
    /// How often a page was one of a feed that is open; the entries are people who have some open.
    pub feeds: CacheFigures,
    /// How often it was known what somebody hearts; `None` where storage is asked each time.
    pub hearts: Option<CacheFigures>,
    /// How long ranking a page took.
    pub ranking: TimingsRead,
    /// How long a page took.
    pub page: TimingsRead,
    /// Views that were not written down, because too many waited.
    pub views_dropped: u64,
}

/// Shared by the services of outfits.
pub struct Common {
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) mind: Arc<Mind>,
    pub(super) recorder: Recorder,
    pub(super) liked: Liked,
    pub(super) experiment: Experiment,
    pub(super) feeds: OpenFeeds,
    pub(super) timings: FeedTimings,
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
            timings: FeedTimings::default(),
            ids,
            clock,
        }
    }

    /// How feeds are doing.
    #[must_use]
    pub fn figures(&self) -> FeedFigures {
        FeedFigures {
            outfits: self.catalogue.len(),
            feeds: self.feeds.cache(),
            hearts: self.liked.cache(),
            ranking: self.timings.ranking.read(),
            page: self.timings.page.read(),
            views_dropped: self.recorder.dropped(),
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

    /// Views of one moment, with ids that follow each other: they can be kept as one.
    pub(super) fn views(
        &self,
        person: PersonId,
        places: impl ExactSizeIterator<Item = (OutfitId, Place)>,
    ) -> impl Iterator<Item = OutfitEvent> {
        let bucket = self.experiment.bucket(person);
        let bucket = i16::try_from(bucket).unwrap_or_default();
        let at = self.clock.now();
        let number = u16::try_from(places.len()).unwrap_or(u16::MAX);
        let mut run = 0..i64::from(number.min(LONGEST_RUN));
        let first: EventId = self.ids.next_run(number.min(LONGEST_RUN));
        places.map(move |(outfit, place)| OutfitEvent {
            id: match run.next() {
                Some(after) => (first.get() + after).into(),
                None => self.ids.next(),
            },
            person,
            outfit,
            action: Action::View,
            place,
            bucket,
            at,
        })
    }

    pub(super) fn micros(&self) -> i64 {
        self.clock.now().timestamp_micros()
    }
}
