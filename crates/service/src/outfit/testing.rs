//! What the tests of this module share.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::RepositoryError;
use domain::clock::FixedClock;
use domain::outfit::{
    Action, EventId, Label, LabelKind, LabelName, Link, MockHeartRepository, Outfit, OutfitEvent,
    OutfitEventRepository, Place, SnapshotError, SnapshotStore,
};
use domain::product::Version;
use domain::unit_of_work::UnitOfWork;
use domain::user::PersonId;
use parking_lot::Mutex;

use super::{Catalogue, Common, Experiment, Liked, Mind, Recorder, Writer};
use crate::testing::{clock, failure, ids, start};
use crate::user::{Moved, PersonalData};

/// A visible outfit with these labels.
pub(crate) fn outfit(id: i64, labels: &[(LabelKind, i64, &str)]) -> Outfit {
    let label = |(kind, id, name): &(LabelKind, i64, &str)| Label {
        id: (*id).into(),
        kind: *kind,
        name: LabelName::parse(name).expect("a label"),
    };
    Outfit {
        id: id.into(),
        img_url: Link::parse(&format!("/media/{id}.jpg")).expect("a link"),
        gender: None,
        age: None,
        origin_url: None,
        date: None,
        labels: labels.iter().map(label).collect(),
        hearts: 0,
        hidden: false,
        version: Version::FIRST,
        created_at: start(),
        updated_at: start(),
    }
}

/// A part of what is kept of people that notes what it is asked, and fails as often as it is told.
#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) heard: Mutex<Vec<String>>,
    pub(crate) failures: Mutex<Vec<RepositoryError>>,
}

impl Notes {
    fn hear(&self, what: String) -> Result<(), RepositoryError> {
        self.heard.lock().push(what);
        self.failures.lock().pop().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl PersonalData for Notes {
    async fn merge(
        &self,
        _: &dyn UnitOfWork,
        guest: PersonId,
        member: PersonId,
    ) -> Result<Moved, RepositoryError> {
        self.hear(format!("merge {guest} {member}"))?;
        Ok(Moved {
            hearts: 1,
            events: 2,
        })
    }

    fn merged(&self, guest: PersonId, member: PersonId) {
        self.heard.lock().push(format!("merged {guest} {member}"));
    }

    async fn remove(&self, _: &dyn UnitOfWork, person: PersonId) -> Result<(), RepositoryError> {
        self.hear(format!("remove {person}"))
    }

    fn removed(&self, person: PersonId) {
        self.heard.lock().push(format!("removed {person}"));
    }
}

/// An event whose id was made that many milliseconds after the start of all tests.
pub(crate) fn event(millis: i64, person: i64, outfit: i64, action: Action) -> OutfitEvent {
    let at = start() + TimeDelta::milliseconds(millis);
    OutfitEvent {
        id: domain::id::lowest_at(at),
        person: person.into(),
        outfit: outfit.into(),
        action,
        place: Place::default(),
        bucket: 0,
        at,
    }
}

/// Hearts of so many people on as many outfits, a millisecond apart, from `millis` on.
pub(crate) fn hearts(millis: i64, number: i64) -> Vec<OutfitEvent> {
    (0..number)
        .map(|n| event(millis + n, 1_000 + millis + n, 1 + n % 3, Action::Heart))
        .collect()
}

type Hook = Box<dyn FnOnce(&Log) + Send>;

/// A log of events in memory.
#[derive(Default)]
pub(crate) struct Log {
    rows: Mutex<BTreeMap<EventId, OutfitEvent>>,
    /// How many events came together, each time.
    pub(crate) batches: Mutex<Vec<usize>>,
    /// How many calls, of appending or reading, succeed before one fails.
    pub(crate) fails_after: Mutex<Option<usize>>,
    /// An event that cannot be written.
    pub(crate) poison: Mutex<Option<EventId>>,
    /// How many events were read.
    pub(crate) read: Mutex<usize>,
    /// Runs once, after the next page is read and before it is answered.
    pub(crate) while_reading: Mutex<Option<Hook>>,
}

impl Log {
    pub(crate) fn of(events: &[OutfitEvent]) -> Arc<Self> {
        let log = Self::default();
        log.put(events);
        Arc::new(log)
    }

    /// Commits events.
    pub(crate) fn put(&self, events: &[OutfitEvent]) {
        let mut rows = self.rows.lock();
        rows.extend(events.iter().map(|event| (event.id, *event)));
    }

    pub(crate) fn all(&self) -> Vec<OutfitEvent> {
        self.rows.lock().values().copied().collect()
    }

    pub(crate) fn actions(&self) -> Vec<Action> {
        self.all().iter().map(|event| event.action).collect()
    }

    fn check(&self) -> Result<(), RepositoryError> {
        let mut left = self.fails_after.lock();
        match left.take() {
            Some(0) => Err(failure()),
            more => {
                *left = more.map(|more| more - 1);
                Ok(())
            }
        }
    }
}

#[async_trait]
impl OutfitEventRepository for Log {
    async fn append(&self, events: &[OutfitEvent]) -> Result<(), RepositoryError> {
        tokio::task::yield_now().await;
        self.batches.lock().push(events.len());
        self.check()?;
        let poison = *self.poison.lock();
        if events.iter().any(|event| Some(event.id) == poison) {
            return Err(failure());
        }
        self.put(events);
        Ok(())
    }

    async fn after(&self, after: EventId, limit: u64) -> Result<Vec<OutfitEvent>, RepositoryError> {
        self.check()?;
        let above = (std::ops::Bound::Excluded(after), std::ops::Bound::Unbounded);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let page: Vec<_> = {
            let rows = self.rows.lock();
            let page = rows.range(above).map(|(_, event)| *event);
            page.take(limit).collect()
        };
        *self.read.lock() += page.len();
        let hook = self.while_reading.lock().take();
        if let Some(hook) = hook {
            hook(self);
        }
        Ok(page)
    }

    async fn after_from_others(
        &self,
        after: EventId,
        limit: u64,
        node: u16,
    ) -> Result<Vec<OutfitEvent>, RepositoryError> {
        let mut page = self.after(after, limit).await?;
        page.retain(|event| domain::id::node_of(event.id.get()) != node);
        Ok(page)
    }

    async fn reassign(&self, _: PersonId, _: PersonId) -> Result<u64, RepositoryError> {
        Err(failure())
    }

    async fn condense(&self, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<u64, RepositoryError> {
        Err(failure())
    }

    async fn remove_all(&self, person: PersonId) -> Result<u64, RepositoryError> {
        self.check()?;
        let mut rows = self.rows.lock();
        let before = rows.len();
        rows.retain(|_, event| event.person != person);
        Ok((before - rows.len()) as u64)
    }
}

/// A snapshot store in memory.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) snapshot: Mutex<Option<Vec<u8>>>,
    pub(crate) is_broken: bool,
}

#[async_trait]
impl SnapshotStore for Kept {
    async fn read(&self) -> Result<Option<Vec<u8>>, SnapshotError> {
        if self.is_broken {
            return Err(SnapshotError(failure().into()));
        }
        Ok(self.snapshot.lock().clone())
    }

    async fn write(&self, snapshot: Vec<u8>) -> Result<(), SnapshotError> {
        *self.snapshot.lock() = Some(snapshot);
        Ok(())
    }
}

/// A mind that knows three outfits, and its catalogue.
pub(crate) fn mind() -> (Arc<Catalogue>, Arc<Mind>) {
    let catalogue = Arc::new(Catalogue::default());
    let mind = Arc::new(Mind::new(catalogue.clone()));
    mind.put((1..=3).map(|id| outfit(id, &[])));
    (catalogue, mind)
}

/// What the use-cases stand on, over hearts that are read each time and this log.
pub(crate) struct Ground {
    pub(crate) common: Arc<Common>,
    pub(crate) writer: Option<Writer>,
    pub(crate) log: Arc<Log>,
    pub(crate) clock: Arc<FixedClock>,
}

impl Ground {
    pub(crate) fn new(hearts: MockHeartRepository) -> Self {
        let (log, clock) = (Arc::new(Log::default()), clock());
        let (catalogue, mind) = mind();
        let (recorder, writer) = Recorder::new(log.clone(), mind.clone());
        let common = Common::new(
            (catalogue, mind),
            recorder,
            Liked::new(Arc::new(hearts), false),
            Experiment::default(),
            ids(&clock),
            clock.clone(),
        );
        Self {
            common: Arc::new(common),
            writer: Some(writer),
            log,
            clock,
        }
    }

    /// Lets the writer write from now on.
    pub(crate) fn write(&mut self) {
        let writer = self.writer.take().expect("a writer that does not run yet");
        tokio::spawn(writer.run());
    }

    /// How many events the mind has learned.
    pub(crate) fn learned(&self) -> u64 {
        self.common.mind.engine().statistics().events
    }
}
