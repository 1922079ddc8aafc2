//! What accounts and sessions need of storage.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    Email, Identifier, Name, NewUser, RefreshToken, RefreshTokenHash, Session, SessionId,
    SessionOwner, Standing, User, UserChange, UserId,
};
use crate::RepositoryError;

/// An account and the hash its password is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The account.
    pub user: User,
    /// The password's hash in PHC string form; `None` where the account has no password.
    pub password_hash: Option<String>,
}

/// Accounts.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait UserRepository: Send + Sync {
    /// Stores a new account. [`RepositoryError::Conflict`] where its name or one of its
    /// identifiers is taken.
    async fn insert(&self, user: &NewUser) -> Result<(), RepositoryError>;

    /// The account with this id.
    async fn find(&self, id: UserId) -> Result<Option<User>, RepositoryError>;

    /// The accounts with these ids, in no order.
    async fn find_all(&self, ids: &[UserId]) -> Result<Vec<User>, RepositoryError>;

    /// Which of these have an account that is active, in no order.
    async fn active_among(&self, ids: &[UserId]) -> Result<Vec<UserId>, RepositoryError>;

    /// The account with this id, and its password's hash.
    async fn find_credentials(&self, id: UserId) -> Result<Option<Credentials>, RepositoryError>;

    /// As [`find_credentials`](Self::find_credentials), and in a unit of work nobody else changes
    /// or removes the account before that ends: what is decided by its password stays right.
    async fn hold(&self, id: UserId) -> Result<Option<Credentials>, RepositoryError>;

    /// The account that signs in with this identifier, and its password's hash.
    async fn find_by_identifier(
        &self,
        identifier: &Identifier,
    ) -> Result<Option<Credentials>, RepositoryError>;

    /// Who has this name.
    async fn find_by_name(&self, name: &Name) -> Result<Option<User>, RepositoryError>;

    /// Changes the fields given; `None` where there is no such account,
    /// [`RepositoryError::Conflict`] where the name or the phone number is taken.
    async fn update(
        &self,
        id: UserId,
        change: &UserChange,
        at: DateTime<Utc>,
    ) -> Result<Option<User>, RepositoryError>;

    /// Changes what the person may do; whether there is such an account.
    async fn set_standing(
        &self,
        id: UserId,
        standing: Standing,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError>;

    /// Replaces the password's hash if it is still `current`; whether it was.
    async fn replace_password_hash(
        &self,
        id: UserId,
        current: Option<String>,
        replacement: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError>;

    /// Gives the account this e-mail address, proved at `at`; whether there is such an account,
    /// [`RepositoryError::Conflict`] where another has the address.
    async fn prove_email(
        &self,
        id: UserId,
        email: &Email,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError>;

    /// Takes the e-mail address from the account where it is a mere claim to `email`, and the
    /// password too where that could be used with nothing else; whether it was taken.
    async fn drop_email_claim(
        &self,
        id: UserId,
        email: &Email,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError>;

    /// Removes the account, its sessions, refresh tokens and identities; whether it existed.
    async fn delete(&self, id: UserId) -> Result<bool, RepositoryError>;

    /// Up to `limit` accounts with ids above `after`, oldest first.
    async fn list(&self, after: Option<UserId>, limit: u64) -> Result<Vec<User>, RepositoryError>;
}

/// Sessions.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send + Sync {
    /// Stores a new session.
    async fn insert(&self, session: &Session) -> Result<(), RepositoryError>;

    /// The session with this id if it has not ended by `now`, and what its owner may do.
    async fn find_living(
        &self,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Option<SessionOwner>, RepositoryError>;

    /// A person's living sessions, the latest used first.
    async fn list_living(
        &self,
        owner: UserId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, RepositoryError>;

    /// Notes that a session was used.
    async fn touch(&self, id: SessionId, at: DateTime<Utc>) -> Result<(), RepositoryError>;

    /// Moves a session's end; `false` where it has ended already.
    async fn prolong(
        &self,
        id: SessionId,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, RepositoryError>;

    /// Ends one session of a person, with its refresh tokens; whether there was one.
    async fn end(&self, owner: UserId, id: SessionId) -> Result<bool, RepositoryError>;

    /// Ends all sessions of a person but `except`, with their refresh tokens.
    async fn end_all(
        &self,
        owner: UserId,
        except: Option<SessionId>,
    ) -> Result<Vec<SessionId>, RepositoryError>;

    /// Ends a person's oldest living sessions, with their refresh tokens, until `keep` are left; which.
    async fn end_oldest(
        &self,
        owner: UserId,
        keep: u64,
        now: DateTime<Utc>,
    ) -> Result<Vec<SessionId>, RepositoryError>;

    /// Removes sessions and refresh tokens that ended before `before`; how many sessions.
    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError>;
}

/// What presenting a refresh token came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefreshTokenUse {
    /// It was good, and is used up now. Holds the living session.
    Good(SessionOwner),
    /// It had been used before: somebody holds a copy. Holds the session's id and owner.
    Reused(SessionId, UserId),
    /// There is no such token, or it or its session has ended.
    Unknown,
}

/// Refresh tokens.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait RefreshTokenRepository: Send + Sync {
    /// Stores a token.
    async fn insert(&self, token: &RefreshToken) -> Result<(), RepositoryError>;

    /// Uses a token up: of any number that try at once, one gets [`RefreshTokenUse::Good`].
    async fn use_up(
        &self,
        hash: &RefreshTokenHash,
        now: DateTime<Utc>,
    ) -> Result<RefreshTokenUse, RepositoryError>;
}
