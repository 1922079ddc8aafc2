//! Removing pictures that nobody uses.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::persona::{MediaKey, MediaRepository};
use domain::{Clock, RepositoryError};
use tracing::warn;

use super::MediaFiles;
use crate::maintenance::Chore;

/// Pictures removed at a time: few, so that the last of them is not taken for abandoned while a slow
/// store is removing the first.
const BATCH: u64 = 20;
/// A removal that was begun so long ago was left behind by a process that died.
const ABANDONED_MINUTES: i64 = 10;

/// Removes pictures that nothing shows and nobody handed in lately.
pub struct MediaSweep {
    /// What is known of pictures.
    pub media: Arc<dyn MediaRepository>,
    /// Their files.
    pub files: Arc<MediaFiles>,
    /// How long an unused picture is kept.
    pub unused_for: Duration,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl MediaSweep {
    /// One round; how many pictures were removed. Safe to run on several nodes at once.
    ///
    /// # Errors
    /// Where storage fails. Files that could not be removed are tried again later.
    pub async fn sweep(&self) -> Result<u64, RepositoryError> {
        let unused = TimeDelta::from_std(self.unused_for).unwrap_or(TimeDelta::days(1));
        let mut removed = 0;
        loop {
            // The time of this batch: a removal noted as begun earlier than it was looks abandoned
            // to the other nodes.
            let now = self.clock.now();
            let begun_before = now - TimeDelta::minutes(ABANDONED_MINUTES);
            let doomed = self
                .media
                .doom(now - unused, begun_before, now, BATCH)
                .await?;
            for key in &doomed {
                removed += u64::from(self.erase(key).await?);
            }
            if (doomed.len() as u64) < BATCH {
                return Ok(removed);
            }
        }
    }

    /// Removes the files of a doomed picture, then what is known of it; whether that was possible.
    pub(super) async fn erase(&self, key: &MediaKey) -> Result<bool, RepositoryError> {
        if let Err(error) = self.files.remove(key).await {
            warn!(%error, "a picture's files were not removed; trying again later");
            return Ok(false);
        }
        self.media.forget(key).await?;
        Ok(true)
    }
}

#[async_trait]
impl Chore for MediaSweep {
    fn name(&self) -> &'static str {
        "pictures"
    }

    async fn run(&self, _: DateTime<Utc>) -> Result<u64, RepositoryError> {
        self.sweep().await
    }
}
