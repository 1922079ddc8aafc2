//! How the use-cases of accounts can end badly.

use domain::user::SocialError;
use domain::{RepositoryError, ValueError};
use thiserror::Error;

use crate::throttle::Wait;

/// Why an account was not made, changed or removed.
#[derive(Debug, Error)]
pub enum AccountError {
    /// The phone number, e-mail address or user name belongs to an account.
    #[error("the identifier is taken")]
    UserAlreadyExists,
    /// The picture is private, and its address does not open it (any more), or it is another's.
    #[error("the picture is private")]
    PictureClosed,
    /// The e-mail address belongs to an account, at a door that tells it from the rest.
    #[error("the e-mail address is taken")]
    EmailTaken,
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
    /// A mailed link is unknown, was used, or has expired: which, is not told.
    #[error("the link does not work")]
    LinkNotFound,
    /// The account has no e-mail address.
    #[error("the account has no e-mail address")]
    EmailMissing,
    /// The address was proved already.
    #[error("the address was proved already")]
    EmailAlreadyVerified,
    /// Too many tries; one more is allowed after this long.
    #[error("too many tries")]
    TooManyTries(Wait),
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
    TooManyTries(Wait),
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

/// Why a provider let nobody in.
#[derive(Debug, Error)]
pub enum SocialLoginError {
    /// This provider is not configured.
    #[error("the provider is not configured")]
    NotConfigured,
    /// The browser that came back is not the one that was sent, or comes too late or again.
    #[error("the state is not of this browser")]
    State,
    /// The provider vouched for nobody.
    #[error(transparent)]
    Provider(#[from] SocialError),
    /// The account was shut out.
    #[error("the account is blocked")]
    Blocked,
    /// The provider's account could not be linked.
    #[error(transparent)]
    Link(Box<IdentityError>),
    /// Too many tries; one more is allowed after this long.
    #[error("too many tries")]
    TooManyTries(Wait),
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Why an identity was not linked or unlinked.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// This provider is not configured, or not for this.
    #[error("the provider is not configured")]
    NotConfigured,
    /// The provider vouched for nobody.
    #[error(transparent)]
    Provider(#[from] SocialError),
    /// It opens another account.
    #[error("the identity opens another account")]
    Taken,
    /// The account has another one of that provider.
    #[error("another identity of that provider is linked")]
    AlreadyLinked,
    /// There is none of that provider.
    #[error("there is no such identity")]
    NotFound,
    /// Without it nobody could sign in to the account any more.
    #[error("it is the last way in")]
    LastWayIn,
    /// The owner did not confirm it, or is gone.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}
