//! What the tests of pictures share.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use domain::clock::FixedClock;
use domain::persona::{
    MediaKind, MediaQuota, MediaStore, MediaStoreError, MockImageWorkshop, MockMediaRepository,
    Picture,
};
use parking_lot::Mutex;

use super::{MediaAddresses, MediaFiles, MediaShelf, MediaSweep};

/// Files in memory.
#[derive(Default)]
pub(crate) struct Shelves {
    pub(crate) files: Mutex<HashMap<String, Bytes>>,
    pub(crate) broken: AtomicBool,
}

impl Shelves {
    fn check(&self) -> Result<(), MediaStoreError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(MediaStoreError("the bucket is gone".into()));
        }
        Ok(())
    }

    /// The names of all files, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.files.lock().keys().cloned().collect();
        names.sort();
        names
    }
}

#[async_trait]
impl MediaStore for Shelves {
    async fn put(&self, name: &str, content: Bytes) -> Result<(), MediaStoreError> {
        self.check()?;
        self.files.lock().insert(name.to_owned(), content);
        Ok(())
    }

    async fn get(&self, name: &str) -> Result<Option<Bytes>, MediaStoreError> {
        self.check()?;
        Ok(self.files.lock().get(name).cloned())
    }

    async fn delete(&self, name: &str) -> Result<(), MediaStoreError> {
        self.check()?;
        self.files.lock().remove(name);
        Ok(())
    }
}

/// A picture of no particular content.
pub(crate) fn picture(content: &'static str) -> Picture {
    Picture {
        kind: MediaKind::Png,
        content: Bytes::from(format!("\u{89}PNG {content}")),
        width: 600,
        height: 400,
    }
}

pub(crate) fn files(store: &Arc<Shelves>, workshop: MockImageWorkshop) -> Arc<MediaFiles> {
    Arc::new(MediaFiles::new(store.clone(), Arc::new(workshop)))
}

pub(crate) fn addresses(clock: &Arc<FixedClock>) -> Arc<MediaAddresses> {
    let secret = "a secret of at least 32 bytes, for tests".into();
    let lifetime = Duration::from_secs(3600);
    Arc::new(MediaAddresses::new(&secret, lifetime, clock.clone()))
}

pub(crate) fn shelf(
    media: MockMediaRepository,
    workshop: MockImageWorkshop,
    store: &Arc<Shelves>,
    clock: &Arc<FixedClock>,
) -> Arc<MediaShelf> {
    Arc::new(MediaShelf {
        media: Arc::new(media),
        files: files(store, MockImageWorkshop::new()),
        workshop: Arc::new(workshop),
        quota: MediaQuota {
            files: 10,
            bytes: 1_000,
        },
        clock: clock.clone(),
    })
}

pub(crate) fn sweep(
    media: MockMediaRepository,
    store: &Arc<Shelves>,
    clock: &Arc<FixedClock>,
) -> MediaSweep {
    MediaSweep {
        media: Arc::new(media),
        files: files(store, MockImageWorkshop::new()),
        unused_for: Duration::from_secs(86_400),
        clock: clock.clone(),
    }
}
