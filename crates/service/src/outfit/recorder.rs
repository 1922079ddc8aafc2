//! Writing events down: many at a time, in one transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::RepositoryError;
use domain::outfit::{OutfitEvent, OutfitEventRepository};
use domain::user::PersonId;
use tokio::sync::{mpsc, oneshot};
use tracing::warn;

use super::Mind;

/// Pages of views, and other things done, that wait to be written; past that, views are dropped.
const QUEUE: usize = 16_384;
/// Views that wait as one.
const PAGE: usize = 64;
/// Events a transaction writes.
const BATCH: usize = 2_000;
/// Events learned at a time: about a tenth of a millisecond, in which others on the same thread wait.
const LESSON: usize = 64;
/// How long a view waits for company.
const LINGER: Duration = Duration::from_millis(200);
/// How long after a failed write the next one is tried.
const PAUSE: Duration = Duration::from_secs(1);

/// Why an event was not written down.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Too many wait already.
    #[error("too many events wait to be written")]
    Overloaded,
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Where the outcome of a durable write is told.
type Ack = oneshot::Sender<Result<(), RepositoryError>>;

enum Job {
    /// Views: nobody waits for them.
    Loose(Vec<OutfitEvent>),
    /// Something that is acknowledged once it is durable.
    Durable(Vec<OutfitEvent>, Ack),
    /// Everything before it is to be written now.
    Flush(oneshot::Sender<()>),
    /// Somebody left: nothing of theirs may be written any more.
    Forget(PersonId),
}

/// Where events are handed in.
#[derive(Clone)]
pub struct Recorder {
    jobs: mpsc::Sender<Job>,
    dropped: Arc<AtomicU64>,
}

/// Writes what the [`Recorder`] is handed, and lets the mind learn it: run it as a task.
pub struct Writer {
    jobs: mpsc::Receiver<Job>,
    events: Arc<dyn OutfitEventRepository>,
    mind: Arc<Mind>,
    /// Who left, and whose events have yet to be removed.
    gone: Vec<PersonId>,
}

impl Recorder {
    /// A recorder and the writer behind it.
    #[must_use]
    pub fn new(events: Arc<dyn OutfitEventRepository>, mind: Arc<Mind>) -> (Self, Writer) {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let recorder = Self {
            jobs: sender,
            dropped: Arc::default(),
        };
        let writer = Writer {
            jobs: receiver,
            events,
            mind,
            gone: Vec::new(),
        };
        (recorder, writer)
    }

    /// Notes views. Under too much load they are dropped, and counted.
    pub fn note(&self, views: impl IntoIterator<Item = OutfitEvent>) {
        let mut views = views.into_iter();
        loop {
            let page: Vec<_> = views.by_ref().take(PAGE).collect();
            let number = page.len();
            if number == 0 {
                return;
            }
            if self.jobs.try_send(Job::Loose(page)).is_err() {
                self.dropped.fetch_add(number as u64, Ordering::Relaxed);
            }
        }
    }

    /// Writes events down; they are durable and learned when this returns.
    ///
    /// # Errors
    /// Where they were not written.
    pub async fn record(&self, events: Vec<OutfitEvent>) -> Result<(), RecordError> {
        let (done, outcome) = oneshot::channel();
        self.jobs
            .try_send(Job::Durable(events, done))
            .map_err(|_| RecordError::Overloaded)?;
        match outcome.await {
            Ok(outcome) => Ok(outcome?),
            Err(_) => Err(RecordError::Overloaded),
        }
    }

    /// Removes what was still to be written of somebody when their events were removed.
    pub fn forget(&self, person: PersonId) {
        if self.jobs.try_send(Job::Forget(person)).is_err() {
            warn!(%person, "events of somebody who left may have stayed");
        }
    }

    /// Waits until everything handed in before is written.
    pub async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        if self.jobs.send(Job::Flush(done)).await.is_ok() {
            // The writer is gone only where the process ends.
            let _ = flushed.await;
        }
    }

    /// Views dropped since the start.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

/// A batch being put together.
#[derive(Default)]
struct Batch {
    loose: Vec<OutfitEvent>,
    durable: Vec<(Vec<OutfitEvent>, Ack)>,
    flushes: Vec<oneshot::Sender<()>>,
    gone: Vec<PersonId>,
    /// How many events there are.
    events: usize,
}

impl Batch {
    fn add(&mut self, job: Job) {
        match job {
            Job::Loose(mut events) => {
                self.events += events.len();
                self.loose.append(&mut events);
            }
            Job::Durable(events, done) => {
                self.events += events.len();
                self.durable.push((events, done));
            }
            Job::Flush(done) => self.flushes.push(done),
            Job::Forget(person) => self.gone.push(person),
        }
    }

    /// Whether there may be no room for another page.
    fn is_full(&self) -> bool {
        self.events + PAGE > BATCH
    }

    /// Whether somebody waits for it.
    fn is_urgent(&self) -> bool {
        !self.durable.is_empty() || !self.flushes.is_empty()
    }
}

impl Writer {
    /// Writes until every recorder is gone, then what is left.
    pub async fn run(mut self) {
        while let Some(job) = self.jobs.recv().await {
            let batch = self.gather(job).await;
            self.write(batch).await;
        }
    }

    /// What came together: at once where somebody waits, otherwise after a moment.
    async fn gather(&mut self, first: Job) -> Batch {
        let mut batch = Batch::default();
        batch.add(first);
        let until = tokio::time::Instant::now() + LINGER;
        loop {
            while !batch.is_full() {
                match self.jobs.try_recv() {
                    Ok(job) => batch.add(job),
                    Err(_) => break,
                }
            }
            if batch.is_urgent() || batch.is_full() {
                return batch;
            }
            match tokio::time::timeout_at(until, self.jobs.recv()).await {
                Ok(Some(job)) => batch.add(job),
                Ok(None) | Err(_) => return batch,
            }
        }
    }

    async fn write(&mut self, batch: Batch) {
        // What is acknowledged is written together, and where that fails one by one: somebody's
        // bad luck is not everybody's.
        let together: Vec<OutfitEvent> =
            batch.durable.iter().flat_map(|(e, _)| e.clone()).collect();
        if !together.is_empty() {
            match self.events.append(&together).await {
                Ok(()) => {
                    self.learn(&together).await;
                    for (_, done) in batch.durable {
                        // Who waited may have hung up.
                        let _ = done.send(Ok(()));
                    }
                }
                Err(error) if batch.durable.len() == 1 => {
                    for (_, done) in batch.durable {
                        let _ = done.send(Err(RepositoryError::storage(error.to_string())));
                    }
                }
                Err(_) => {
                    for (events, done) in batch.durable {
                        let outcome = self.events.append(&events).await;
                        if outcome.is_ok() {
                            self.learn(&events).await;
                        }
                        let _ = done.send(outcome);
                    }
                }
            }
        }
        // Last: somebody waits for what is acknowledged, and views may take a second try.
        if !batch.loose.is_empty() {
            self.write_views(&batch.loose).await;
        }
        self.gone.extend(batch.gone);
        self.remove_who_left().await;
        for done in batch.flushes {
            let _ = done.send(());
        }
    }

    /// Learns a little at a time: feeds are answered in between.
    async fn learn(&self, events: &[OutfitEvent]) {
        for lesson in events.chunks(LESSON) {
            self.mind.learn(lesson);
            tokio::task::yield_now().await;
        }
    }

    /// Where that fails, again with the next batch.
    async fn remove_who_left(&mut self) {
        for person in std::mem::take(&mut self.gone) {
            match self.events.remove_all(person).await {
                Ok(_) => self.mind.forget(person),
                Err(error) => {
                    warn!(%error, %person, "events of somebody who left are still there");
                    self.gone.push(person);
                }
            }
        }
    }

    /// Views are worth a second try, and then no more.
    async fn write_views(&self, views: &[OutfitEvent]) {
        for last in [false, true] {
            match self.events.append(views).await {
                Ok(()) => return self.learn(views).await,
                Err(error) if last => {
                    warn!(%error, views = views.len(), "views were not written down");
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

#[cfg(test)]
mod tests;
