//! How talking can go wrong.

use domain::RepositoryError;
use thiserror::Error;

use crate::retry::Contended;

/// Why something was not done.
#[derive(Debug, Error)]
pub enum ChatError {
    /// There is no such person, or they do not want to hear from who asks: which, is not told.
    #[error("there is no such person")]
    NoSuchPerson,
    /// There is no such message, or it is not theirs to change.
    #[error("there is no such message")]
    NoSuchMessage,
    /// Nothing of the kind is between the two: a request to accept, a friendship to end.
    #[error("there is nothing of the kind between the two")]
    NothingBetween,
    /// Nobody can befriend themselves.
    #[error("one person is no pair")]
    Oneself,
    /// They have as many friends and requests as anybody may have.
    #[error("too many friends and requests")]
    TooMany,
    /// As many of their requests wait for an answer as may.
    #[error("too many requests wait for an answer")]
    TooManyPending,
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl Contended for ChatError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Repository(error) if error.is_contention())
    }
}
