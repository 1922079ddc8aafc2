//! What personas need of storage.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{InstagramLink, Persona, PersonaId, WhichPersona};
use crate::RepositoryError;
use crate::user::UserId;

/// Personas. Every method is given the owner and sees nobody else's.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PersonaRepository: Send + Sync {
    /// Stores a new persona. [`RepositoryError::Conflict`] where the owner has one with its
    /// number.
    async fn insert(&self, persona: &Persona) -> Result<(), RepositoryError>;

    /// The owner's personas, the lowest number first.
    async fn list(&self, owner: UserId) -> Result<Vec<Persona>, RepositoryError>;

    /// The owner's persona, or `None` if it does not exist or belongs to somebody else.
    async fn find(
        &self,
        owner: UserId,
        which: WhichPersona,
    ) -> Result<Option<Persona>, RepositoryError>;

    /// As [`find`](Self::find), and in a unit of work nobody else changes or removes it before
    /// that ends.
    async fn hold(
        &self,
        owner: UserId,
        which: WhichPersona,
    ) -> Result<Option<Persona>, RepositoryError>;

    /// Stores what a persona shows, and when it changed; whether it is still there.
    async fn save(&self, persona: &Persona) -> Result<bool, RepositoryError>;

    /// Removes the owner's persona with its token; whether it was there.
    async fn delete(&self, owner: UserId, id: PersonaId) -> Result<bool, RepositoryError>;

    /// Removes all of the owner's personas; how many.
    async fn delete_all(&self, owner: UserId) -> Result<u64, RepositoryError>;

    /// Notes the account that was chosen for a persona that has a good token; whether it has.
    async fn link(
        &self,
        owner: UserId,
        id: PersonaId,
        link: &InstagramLink,
    ) -> Result<bool, RepositoryError>;

    /// Forgets the token of a persona and the account that was chosen for it; whether the persona
    /// is there.
    async fn unlink(
        &self,
        owner: UserId,
        id: PersonaId,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError>;
}
