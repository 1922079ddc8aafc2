//! The pictures that people keep.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use domain::persona::{Disowned, MediaKey, MediaRepository, OwnedMedia};
use domain::user::PersonId;
use tracing::instrument;

use super::{
    MediaAddresses, MediaError, MediaFile, MediaFiles, MediaShelf, MediaSweep, Permit, media_cursor,
};

/// A picture as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaView {
    /// The picture.
    pub media: OwnedMedia,
    /// Where it is; of a private one, for a while.
    pub url: String,
    /// When it is removed unless something shows it by then; `None` while something does.
    pub kept_until: Option<DateTime<Utc>>,
}

/// One page, and where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaPage {
    /// The pictures.
    pub items: Vec<MediaView>,
    /// `None` on the last page.
    pub next_cursor: Option<String>,
}

/// One's own pictures, and showing anybody's.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MediaService: Send + Sync {
    /// Checks a file and keeps the picture in it.
    async fn upload(
        &self,
        owner: PersonId,
        file: Bytes,
        is_private: bool,
    ) -> Result<MediaView, MediaError>;

    /// A page of one's own pictures, the latest handed in first; `limit` is 1 to 100.
    async fn list(
        &self,
        owner: PersonId,
        cursor: Option<String>,
        limit: usize,
    ) -> Result<MediaPage, MediaError>;

    /// Removes one of one's own pictures, unless one's profile or a persona shows it.
    async fn remove(&self, owner: PersonId, key: &MediaKey) -> Result<(), MediaError>;

    /// For how long from now on a picture may be seen, whether it is there or not.
    fn admits(&self, key: &MediaKey, permit: &Permit) -> Result<TimeDelta, MediaError>;

    /// The file of a picture that may be seen, with a width of a smaller copy, and for how long
    /// from now on it may be.
    async fn show(
        &self,
        key: &MediaKey,
        width: Option<u32>,
        permit: &Permit,
    ) -> Result<(MediaFile, TimeDelta), MediaError>;
}

/// [`MediaService`] over the ports.
pub struct DefaultMediaService {
    /// What is known of pictures.
    pub media: Arc<dyn MediaRepository>,
    /// Putting them away.
    pub shelf: Arc<MediaShelf>,
    /// Their files.
    pub files: Arc<MediaFiles>,
    /// Removing them.
    pub sweep: Arc<MediaSweep>,
    /// Where they are.
    pub addresses: Arc<MediaAddresses>,
    /// How long an unused picture is kept.
    pub unused_for: Duration,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl DefaultMediaService {
    fn view(&self, media: OwnedMedia) -> MediaView {
        let unused = TimeDelta::from_std(self.unused_for).unwrap_or(TimeDelta::days(1));
        MediaView {
            url: self.addresses.of(&media.media.key),
            kept_until: (!media.is_held).then(|| media.kept_at + unused),
            media,
        }
    }
}

#[async_trait]
impl MediaService for DefaultMediaService {
    #[instrument(skip_all, fields(owner = %owner))]
    async fn upload(
        &self,
        owner: PersonId,
        file: Bytes,
        is_private: bool,
    ) -> Result<MediaView, MediaError> {
        let media = self.shelf.admit(Some(owner), file, is_private).await?;
        let owned = self.media.find_owned(owner, &media.key).await?;
        // Who removes it in the same moment, removes it.
        owned
            .map(|owned| self.view(owned))
            .ok_or(MediaError::NotFound)
    }

    async fn list(
        &self,
        owner: PersonId,
        cursor: Option<String>,
        limit: usize,
    ) -> Result<MediaPage, MediaError> {
        let after = match &cursor {
            Some(text) => Some(media_cursor::read(text).ok_or(MediaError::InvalidCursor)?),
            None => None,
        };
        let after = after.as_ref().map(|(at, key)| (*at, key));
        let mut found = self.media.list(owner, after, limit as u64 + 1).await?;
        let has_more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| has_more);
        let next_cursor = last.map(|last| media_cursor::write(last.owned_at, &last.media.key));
        Ok(MediaPage {
            items: found.into_iter().map(|media| self.view(media)).collect(),
            next_cursor,
        })
    }

    #[instrument(skip_all, fields(owner = %owner))]
    async fn remove(&self, owner: PersonId, key: &MediaKey) -> Result<(), MediaError> {
        match self.media.disown(owner, key, self.clock.now()).await? {
            Disowned::Absent => Err(MediaError::NotFound),
            Disowned::InUse => Err(MediaError::InUse),
            Disowned::Kept => Ok(()),
            Disowned::Doomed => {
                self.sweep.erase(key).await?;
                Ok(())
            }
        }
    }

    fn admits(&self, key: &MediaKey, permit: &Permit) -> Result<TimeDelta, MediaError> {
        let left = self.addresses.admits(key, permit);
        // One that may not be seen looks like one that is not there.
        left.ok_or(MediaError::NotFound)
    }

    async fn show(
        &self,
        key: &MediaKey,
        width: Option<u32>,
        permit: &Permit,
    ) -> Result<(MediaFile, TimeDelta), MediaError> {
        let left = self.admits(key, permit)?;
        let file = self.files.read(key, width).await?;
        file.map(|file| (file, left)).ok_or(MediaError::NotFound)
    }
}

#[cfg(test)]
mod tests;
