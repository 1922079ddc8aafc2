//! Storage and a bus that are not there.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::event::{BusError, Event, EventBus, Signal, Subscription};
use domain::user::{Role, Session, SessionId, SessionOwner, SessionRepository, UserId, UserStatus};

use super::{SESSION, session};

/// What storage says of the session that every token here names.
#[derive(Clone, Copy)]
pub(crate) enum Found {
    Living,
    Ended,
    Broken,
}

/// Sessions that are looked up no faster than a database would.
pub(super) struct Sessions(pub(super) Found, pub(super) Role);

fn unexpected() -> RepositoryError {
    RepositoryError::storage("no test asks for this")
}

#[async_trait]
impl SessionRepository for Sessions {
    async fn insert(&self, _: &Session) -> Result<(), RepositoryError> {
        Err(unexpected())
    }

    async fn find_living(
        &self,
        _: SessionId,
        _: DateTime<Utc>,
    ) -> Result<Option<SessionOwner>, RepositoryError> {
        tokio::task::yield_now().await;
        match self.0 {
            Found::Living => Ok(Some(SessionOwner {
                session: session(SESSION),
                role: self.1,
                status: UserStatus::Active,
            })),
            Found::Ended => Ok(None),
            Found::Broken => Err(RepositoryError::storage("a secret of the database")),
        }
    }

    async fn list_living(
        &self,
        _: UserId,
        _: DateTime<Utc>,
    ) -> Result<Vec<Session>, RepositoryError> {
        Err(unexpected())
    }

    async fn touch(&self, _: SessionId, _: DateTime<Utc>) -> Result<(), RepositoryError> {
        Err(unexpected())
    }

    async fn prolong(
        &self,
        _: SessionId,
        _: DateTime<Utc>,
        _: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        Err(unexpected())
    }

    async fn end(&self, _: UserId, _: SessionId) -> Result<bool, RepositoryError> {
        Err(unexpected())
    }

    async fn end_all(
        &self,
        _: UserId,
        _: Option<SessionId>,
    ) -> Result<Vec<SessionId>, RepositoryError> {
        Err(unexpected())
    }

    async fn end_oldest(
        &self,
        _: UserId,
        _: u64,
        _: DateTime<Utc>,
    ) -> Result<Vec<SessionId>, RepositoryError> {
        Err(unexpected())
    }

    async fn purge(&self, _: DateTime<Utc>) -> Result<u64, RepositoryError> {
        Err(unexpected())
    }
}

/// A bus with nobody on it.
pub(super) struct Silence;

#[async_trait]
impl EventBus for Silence {
    async fn publish(&self, _: Event) -> Result<(), BusError> {
        Ok(())
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        Box::new(Self)
    }

    fn is_live(&self) -> bool {
        true
    }
}

#[async_trait]
impl Subscription for Silence {
    async fn next(&mut self) -> Option<Signal> {
        None
    }
}
