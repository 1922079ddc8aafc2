//! Work on pictures, a few at a time: it takes a processor for as long as it lasts.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use domain::persona::{ImageWorkshop, MAX_PICTURE_BYTES, Picture, PictureError};
use tokio::sync::Semaphore;
use tracing::error;

use super::{decode, drawing, thumbnail};

/// How much is worked on at once.
#[derive(Clone, Copy, Debug)]
pub struct WorkshopSettings {
    /// Pictures at the same time.
    pub places: usize,
    /// How long one may wait for its turn.
    pub wait: Duration,
}

/// [`ImageWorkshop`] on threads that may block.
#[derive(Clone, Debug)]
pub struct Workshop {
    size: usize,
    places: Arc<Semaphore>,
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
            wait: settings.wait,
        }
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
        let waiting = tokio::time::timeout(self.wait, self.places.clone().acquire_owned());
        let Ok(Ok(place)) = waiting.await else {
            return Err(PictureError::Busy);
        };
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
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
    use super::*;

    #[tokio::test]
    async fn whose_turn_does_not_come_is_told_so() {
        let workshop = Workshop::new(WorkshopSettings {
            places: 1,
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
    async fn a_file_that_is_too_long_takes_nobodys_place() {
        let workshop = Workshop::new(WorkshopSettings {
            places: 1,
            wait: Duration::ZERO,
        });
        let _held = workshop.places.clone().acquire_owned().await;
        let file = Bytes::from(vec![0; MAX_PICTURE_BYTES + 1]);
        assert_eq!(workshop.admit(file).await, Err(PictureError::TooManyBytes));
    }
}
