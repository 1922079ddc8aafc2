//! Putting pictures away.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::Clock;
use domain::persona::{
    ImageWorkshop, Media, MediaKey, MediaQuota, MediaRepository, NewMedia, Picture, Registered,
};
use domain::user::PersonId;
use tokio::time::{Instant, sleep};

use super::{MediaError, MediaFiles};

/// How long is waited for a picture that is being removed, and how long between two looks.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(50);
/// How often a picture is put away that is swept away in the same moment.
const TRIES: usize = 3;

/// Checks files from outside and puts pictures away, each once whoever brings it.
pub struct MediaShelf {
    /// What is known of pictures.
    pub media: Arc<dyn MediaRepository>,
    /// Their files.
    pub files: Arc<MediaFiles>,
    /// Who checks them.
    pub workshop: Arc<dyn ImageWorkshop>,
    /// How much one person may keep.
    pub quota: MediaQuota,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl MediaShelf {
    /// Checks a file from outside and puts it away.
    ///
    /// # Errors
    /// Where it is no good picture, its owner keeps too much, or storage fails.
    pub async fn admit(
        &self,
        owner: Option<PersonId>,
        file: Bytes,
        is_private: bool,
    ) -> Result<Media, MediaError> {
        let picture = self.workshop.admit(file).await?;
        self.put(owner, &picture, is_private).await
    }

    /// Puts a checked picture away. A stranger's is never private: nobody could see it.
    ///
    /// # Errors
    /// Where its owner keeps too much, or storage fails.
    pub async fn put(
        &self,
        owner: Option<PersonId>,
        picture: &Picture,
        is_private: bool,
    ) -> Result<Media, MediaError> {
        let key = match owner.filter(|_| is_private) {
            Some(owner) => MediaKey::private(owner, &picture.content, picture.kind),
            None => MediaKey::public(&picture.content, picture.kind),
        };
        let mut new = NewMedia {
            media: Media {
                key,
                bytes: picture.content.len() as u64,
                width: picture.width,
                height: picture.height,
                created_at: self.clock.now(),
            },
            owner,
        };
        for attempt in 0..TRIES {
            // The time of this attempt: one that is long over would be swept away at once again.
            new.media.created_at = self.clock.now();
            let is_written = attempt > 0;
            match self.registered(&new).await? {
                Registered::Present => return Ok(new.media),
                Registered::Wanted => {
                    let key = &new.media.key;
                    self.files.write(key, picture.content.clone()).await?;
                    if self.media.stored(key).await? {
                        return Ok(new.media);
                    }
                    // Writing took so long that the picture was swept away meanwhile: once more,
                    // its file may be gone as well.
                }
                Registered::Leaving => return Err(MediaError::Leaving),
                Registered::OverQuota if is_written => {
                    self.leave(new).await?;
                    return Err(MediaError::OverQuota);
                }
                Registered::OverQuota => return Err(MediaError::OverQuota),
            }
        }
        self.leave(new).await?;
        Err(MediaError::Leaving)
    }

    /// Leaves a file that was written to the sweep, as nobody's picture. It is not removed here:
    /// somebody else may have handed the same picture in since.
    async fn leave(&self, new: NewMedia) -> Result<(), MediaError> {
        let nobodys = NewMedia { owner: None, ..new };
        self.media.register(&nobodys, self.quota).await?;
        Ok(())
    }

    /// Registers a picture; one that is just being removed once that is over.
    async fn registered(&self, new: &NewMedia) -> Result<Registered, MediaError> {
        let until = Instant::now() + PATIENCE;
        loop {
            let outcome = self.media.register(new, self.quota).await?;
            if outcome != Registered::Leaving || Instant::now() >= until {
                return Ok(outcome);
            }
            sleep(LOOK).await;
        }
    }
}
