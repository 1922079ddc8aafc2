//! How the recommender comes to know what it knows: the catalogue, a snapshot, the log of events.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::outfit::{
    EventId, OutfitEvent, OutfitEventRepository, OutfitId, OutfitRepository, SnapshotError,
    SnapshotStore,
};
use domain::{Clock, RepositoryError, id};
use parking_lot::Mutex;
use recommender::Engine;
use thiserror::Error;
use tokio::sync::{mpsc, watch};
use tracing::{info, warn};

use super::mind::Recent;
use super::{Catalogue, Mind, snapshot, translate};

const OUTFITS: u64 = 1_000;
const EVENTS: u64 = 10_000;
/// Nodes commit at the same time, and not in the order of their ids: the log is looked back on
/// for this long.
const OVERLAP: TimeDelta = TimeDelta::seconds(5);
/// A snapshot may miss what other nodes committed this long before it was taken.
const SNAPSHOT_OVERLAP: TimeDelta = TimeDelta::seconds(60);
/// What is older than this is not looked back on, however quiet it was since.
const SETTLED: TimeDelta = TimeDelta::seconds(60);
const FOLLOW_EVERY: Duration = Duration::from_secs(1);
const TIDY_EVERY: Duration = Duration::from_secs(60);
const SAVE_EVERY: Duration = Duration::from_secs(300);
const REBUILD_EVERY: Duration = Duration::from_secs(86_400);

/// Why the recommender could not be brought up to date.
#[derive(Debug, Error)]
pub enum MemoryError {
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// The snapshot was not read or written.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The process ends.
    #[error("a rebuild was interrupted")]
    Interrupted,
}

/// Fills the [`Mind`] at the start and keeps it current.
pub struct Memory {
    catalogue: Arc<Catalogue>,
    mind: Arc<Mind>,
    outfits: Arc<dyn OutfitRepository>,
    events: Arc<dyn OutfitEventRepository>,
    snapshots: Arc<dyn SnapshotStore>,
    clock: Arc<dyn Clock>,
    followed: Mutex<Followed>,
    /// Whether the snapshot was good, once it has been read.
    awake: Mutex<Option<bool>>,
    /// Whether no other process writes events.
    alone: bool,
    /// The node this is: what it wrote itself was learned then.
    node: Option<u16>,
}

/// How far the log and the changes of outfits have been followed.
struct Followed {
    event: EventId,
    change: DateTime<Utc>,
}

impl Memory {
    /// Over these stores. [`Memory::load`] comes first.
    #[must_use]
    pub fn new(
        (catalogue, mind): (Arc<Catalogue>, Arc<Mind>),
        outfits: Arc<dyn OutfitRepository>,
        events: Arc<dyn OutfitEventRepository>,
        snapshots: Arc<dyn SnapshotStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let followed = Followed {
            event: EventId::from(0),
            change: clock.now(),
        };
        Self {
            catalogue,
            mind,
            outfits,
            events,
            snapshots,
            clock,
            followed: Mutex::new(followed),
            awake: Mutex::default(),
            alone: false,
            node: None,
        }
    }

    /// The same on a node of this number, whose own events need not be followed.
    #[must_use]
    pub fn on_node(self, node: u16) -> Self {
        Self {
            node: Some(node),
            ..self
        }
    }

    /// The same, where no other process writes events: then the log need not be followed.
    #[must_use]
    pub fn alone(self, alone: bool) -> Self {
        Self { alone, ..self }
    }

    /// Loads all outfits. Before that there is nothing to show.
    ///
    /// # Errors
    /// Where storage fails.
    pub async fn load(&self) -> Result<(), RepositoryError> {
        self.followed.lock().change = self.clock.now() - OVERLAP;
        let mut last: Option<OutfitId> = None;
        loop {
            let page = self.outfits.after(last, OUTFITS).await?;
            let Some(end) = page.last() else { break };
            last = Some(end.id);
            self.mind.put(page);
        }
        info!(
            outfits = self.catalogue.len(),
            "catalogue of outfits loaded"
        );
        Ok(())
    }

    /// Reads the snapshot; whether there is a good one. Best done before [`Memory::load`]: an
    /// engine that knows an outfit already takes it at no cost.
    pub async fn wake(&self) -> bool {
        let found = self.snapshots.read().await;
        let awake = match found.map(|found| found.map(|bytes| snapshot::read(&bytes))) {
            Ok(Some(Ok((engine, learned)))) => {
                let position = translate::event_id(engine.position());
                self.mind.wake(engine, learned);
                self.followed.lock().event = back(position, SNAPSHOT_OVERLAP);
                true
            }
            Ok(Some(Err(error))) => {
                warn!(%error, "the recommender's snapshot is of no use: learning from the log again");
                false
            }
            Err(error) => {
                warn!(%error, "the recommender's snapshot cannot be read: learning from the log again");
                false
            }
            Ok(None) => false,
        };
        *self.awake.lock() = Some(awake);
        awake
    }

    /// Recalls what was learned before: from the snapshot and the log behind it, or, where that
    /// is missing or damaged, from the whole log. Feeds are answered meanwhile.
    ///
    /// # Errors
    /// Where storage fails.
    pub async fn recall(&self) -> Result<(), MemoryError> {
        let awake = *self.awake.lock();
        let awake = match awake {
            Some(awake) => awake,
            None => self.wake().await,
        };
        if awake {
            self.replay().await?;
        } else {
            self.rebuild().await?;
        }
        self.mind.note_caught_up();
        let known = self.mind.engine().statistics();
        info!(
            hearts = known.hearts,
            people = known.persons,
            "the recommender is up to date"
        );
        Ok(())
    }

    /// Learns what the log holds from where it was followed to.
    async fn replay(&self) -> Result<(), RepositoryError> {
        let mut last = self.followed.lock().event;
        loop {
            let page = self.events.after(last, EVENTS).await?;
            let Some(end) = page.last() else { break };
            last = end.id;
            self.mind.learn(&page);
        }
        self.followed.lock().event = last;
        Ok(())
    }

    /// Learns what other processes wrote: outfits they changed, and what people did there.
    ///
    /// # Errors
    /// Where storage fails.
    pub async fn follow(&self) -> Result<(), RepositoryError> {
        let since = self.followed.lock().change;
        let mut last: Option<(DateTime<Utc>, OutfitId)> = None;
        loop {
            let page = self.outfits.changed(since, last, OUTFITS).await?;
            let Some(end) = page.last() else { break };
            last = Some((end.updated_at, end.id));
            self.mind.put(page);
        }
        // What is older than this has been committed by now, whoever made it.
        let settled = self.clock.now() - SETTLED;
        let from = {
            let mut followed = self.followed.lock();
            let latest = last.map_or(followed.change, |(latest, _)| latest - OVERLAP);
            followed.change = followed.change.max(latest).max(settled);
            back(followed.event, OVERLAP)
        };
        if self.alone {
            // Whatever is in the log was learned when it was written.
            return Ok(());
        }
        let mut latest = from;
        loop {
            let page = match self.node {
                Some(node) => {
                    let others = self.events.after_from_others(latest, EVENTS, node);
                    others.await?
                }
                None => self.events.after(latest, EVENTS).await?,
            };
            let Some(end) = page.last() else { break };
            latest = end.id;
            self.mind.learn(&page);
        }
        // Only once all was read: after an outage the log goes on where it was left.
        let mut followed = self.followed.lock();
        followed.event = followed.event.max(latest).max(id::lowest_at(settled));
        Ok(())
    }

    /// Learns the whole log anew, which forgets what was taken back since.
    ///
    /// # Errors
    /// Where storage fails; what was known is kept then.
    pub async fn rebuild(&self) -> Result<(), MemoryError> {
        self.mind.begin_rebuild();
        match self.learn_anew().await {
            Ok((engine, last, read)) => {
                self.mind.finish_rebuild(engine, read);
                let mut followed = self.followed.lock();
                followed.event = followed.event.max(last);
                Ok(())
            }
            Err(error) => {
                self.mind.abandon_rebuild();
                Err(error)
            }
        }
    }

    /// An engine that has learned the whole log, the last event, and the ids of those before it.
    async fn learn_anew(&self) -> Result<(Engine, EventId, Recent), MemoryError> {
        let (sender, mut receiver) = mpsc::channel::<Vec<recommender::Event>>(4);
        let catalogue = self.catalogue.clone();
        let build = tokio::task::spawn_blocking(move || {
            let outfits = catalogue
                .all()
                .into_iter()
                .map(|outfit| translate::facts(&outfit));
            let pages = std::iter::from_fn(move || receiver.blocking_recv());
            Engine::rebuild(outfits, pages.flatten())
        });
        let (mut last, mut read) = (EventId::from(0), Recent::default());
        loop {
            let page: Vec<OutfitEvent> = self.events.after(last, EVENTS).await?;
            let Some(end) = page.last() else { break };
            last = end.id;
            page.iter().for_each(|event| {
                read.note(event.id);
            });
            let events = page
                .iter()
                .filter_map(|event| translate::event(event, &self.catalogue));
            if sender.send(events.collect()).await.is_err() {
                break;
            }
        }
        drop(sender);
        let engine = build.await.map_err(|_| MemoryError::Interrupted)?;
        Ok((engine, last, read))
    }

    /// Keeps a snapshot of what is known now.
    ///
    /// # Errors
    /// Where it cannot be stored.
    pub async fn save(&self) -> Result<(), MemoryError> {
        if !self.mind.has_caught_up() {
            // Half a memory must not replace a whole one.
            return Ok(());
        }
        let mind = self.mind.clone();
        let written = tokio::task::spawn_blocking(move || mind.dream(snapshot::write));
        let bytes = written.await.map_err(|_| MemoryError::Interrupted)?;
        let bytes = bytes.map_err(|error| SnapshotError(error.into()))?;
        Ok(self.snapshots.write(bytes).await?)
    }

    /// Recalls, and then keeps current until `stop` says so: between two steps, for a statement
    /// that is cut off may cost a connection.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while let Err(error) = self.recall().await {
            warn!(%error, "the recommender does not remember yet; trying again");
            if tokio::time::timeout(FOLLOW_EVERY, told(&mut stop))
                .await
                .is_ok()
            {
                return;
            }
        }
        let later = |every| tokio::time::interval_at(tokio::time::Instant::now() + every, every);
        let (mut follow, mut tidy) = (later(FOLLOW_EVERY), later(TIDY_EVERY));
        let (mut save, mut rebuild) = (later(SAVE_EVERY), later(REBUILD_EVERY));
        loop {
            let outcome = tokio::select! {
                biased;
                () = told(&mut stop) => return,
                _ = rebuild.tick() => self.rebuild().await,
                _ = save.tick() => self.save().await,
                _ = tidy.tick() => self.tidy().await,
                _ = follow.tick() => self.follow().await.map_err(MemoryError::from),
            };
            if let Err(error) = outcome {
                warn!(%error, "the recommender fell behind; trying again");
            }
        }
    }

    async fn tidy(&self) -> Result<(), MemoryError> {
        let (mind, now) = (self.mind.clone(), self.clock.now().timestamp_micros());
        let tidied = tokio::task::spawn_blocking(move || mind.engine().tidy(now));
        tidied.await.map_err(|_| MemoryError::Interrupted)
    }
}

/// Waits until it is told to stop, or nobody is left to tell.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// The id that an event made `span` before this one would have.
fn back(from: EventId, span: TimeDelta) -> EventId {
    EventId::from((from.get() - id::span::<EventId>(span).get()).max(0))
}

#[cfg(test)]
mod tests;
