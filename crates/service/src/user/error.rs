//! How the use-cases of accounts can end badly.

use std::time::Duration;

use domain::{RepositoryError, ValueError};
use thiserror::Error;

/// Why an account was not made, changed or removed.
#[derive(Debug, Error)]
pub enum AccountError {
    /// The phone number, e-mail address or user name belongs to an account.
    #[error("the identifier is taken")]
    UserAlreadyExists,
    /// The name asked for belongs to somebody.
    #[error("the name is taken")]
    NameTaken,
    /// Neither phone number, e-mail address nor user name was given.
    #[error("nothing to sign in with was given")]
    NoIdentifier,
    /// The new password will not do.
    #[error("the password will not do")]
    Password(ValueError),
    /// Who is asking did not prove that they are the owner: the password is missing or wrong, or
    /// the account has none and the sign-in is not fresh.
    #[error("the owner has to confirm it")]
    ConfirmationRequired,
    /// Too many tries; one more is allowed after this long.
    #[error("too many tries")]
    TooManyTries(Duration),
    /// Too many passwords are being hashed right now.
    #[error("too busy")]
    Busy,
    /// There is no account any more.
    #[error("there is no such account")]
    Gone,
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Why nobody was signed in.
#[derive(Debug, Error)]
pub enum SignInError {
    /// There is no such account, or its password is another: which, is not told.
    #[error("no account with that password")]
    InvalidCredentials,
    /// The password is right, but the account was shut out.
    #[error("the account is blocked")]
    Blocked,
    /// The refresh token is unknown, used or expired.
    #[error("the refresh token is not valid")]
    InvalidRefreshToken,
    /// Too many tries; one more is allowed after this long.
    #[error("too many tries")]
    TooManyTries(Duration),
    /// Too many passwords are being hashed right now.
    #[error("too busy")]
    Busy,
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Why a token does not let anybody in.
#[derive(Debug, Error)]
pub enum AuthenticationError {
    /// It is not ours, it expired, or its session ended.
    #[error("the token is not valid")]
    InvalidToken,
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}
