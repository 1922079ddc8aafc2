//! Work on pictures, a few at a time: it takes a processor for as long as it lasts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use domain::persona::{ImageWorkshop, MAX_PICTURE_BYTES, Picture, PictureError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::error;

use super::{decode, drawing, thumbnail};

/// How much is worked on at once.
#[derive(Clone, Copy, Debug)]
pub struct WorkshopSettings {
    /// Pictures at the same time.
    pub places: usize,
    /// Pictures that may wait for their turn; who comes later is told at once.
    pub queue: usize,
    /// How long one may wait for its turn.
    pub wait: Duration,
}

/// What work on a picture holds: its place in the queue, a place to work at, and a core.
type Turn = (
    OwnedSemaphorePermit,
    OwnedSemaphorePermit,
    Option<OwnedSemaphorePermit>,
);

/// [`ImageWorkshop`] on threads that may block.
#[derive(Clone, Debug)]
pub struct Workshop {
    size: usize,
    places: Arc<Semaphore>,
    /// A permit for each that is worked on or may wait.
    queue: Arc<Semaphore>,
    /// Where it takes turns with other work that keeps a core busy.
    cores: Option<Arc<Semaphore>>,
    refused: Arc<AtomicU64>,
    wait: Duration,
}

impl Workshop {
    /// A workshop with these settings.
    #[must_use]
    pub fn new(settings: WorkshopSettings) -> Self {
        let size = settings.places.max(1);
        Self {
            size,
            places: Arc::new(Semaphore::new(size)),
            queue: Arc::new(Semaphore::new(size + settings.queue)),
            cores: None,
            refused: Arc::default(),
            wait: settings.wait,
        }
    }

    /// Takes a place of these, too, for as long as a picture is worked on: they are for all work
    /// that keeps a core busy, so that pictures and the rest of it together leave one to others.
    #[must_use]
    pub fn taking_turns(mut self, cores: Arc<Semaphore>) -> Self {
        self.cores = Some(cores);
        self
    }

    /// How many were told since the start that their turn did not come.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Waits for a place, as long as that may take.
    async fn turn(&self) -> Option<Turn> {
        let in_queue = self.queue.clone().try_acquire_owned().ok()?;
        let places = async {
            let place = self.places.clone().acquire_owned().await.ok()?;
            let core = match &self.cores {
                Some(cores) => Some(cores.clone().acquire_owned().await.ok()?),
                None => None,
            };
            Some((in_queue, place, core))
        };
        tokio::time::timeout(self.wait, places).await.ok()?
    }

    /// How many pictures may be worked on at once.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many are worked on right now.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.size.saturating_sub(self.places.available_permits())
    }

    /// Works when there is a place. The place is given back when the work ends, even where nobody
    /// waits for it any more.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PictureError> + Send + 'static,
    ) -> Result<T, PictureError> {
        let Some(turn) = self.turn().await else {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(PictureError::Busy);
        };
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.unwrap_or_else(|cause| {
            // A decoder that panics has met a file it should have refused.
            error!(%cause, "work on a picture did not finish");
            Err(PictureError::Damaged)
        })
    }
}

#[async_trait]
impl ImageWorkshop for Workshop {
    async fn admit(&self, file: Bytes) -> Result<Picture, PictureError> {
        // Told before a place is waited for.
        if file.len() > MAX_PICTURE_BYTES {
            return Err(PictureError::TooManyBytes);
        }
        self.run(move || decode::admit(&file)).await
    }

    fn width(&self, file: &Bytes) -> Result<u32, PictureError> {
        thumbnail::width(file)
    }

    async fn thumbnail(&self, file: Bytes, width: u32) -> Result<Option<Picture>, PictureError> {
        self.run(move || thumbnail::thumbnail(&file, width)).await
    }

    async fn rasterise(&self, drawing: String, side: u32) -> Result<Picture, PictureError> {
        self.run(move || drawing::paint(&drawing, side)).await
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn whose_turn_does_not_come_is_told_so() {
        let workshop = Workshop::new(WorkshopSettings {
            places: 1,
            queue: 1,
            wait: Duration::ZERO,
        });
        let drawing =
            || "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>".to_owned();
        let held = workshop.places.clone().acquire_owned().await;
        assert_eq!((workshop.busy(), workshop.size()), (1, 1));
        let refused = workshop.rasterise(drawing(), 8).await;
        assert_eq!(refused, Err(PictureError::Busy));
        drop(held);
        assert_eq!(workshop.busy(), 0);
        assert!(workshop.rasterise(drawing(), 8).await.is_ok());
    }

    #[tokio::test]
    async fn where_the_queue_is_full_nobody_waits() {
        let cores = Arc::new(Semaphore::new(1));
        let workshop = Workshop::new(WorkshopSettings {
            places: 1,
            queue: 0,
            wait: Duration::from_secs(600),
        });
        let workshop = workshop.taking_turns(cores.clone());
        let drawing =
            || "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>".to_owned();
        let other_work = cores.clone().acquire_owned().await;
        let mut first = Box::pin(workshop.rasterise(drawing(), 8));
        // It has the only place, and waits for the core that other work keeps busy.
        assert!((&mut first).now_or_never().is_none());
        let second = workshop.rasterise(drawing(), 8).await;
        assert_eq!(second, Err(PictureError::Busy));
        assert_eq!(workshop.refused(), 1);
        drop(other_work);
        assert!(first.await.is_ok());
        assert_eq!(cores.available_permits(), 1);
    }

    #[tokio::test]
    async fn a_file_that_is_too_long_takes_nobodys_place() {
        let workshop = Workshop::new(WorkshopSettings {
            places: 1,
            queue: 1,
            wait: Duration::ZERO,
        });
        let _held = workshop.places.clone().acquire_owned().await;
        let file = Bytes::from(vec![0; MAX_PICTURE_BYTES + 1]);
        assert_eq!(workshop.admit(file).await, Err(PictureError::TooManyBytes));
    }
}
