//! Stored pictures, and where their bytes are kept.

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use thiserror::Error;

use super::MediaKey;
use crate::user::PersonId;

/// The kinds of picture that are kept: pixels only, nothing that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
}

impl MediaKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Png, Self::Jpeg, Self::Webp, Self::Gif];

    /// The kind that content begins like; `None` where it is no picture of ours.
    #[must_use]
    pub fn sniff(content: &[u8]) -> Option<Self> {
        match content {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Some(Self::Webp),
            _ => None,
        }
    }

    /// The media type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
        }
    }

    /// What file names end with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Gif => "gif",
        }
    }

    /// The kind of a file name's ending.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.extension() == extension)
    }
}

/// A picture that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Its name.
    pub key: MediaKey,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// How wide it is, in pixels.
    pub width: u32,
    /// How high it is, in pixels.
    pub height: u32,
    /// When it was first stored.
    pub created_at: DateTime<Utc>,
}

/// A picture about to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMedia {
    /// What is known of it.
    pub media: Media,
    /// Whose it is; a stranger's belongs to nobody.
    pub owner: Option<PersonId>,
}

/// How much one person may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaQuota {
    /// Pictures.
    pub files: u64,
    /// Bytes of all of them.
    pub bytes: u64,
}

/// The store of bytes failed.
#[derive(Debug, Error)]
#[error("the media store failed")]
pub struct MediaStoreError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Bytes in and out, by name: a folder, or an object store.
#[async_trait]
pub trait MediaStore: Send + Sync {
    /// Writes a file; whoever reads it meanwhile sees all of it or nothing. Writing the same again
    /// changes nothing.
    async fn put(&self, name: &str, content: Bytes) -> Result<(), MediaStoreError>;

    /// The file's content.
    async fn get(&self, name: &str) -> Result<Option<Bytes>, MediaStoreError>;

    /// Removes a file, if it is there.
    async fn delete(&self, name: &str) -> Result<(), MediaStoreError>;
}
