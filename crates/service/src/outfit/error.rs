//! What can go wrong with outfits.

use domain::RepositoryError;
use thiserror::Error;

use super::recorder::RecordError;

/// Why something with an outfit was not done.
#[derive(Debug, Error)]
pub enum OutfitError {
    /// There is no such outfit, or it is hidden.
    #[error("no such outfit")]
    NotFound,
    /// There is no such tag or brand.
    #[error("no such label")]
    LabelNotFound,
    /// The outfit is at another version than the caller expected.
    #[error("the outfit was changed in the meantime")]
    Stale,
    /// The cursor is not one of ours.
    #[error("not a cursor")]
    InvalidCursor,
    /// Too much is being written down already.
    #[error("too many events wait to be written")]
    Overloaded,
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<RecordError> for OutfitError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Overloaded => Self::Overloaded,
            RecordError::Repository(error) => Self::Repository(error),
        }
    }
}
