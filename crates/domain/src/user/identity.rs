//! Accounts elsewhere that open an account here.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Email, Platform, UserId};
use crate::id::define_id;
use crate::{RepositoryError, ValueError};

define_id! {
    /// Identifies an identity.
    IdentityId
}

/// Who vouches for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provider {
    /// Kakao.
    Kakao,
    /// Google.
    Google,
    /// Naver.
    Naver,
}

impl Provider {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Kakao, Self::Google, Self::Naver];

    /// Reads the name that clients know it by.
    ///
    /// # Errors
    /// `provider`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let known = Self::ALL.into_iter().find(|one| one.as_str() == text);
        known.ok_or_else(|| ValueError::new("provider"))
    }

    /// As clients know it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.platform().as_str()
    }

    /// The door of accounts made with it.
    #[must_use]
    pub fn platform(self) -> Platform {
        match self {
            Self::Kakao => Platform::Kakao,
            Self::Google => Platform::Google,
            Self::Naver => Platform::Naver,
        }
    }
}

/// What a provider calls somebody: never changes, never belongs to anybody else there.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Subject(String);

impl Subject {
    /// Reads a subject: 1 to 191 printable ASCII characters, as every provider has it. Compared byte
    /// by byte.
    ///
    /// # Errors
    /// `subject`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let fits = (1..=191).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(ValueError::new("subject"))
        }
    }

    /// The subject.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hides it: it names a person elsewhere.
impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subject(…)")
    }
}

/// An account elsewhere that opens an account here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// Whom it lets in.
    pub user_id: UserId,
    /// Who vouches.
    pub provider: Provider,
    /// For whom.
    pub subject: Subject,
    /// The address the provider knows them by.
    pub email: Option<Email>,
    /// Whether the provider proved that the address is theirs.
    pub email_verified: bool,
    /// When it was linked.
    pub created_at: DateTime<Utc>,
    /// When it last let somebody in.
    pub last_used_at: DateTime<Utc>,
    /// When the person cut it off at the provider; who comes back by it finds the account again.
    pub unlinked_at: Option<DateTime<Utc>>,
}

impl Identity {
    /// Whether it lets anybody in.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        self.unlinked_at.is_none()
    }
}

/// A provider's tokens as they are stored: sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedTokens {
    /// Asks the provider on the person's behalf.
    pub access_token: String,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// Gets the next access token.
    pub refresh_token: Option<String>,
    /// When it stops working.
    pub refresh_expires_at: Option<DateTime<Utc>>,
    /// What the person allowed, separated by blanks.
    pub scopes: String,
}

/// What a sign-in tells of an identity.
#[derive(Clone, Debug)]
pub struct IdentityUse {
    /// The address the provider knows them by now.
    pub email: Option<Email>,
    /// Whether the provider proved it.
    pub email_verified: bool,
    /// The tokens that came along; `None` leaves those that are stored.
    pub tokens: Option<SealedTokens>,
    /// When that was.
    pub at: DateTime<Utc>,
}

/// Identities. An account has at most one of each provider.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait IdentityRepository: Send + Sync {
    /// Stores an identity. [`RepositoryError::Conflict`] where it is somebody's already, or the
    /// account has another of that provider.
    async fn insert(&self, identity: &Identity) -> Result<(), RepositoryError>;

    /// Whom a provider's subject lets in, cut off or not.
    async fn find_by_subject(
        &self,
        provider: Provider,
        subject: &Subject,
    ) -> Result<Option<Identity>, RepositoryError>;

    /// A person's identities, cut off ones too, the oldest first.
    async fn list(&self, owner: UserId) -> Result<Vec<Identity>, RepositoryError>;

    /// Notes a use, which links it again where it was cut off; whether there is such an identity.
    async fn used(&self, id: IdentityId, seen: &IdentityUse) -> Result<bool, RepositoryError>;

    /// The tokens kept with a person's identity.
    async fn tokens(
        &self,
        owner: UserId,
        provider: Provider,
    ) -> Result<Option<(IdentityId, SealedTokens)>, RepositoryError>;

    /// Replaces an identity's tokens, as long as its access token is still this one; what the new ones
    /// do not say (refresh token, scopes) stays. Whether it was.
    async fn renew_tokens(
        &self,
        id: IdentityId,
        access_token: &str,
        tokens: &SealedTokens,
    ) -> Result<bool, RepositoryError>;

    /// Up to `limit` identities with a token that does not begin with `mark`, with ids above
    /// `after`, oldest first.
    async fn sealed_otherwise(
        &self,
        mark: &str,
        after: IdentityId,
        limit: u64,
    ) -> Result<Vec<(IdentityId, SealedTokens)>, RepositoryError>;

    /// Puts the same tokens, sealed anew, in the place of those that were read; whether they were
    /// still there.
    async fn reseal(
        &self,
        id: IdentityId,
        read: &SealedTokens,
        sealed: &SealedTokens,
    ) -> Result<bool, RepositoryError>;

    /// Cuts an identity off: its tokens are forgotten, and it lets nobody in until it is used again.
    async fn cut_off(&self, id: IdentityId, at: DateTime<Utc>) -> Result<(), RepositoryError>;

    /// Removes a person's identity; whether there was one.
    async fn remove(&self, owner: UserId, provider: Provider) -> Result<bool, RepositoryError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_read_by_the_name_it_is_written_with() {
        for provider in Provider::ALL {
            assert_eq!(Provider::parse(provider.as_str()), Ok(provider));
        }
        for text in ["", "Kakao", "apple", "kakao "] {
            assert_eq!(Provider::parse(text), Err(ValueError::new("provider")));
        }
    }

    #[test]
    fn a_subject_is_plain_and_of_bounded_length() {
        for text in ["1", "4291034871", "Zm9v-_.~+/=", &"x".repeat(191)] {
            assert!(Subject::parse(text).is_ok(), "{text}");
        }
        for text in ["", "a b", "a\n", "유나", &"x".repeat(192)] {
            assert!(Subject::parse(text).is_err(), "{text:?}");
        }
    }
}
