//! What is known of stored pictures: whose they are, and what holds them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Media, MediaKey, MediaQuota, NewMedia};
use crate::RepositoryError;
use crate::user::{PersonId, UserId};

/// What shows a picture, and so keeps it from being swept away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A member's profile.
    Profile(UserId),
    /// A persona, by its id, and the member it belongs to.
    Persona(i64, UserId),
}

impl Holder {
    /// The number by which the kind is stored.
    #[must_use]
    pub const fn kind(self) -> i16 {
        match self {
            Self::Profile(_) => 0,
            Self::Persona(..) => 1,
        }
    }

    /// The id, unique within the kind.
    #[must_use]
    pub const fn id(self) -> i64 {
        match self {
            Self::Profile(user) => user.get(),
            Self::Persona(persona, _) => persona,
        }
    }

    /// Whose it is.
    #[must_use]
    pub const fn member(self) -> UserId {
        match self {
            Self::Profile(member) | Self::Persona(_, member) => member,
        }
    }
}

/// What became of a picture that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// Its file has to be written, then [`MediaRepository::stored`] called.
    Wanted,
    /// Its file is there already.
    Present,
    /// It is being removed at this moment: hand it in again a little later.
    Leaving,
    /// Its owner keeps too much already.
    OverQuota,
}

/// What became of a picture that its owner wants to be rid of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disowned {
    /// They have no such picture.
    Absent,
    /// Their profile or one of their personas shows it.
    InUse,
    /// It is theirs no longer; others still have it.
    Kept,
    /// Nobody has it any more: its files are to be removed, then [`MediaRepository::forget`] called.
    Doomed,
}

/// A picture as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedMedia {
    /// The picture.
    pub media: Media,
    /// When they handed it in last.
    pub owned_at: DateTime<Utc>,
    /// Whether anything shows it.
    pub is_held: bool,
    /// Since when it counts as unused, where nothing shows it: handed in last, by anybody.
    pub kept_at: DateTime<Utc>,
}

/// What is known of stored pictures. Their bytes are a [`MediaStore`](super::MediaStore)'s.
///
/// A picture is registered before its file is written and forgotten after its file is removed: at
/// no time is there a file that nothing knows of.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MediaRepository: Send + Sync {
    /// Registers a picture and whose it is, or notes that it was handed in again. Over the quota
    /// nothing changes.
    async fn register(
        &self,
        new: &NewMedia,
        quota: MediaQuota,
    ) -> Result<Registered, RepositoryError>;

    /// Notes that the picture's file has been written; whether the picture is (still) there, and not
    /// on its way out.
    async fn stored(&self, key: &MediaKey) -> Result<bool, RepositoryError>;

    /// The owner's picture.
    async fn find_owned(
        &self,
        owner: PersonId,
        key: &MediaKey,
    ) -> Result<Option<OwnedMedia>, RepositoryError>;

    /// Up to `limit` of the owner's pictures, the latest handed in first, after that position.
    async fn list<'a>(
        &self,
        owner: PersonId,
        after: Option<(DateTime<Utc>, &'a MediaKey)>,
        limit: u64,
    ) -> Result<Vec<OwnedMedia>, RepositoryError>;

    /// Takes a picture from its owner.
    async fn disown(
        &self,
        owner: PersonId,
        key: &MediaKey,
        now: DateTime<Utc>,
    ) -> Result<Disowned, RepositoryError>;

    /// Makes the holder show that picture and no other, or none; `false`, and nothing changes,
    /// where there is no such picture or it is another person's private one. What was shown before
    /// counts as unused from now on.
    async fn hold<'a>(
        &self,
        holder: Holder,
        key: Option<&'a MediaKey>,
        now: DateTime<Utc>,
    ) -> Result<bool, RepositoryError>;

    /// Dooms up to `limit` pictures that nothing shows and nobody handed in since `unused_since`,
    /// and those whose removal was begun before `begun_before` and not finished. Their files are to
    /// be removed, then [`forget`](MediaRepository::forget) called.
    async fn doom(
        &self,
        unused_since: DateTime<Utc>,
        begun_before: DateTime<Utc>,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<MediaKey>, RepositoryError>;

    /// Forgets a doomed picture.
    async fn forget(&self, key: &MediaKey) -> Result<(), RepositoryError>;

    /// Gives the guest's pictures to the member.
    async fn merge(&self, guest: PersonId, member: PersonId) -> Result<(), RepositoryError>;

    /// Takes all pictures from a person, and from all that shows any of theirs. What nobody else
    /// has is swept away as soon as it may be.
    async fn remove_all(&self, person: PersonId) -> Result<(), RepositoryError>;
}
