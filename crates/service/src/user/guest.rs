//! People who have not said who they are.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::user::{Guest, GuestIdHash, GuestRepository, PersonId};
use domain::{Clock, IdGenerator, RepositoryError};
use secrecy::{ExposeSecret, SecretString};
use tracing::instrument;

use super::access_token::random_text;
use crate::remembered::Remembered;

/// What a guest's secret id begins with: whoever finds one in a log knows what leaked.
const PREFIX: &str = "g_";
/// How long a guest who was recognised is not asked for again where no other process lets guests sign in.
const KEEP_ALONE: Duration = Duration::from_secs(600);
/// The same where others do: a guest who signs in on another node is one here for no longer than this.
const KEEP_AMONG_OTHERS: Duration = Duration::from_secs(10);
const MAX_KNOWN: u64 = 100_000;

/// A guest just made.
#[derive(Clone, Debug)]
pub struct NewGuest {
    /// Who they are here.
    pub person: PersonId,
    /// What they prove it with.
    pub guest_id: SecretString,
}

/// Guests: made on their first write or feed, recognised by a secret, forgotten when they stay away.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait GuestService: Send + Sync {
    /// A new guest.
    async fn begin(&self) -> Result<NewGuest, RepositoryError>;

    /// Whose secret id this is; `None` where it is nobody's (any more).
    async fn recognise(&self, guest_id: &str) -> Result<Option<PersonId>, RepositoryError>;

    /// Forgets that a guest was recognised: they turned out to be a member.
    fn forget(&self, guest: PersonId);
}

/// [`GuestService`] over the repository.
pub struct DefaultGuestService {
    guests: Arc<dyn GuestRepository>,
    known: Remembered<GuestIdHash, PersonId>,
    lifetime: TimeDelta,
    ids: Arc<IdGenerator>,
    clock: Arc<dyn Clock>,
}

impl DefaultGuestService {
    /// Guests live for `lifetime` after their last visit; `alone` says that no other process has any.
    #[must_use]
    pub fn new(
        guests: Arc<dyn GuestRepository>,
        lifetime: Duration,
        alone: bool,
        ids: Arc<IdGenerator>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let keep = if alone { KEEP_ALONE } else { KEEP_AMONG_OTHERS };
        Self {
            guests,
            known: Remembered::new(MAX_KNOWN, keep),
            lifetime: TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::days(90)),
            ids,
            clock,
        }
    }
}

#[async_trait]
impl GuestService for DefaultGuestService {
    #[instrument(skip_all)]
    async fn begin(&self) -> Result<NewGuest, RepositoryError> {
        let secret = random_text::<24>().map_err(RepositoryError::storage)?;
        let guest_id = format!("{PREFIX}{secret}");
        let now = self.clock.now();
        let guest = Guest {
            id: self.ids.next(),
            hash: GuestIdHash::of(&guest_id),
            created_at: now,
            expires_at: now + self.lifetime,
            merged_into: None,
        };
        self.guests.insert(&guest).await?;
        self.known.keep(guest.hash, guest.id);
        Ok(NewGuest {
            person: guest.id,
            guest_id: guest_id.into(),
        })
    }

    async fn recognise(&self, guest_id: &str) -> Result<Option<PersonId>, RepositoryError> {
        if !guest_id.starts_with(PREFIX) {
            return Ok(None);
        }
        let hash = GuestIdHash::of(guest_id);
        let read = async {
            let now = self.clock.now();
            let Some(guest) = self.guests.find_living(&hash, now).await? else {
                return Ok(None);
            };
            // One write in half a lifetime is enough to keep a regular visitor.
            if guest.expires_at - now < self.lifetime / 2 {
                self.guests.prolong(guest.id, now + self.lifetime).await?;
            }
            Ok(Some(guest.id))
        };
        self.known.get(hash.clone(), read).await
    }

    fn forget(&self, guest: PersonId) {
        // Guests sign in once in their life: a walk through what is known is cheap enough.
        self.known.forget_where(move |known| *known == guest);
    }
}

/// The secret of a new guest, for the one answer that tells it.
impl NewGuest {
    /// The secret id as the client keeps it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.guest_id.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    use domain::user::MockGuestRepository;

    use super::*;
    use crate::testing::{clock, ids, start};

    const LIFETIME: Duration = Duration::from_secs(90 * 86_400);

    fn service(guests: MockGuestRepository) -> DefaultGuestService {
        let clock = clock();
        DefaultGuestService::new(Arc::new(guests), LIFETIME, true, ids(&clock), clock)
    }

    fn guest(days_left: i64) -> Guest {
        Guest {
            id: 9.into(),
            hash: GuestIdHash::of("g_x"),
            created_at: start(),
            expires_at: start() + TimeDelta::days(days_left),
            merged_into: None,
        }
    }

    #[tokio::test]
    async fn a_new_guest_gets_an_unguessable_id_and_is_recognised_by_it() {
        let mut guests = MockGuestRepository::new();
        guests.expect_insert().times(2).returning(|_| Ok(()));
        let service = service(guests);
        let (one, other) = (service.begin().await, service.begin().await);
        let (one, other) = (one.expect("a guest"), other.expect("a guest"));
        assert_ne!(one.expose(), other.expose());
        // 24 random bytes in base64url.
        assert_eq!(one.expose().len(), PREFIX.len() + 32);
        let known = service.recognise(one.expose()).await.expect("an answer");
        assert_eq!(known, Some(one.person));
        service.forget(one.person);
    }

    #[tokio::test]
    async fn a_text_that_cannot_be_a_guest_id_is_not_looked_up() {
        let known = service(MockGuestRepository::new()).recognise("7").await;
        assert_eq!(known.expect("an answer"), None);
    }

    #[tokio::test]
    async fn a_visit_prolongs_a_life_that_is_more_than_half_over() {
        for (days_left, prolonged) in [(44, 1), (46, 0)] {
            let mut guests = MockGuestRepository::new();
            guests
                .expect_find_living()
                .times(1)
                .returning(move |_, _| Ok(Some(guest(days_left))));
            guests
                .expect_prolong()
                .times(prolonged)
                .withf(|_, until| *until == start() + TimeDelta::days(90))
                .returning(|_, _| Ok(()));
            let service = service(guests);
            for _ in 0..2 {
                let known = service.recognise("g_x").await.expect("an answer");
                assert_eq!(known, Some(9.into()));
            }
        }
    }

    #[tokio::test]
    async fn who_is_unknown_is_asked_for_each_time() {
        let mut guests = MockGuestRepository::new();
        guests
            .expect_find_living()
            .times(2)
            .returning(|_, _| Ok(None));
        let service = service(guests);
        for _ in 0..2 {
            assert_eq!(service.recognise("g_x").await.expect("an answer"), None);
        }
    }
}
