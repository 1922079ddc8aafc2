//! Files of pictures as they are read: the last ones from memory, smaller copies made once.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::persona::{
    ImageWorkshop, MediaKey, MediaKind, MediaStore, MediaStoreError, PictureError,
};
use moka::sync::Cache;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::MediaError;

/// The widths in which copies are made, in pixels.
pub const THUMBNAIL_WIDTHS: [u32; 5] = [64, 128, 256, 512, 1024];

/// Bytes of files in memory.
const REMEMBERED_BYTES: u64 = 64 * 1024 * 1024;
/// A larger file is read from the store each time.
const REMEMBERED_FILE: usize = 1024 * 1024;
/// How long a node may go on showing what another one removed.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);
/// Copies that may be under way at the same time.
const MAKING: u64 = 1_000;

/// How long the maker of a copy is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pictures whose width is remembered.
const WIDTHS: u64 = 100_000;

/// A file to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFile {
    /// What kind of file it is.
    pub kind: MediaKind,
    /// All of it.
    pub content: Bytes,
    /// How wide the copy is, where it is one.
    pub width: Option<u32>,
}

/// Reads and removes files of pictures.
pub struct MediaFiles {
    store: Arc<dyn MediaStore>,
    workshop: Arc<dyn ImageWorkshop>,
    remembered: Cache<String, Bytes>,
    making: Cache<String, Arc<Mutex<()>>>,
    /// How wide pictures are that no copy was made of. A name stands for one content, so that this
    /// is never wrong.
    widths: Cache<String, u32>,
}

/// The name of a copy's file.
fn copy(key: &MediaKey, width: u32) -> String {
    format!("thumbnails/{key}.w{width}")
}

impl MediaFiles {
    /// Files in `store`.
    #[must_use]
    pub fn new(store: Arc<dyn MediaStore>, workshop: Arc<dyn ImageWorkshop>) -> Self {
        let remembered = Cache::builder()
            .max_capacity(REMEMBERED_BYTES)
            .weigher(|name: &String, content: &Bytes| {
                u32::try_from(name.len() + content.len()).unwrap_or(u32::MAX)
            })
            .time_to_live(REMEMBERED_FOR)
            .build();
        let making = Cache::builder()
            .max_capacity(MAKING)
            .time_to_idle(REMEMBERED_FOR)
            .build();
        Self {
            store,
            workshop,
            remembered,
            making,
            widths: Cache::new(WIDTHS),
        }
    }

    /// Writes a picture's file.
    pub(super) async fn write(
        &self,
        key: &MediaKey,
        content: Bytes,
    ) -> Result<(), MediaStoreError> {
        self.store.put(key.as_str(), content).await
    }

    /// The picture's file; with a width the copy that is so wide, or the picture itself where it is
    /// no wider.
    ///
    /// # Errors
    /// Where the store fails, or the copy cannot be made now.
    pub async fn read(
        &self,
        key: &MediaKey,
        width: Option<u32>,
    ) -> Result<Option<MediaFile>, MediaError> {
        let original = |content| MediaFile {
            kind: key.kind(),
            content,
            width: None,
        };
        let Some(width) = width else {
            return Ok(self.load(key.as_str()).await?.map(original));
        };
        let known = self.widths.get(key.as_str());
        if known.is_some_and(|known| known <= width) {
            return Ok(self.load(key.as_str()).await?.map(original));
        }
        let name = copy(key, width);
        if let Some(found) = self.load(&name).await? {
            return Ok(Some(Self::copied(found, width)));
        }
        // One makes it, the others wait for it, but not for ever: it may hang at the store.
        let making = self.making.get_with_by_ref(&name, Arc::default);
        let waiting = timeout(PATIENCE, making.lock()).await;
        let _making = waiting.map_err(|_| PictureError::Busy)?;
        if let Some(found) = self.load(&name).await? {
            return Ok(Some(Self::copied(found, width)));
        }
        let Some(whole) = self.load(key.as_str()).await? else {
            return Ok(None);
        };
        let known = self.workshop.width(&whole)?;
        self.widths.insert(key.to_string(), known);
        if known <= width {
            return Ok(Some(original(whole)));
        }
        let Some(small) = self.workshop.thumbnail(whole.clone(), width).await? else {
            return Ok(Some(original(whole)));
        };
        self.store.put(&name, small.content.clone()).await?;
        // A picture that was removed meanwhile leaves no copy behind.
        if self.store.get(key.as_str()).await?.is_none() {
            self.store.delete(&name).await?;
            return Ok(None);
        }
        self.remember(&name, &small.content);
        Ok(Some(Self::copied(small.content, width)))
    }

    fn copied(content: Bytes, width: u32) -> MediaFile {
        MediaFile {
            kind: MediaKind::sniff(&content).unwrap_or(MediaKind::Png),
            content,
            width: Some(width),
        }
    }

    async fn load(&self, name: &str) -> Result<Option<Bytes>, MediaStoreError> {
        if let Some(known) = self.remembered.get(name) {
            return Ok(Some(known));
        }
        let found = self.store.get(name).await?;
        if let Some(content) = &found {
            self.remember(name, content);
        }
        Ok(found)
    }

    fn remember(&self, name: &str, content: &Bytes) {
        if content.len() <= REMEMBERED_FILE {
            self.remembered.insert(name.to_owned(), content.clone());
        }
    }

    /// Removes a picture's file and all copies of it.
    pub(super) async fn remove(&self, key: &MediaKey) -> Result<(), MediaStoreError> {
        // The picture first: whoever makes a copy looks whether it is still there.
        let copies = THUMBNAIL_WIDTHS.iter().map(|width| copy(key, *width));
        let names = std::iter::once(key.to_string()).chain(copies);
        for name in names {
            self.store.delete(&name).await?;
            self.remembered.invalidate(&name);
        }
        Ok(())
    }
}
