//! How the use-cases of personas can end badly.

use domain::persona::GraphError;
use domain::{RepositoryError, ValueError};
use thiserror::Error;

use crate::sealing::SealError;

/// Why a persona was not found, made or changed.
#[derive(Debug, Error)]
pub enum PersonaError {
    /// There is none, or it is somebody else's.
    #[error("there is no such persona")]
    NotFound,
    /// Its owner has as many as they may have.
    #[error("the owner has as many personas as they may have")]
    LimitReached,
    /// The picture is private, and its address does not open it (any more), or it is another's.
    #[error("the picture is private")]
    PictureClosed,
    /// The parameters together are too much.
    #[error("the parameters are too much together")]
    Parameters(ValueError),
    /// There is no account any more.
    #[error("there is no such account")]
    Gone,
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Why a persona was not linked, or Instagram not asked.
#[derive(Debug, Error)]
pub enum InstagramError {
    /// Nobody said which persona.
    #[error("no persona was named")]
    PersonaUnnamed,
    /// The consent was asked for without a persona.
    #[error("the consent is for no persona")]
    PersonaRequired,
    /// There is no such persona, or it is somebody else's.
    #[error("there is no such persona")]
    PersonaNotFound,
    /// The state is not ours, not this session's, too old, or was used.
    #[error("the state is not valid")]
    StateInvalid,
    /// Meta sent the browser back without a code.
    #[error("there is no code")]
    CodeMissing,
    /// The persona has no token, or Meta refused it.
    #[error("the persona is not connected")]
    NotConnected,
    /// The shared token is to be used, and there is none.
    #[error("there is no shared token")]
    SharedTokenMissing,
    /// This server has no app at Meta.
    #[error("no app is configured")]
    NotConfigured,
    /// Meta did not answer in time.
    #[error("Meta did not answer in time")]
    TimedOut,
    /// Meta gave no usable answer.
    #[error("Meta gave no usable answer")]
    Upstream(#[source] GraphError),
    /// A token could not be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}
