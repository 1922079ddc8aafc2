//! Why something about a picture is refused.

use domain::RepositoryError;
use domain::persona::{MediaStoreError, PictureError};
use thiserror::Error;

use crate::throttle::Wait;

/// Why a picture is not kept, shown or removed.
#[derive(Debug, Error)]
pub enum MediaError {
    /// There is no such picture, or it is somebody else's.
    #[error("there is no such picture")]
    NotFound,
    /// A profile or a persona of its owner shows it.
    #[error("the picture is in use")]
    InUse,
    /// Its owner keeps too much already.
    #[error("the owner keeps too many pictures")]
    OverQuota,
    /// It was being removed for as long as we waited.
    #[error("the picture is being removed")]
    Leaving,
    /// The cursor is none of this list's.
    #[error("the cursor is not valid")]
    InvalidCursor,
    /// The file is not taken for a picture.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The store of files failed.
    #[error(transparent)]
    Store(#[from] MediaStoreError),
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Why there is no portrait.
#[derive(Debug, Error)]
pub enum PortraitError {
    /// So many were asked for that the next is allowed after this long.
    #[error("too many portraits were asked for")]
    TooMany(Wait),
    /// It could not be painted or kept.
    #[error(transparent)]
    Media(#[from] MediaError),
}
