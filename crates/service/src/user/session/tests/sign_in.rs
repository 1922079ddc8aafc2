//! Signing in.

use domain::user::{Device, PhoneNumber, User};

use super::*;
use crate::testing::{address, credentials, phone, start, user};

pub(super) const PASSWORD: &str = "correct horse";

pub(super) async fn hash_of(password: &str, settings: HashSettings) -> String {
    let hasher = PasswordHasher::new(settings);
    let place = hasher.place().await.expect("a place");
    place.hash(&password.into()).await.expect("a hash")
}

/// What storage has of the owner at the moment.
pub(super) type Stored = Arc<parking_lot::Mutex<Option<Credentials>>>;

/// Users of whom the owner has the password, hashed with `settings`.
async fn owner_with(settings: HashSettings) -> (MockUserRepository, Stored) {
    let hash = hash_of(PASSWORD, settings).await;
    let stored: Stored = Arc::new(Some(credentials(Some(&hash))).into());
    let found = stored.clone();
    let mut users = MockUserRepository::new();
    users
        .expect_find_by_identifier()
        .returning(move |identifier| {
            let is_owner = *identifier == Identifier::Phone(phone());
            Ok(found.lock().clone().filter(|_| is_owner))
        });
    (users, stored)
}

pub(super) async fn owner() -> (MockUserRepository, Stored) {
    owner_with(HashSettings::for_tests()).await
}

/// A unit of work that holds the owner.
fn holding(stored: &Stored) -> MockUnitOfWork {
    finding_changed(stored, |_| {})
}

/// A unit of work that finds that the owner was changed a moment ago.
pub(super) fn finding_changed(
    stored: &Stored,
    change: impl Fn(&mut Option<Credentials>) + Send + 'static,
) -> MockUnitOfWork {
    let stored = stored.clone();
    let mut unit = MockUnitOfWork::default();
    unit.users
        .expect_hold()
        .with(eq(UserId::from(OWNER)))
        .times(1)
        .returning(move |_| {
            let mut stored = stored.lock();
            change(&mut stored);
            Ok(stored.clone())
        });
    unit
}

/// A unit of work that finds that the owner's password was replaced a moment ago.
pub(super) fn finding_replaced(stored: &Stored, hash: String) -> MockUnitOfWork {
    finding_changed(stored, move |stored| {
        *stored = Some(credentials(Some(&hash)));
    })
}

/// A unit of work that takes the session and its first refresh token.
pub(super) fn opening(stored: &Stored) -> MockUnitOfWork {
    let mut unit = holding(stored);
    unit.sessions.expect_insert().times(1).returning(|_| Ok(()));
    let oldest = unit.sessions.expect_end_oldest().times(1);
    oldest.returning(|_, _, _| Ok(vec![]));
    unit.refresh_tokens
        .expect_insert()
        .times(1)
        .returning(|_| Ok(()));
    unit
}

/// A unit of work that fails at its first statement.
fn failing(error: fn() -> RepositoryError) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.users
        .expect_hold()
        .times(1)
        .returning(move |_| Err(error()));
    unit
}

fn contending() -> MockUnitOfWork {
    failing(|| RepositoryError::Contention)
}

impl World {
    pub(super) async fn sign_in_as(
        &self,
        number: &str,
        password: &str,
        from: &str,
    ) -> Result<Admitted, SignInError> {
        let number = PhoneNumber::parse(number).expect("a phone number");
        let arrival = Arrival {
            device: Device::new(Some("a browser"), address(from)),
            ..Arrival::default()
        };
        self.service
            .sign_in(&Identifier::Phone(number), &password.into(), arrival)
            .await
    }

    pub(super) async fn sign_in(&self, password: &str) -> Result<Admitted, SignInError> {
        self.sign_in_as("010-1234-5678", password, "192.0.2.1")
            .await
    }
}

pub(super) fn is_refused(outcome: &Result<Admitted, SignInError>) -> bool {
    matches!(outcome, Err(SignInError::InvalidCredentials))
}

#[tokio::test]
async fn the_right_password_opens_a_session() {
    let (users, stored) = owner().await;
    let mut unit = holding(&stored);
    let oldest = unit.sessions.expect_end_oldest().times(1);
    oldest.returning(|_, _, _| Ok(vec![]));
    unit.sessions
        .expect_insert()
        .withf(|session| {
            session.user_id.get() == OWNER
                && session.device.user_agent.as_deref() == Some("a browser")
                && (session.created_at, session.last_seen_at) == (start(), start())
                && session.expires_at == start() + TimeDelta::days(1)
        })
        .times(1)
        .returning(|_| Ok(()));
    let token = Arc::new(parking_lot::Mutex::new(None));
    let seen = token.clone();
    unit.refresh_tokens
        .expect_insert()
        .times(1)
        .returning(move |token| {
            *seen.lock() = Some(token.clone());
            Ok(())
        });
    let committed = unit.committed();
    let world = world(users, MockSessionRepository::new(), [unit]);
    let pair = world.sign_in(PASSWORD).await.expect("tokens").pair;
    assert!(was_committed(&committed));
    assert_eq!(pair.user_id.get(), OWNER);
    assert_eq!(pair.expires_in, Duration::from_secs(900));
    let token = token.lock().clone().expect("a refresh token in storage");
    assert!(token.hash == RefreshTokenHash::of(pair.refresh_token.expose_secret()));
    assert_eq!(token.expires_at, start() + TimeDelta::days(1));
    let named = world.service.admission.tokens.check(&pair.access_token);
    assert!(named.is_ok_and(|named| named == (OWNER.into(), token.session_id)));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_answer_alike_after_the_same_work() {
    for number in ["010-1234-5678", "010-9999-9999"] {
        let world = world(owner().await.0, MockSessionRepository::new(), []);
        let outcome = world.sign_in_as(number, "wrong horse", "192.0.2.1").await;
        assert!(is_refused(&outcome));
        assert!(world.service.hasher.has_hashed(), "{number}");
        // Who is not known has to wait for their turn as well.
        let held = world.service.hasher.place().await;
        let outcome = world.sign_in_as(number, "wrong horse", "192.0.2.1").await;
        assert!(matches!(outcome, Err(SignInError::Busy)));
        drop(held);
    }
}

#[tokio::test]
async fn an_account_without_a_password_cannot_be_signed_in_to_with_one() {
    let mut users = MockUserRepository::new();
    users
        .expect_find_by_identifier()
        .returning(|_| Ok(Some(credentials(None))));
    let world = world(users, MockSessionRepository::new(), []);
    assert!(is_refused(&world.sign_in("").await));
    assert!(world.service.hasher.has_hashed());
}

#[tokio::test]
async fn only_who_knows_the_password_learns_that_an_account_is_blocked() {
    let hash = hash_of(PASSWORD, HashSettings::for_tests()).await;
    let mut users = MockUserRepository::new();
    users.expect_find_by_identifier().returning(move |_| {
        let user = User {
            status: UserStatus::Blocked,
            ..user()
        };
        Ok(Some(Credentials {
            user,
            password_hash: Some(hash.clone()),
        }))
    });
    let world = world(users, MockSessionRepository::new(), []);
    assert!(is_refused(&world.sign_in("wrong horse").await));
    for _ in 0..4 {
        let outcome = world.sign_in(PASSWORD).await;
        assert!(matches!(outcome, Err(SignInError::Blocked)));
    }
}

fn old_settings() -> HashSettings {
    HashSettings {
        memory_kib: 32,
        ..HashSettings::for_tests()
    }
}

#[tokio::test]
async fn a_hash_with_older_settings_is_replaced_where_it_is_still_there() {
    let (mut users, stored) = owner_with(old_settings()).await;
    let replaced = stored.clone();
    users
        .expect_replace_password_hash()
        .withf(|id, current, new, at| {
            let was = current.as_deref().unwrap_or_default();
            id.get() == OWNER
                && was.starts_with("$argon2id$v=19$m=32,")
                && new.starts_with("$argon2id$v=19$m=64,")
                && *at == start()
        })
        .times(1)
        .returning(move |_, _, new, _| {
            *replaced.lock() = Some(credentials(Some(new)));
            Ok(true)
        });
    let world = world(users, MockSessionRepository::new(), [opening(&stored)]);
    assert!(world.sign_in(PASSWORD).await.is_ok());
}

#[tokio::test]
async fn signing_in_does_not_depend_on_replacing_a_hash() {
    let outcomes: [fn() -> Result<bool, RepositoryError>; 2] = [|| Ok(false), || Err(failure())];
    for outcome in outcomes {
        let (mut users, stored) = owner_with(old_settings()).await;
        users
            .expect_replace_password_hash()
            .times(1)
            .returning(move |_, _, _, _| outcome());
        let world = world(users, MockSessionRepository::new(), [opening(&stored)]);
        assert!(world.sign_in(PASSWORD).await.is_ok());
    }
}

#[tokio::test]
async fn a_wrong_password_replaces_no_hash() {
    let (users, _) = owner_with(old_settings()).await;
    let world = world(users, MockSessionRepository::new(), []);
    assert!(is_refused(&world.sign_in("wrong horse").await));
}

#[tokio::test]
async fn opening_a_session_is_tried_again_where_it_lost_a_race() {
    let (users, stored) = owner().await;
    let last = opening(&stored);
    let committed = last.committed();
    let units = [contending(), contending(), last];
    let lost: Vec<_> = units[..2].iter().map(MockUnitOfWork::committed).collect();
    let world = world(users, MockSessionRepository::new(), units);
    assert!(world.sign_in(PASSWORD).await.is_ok());
    assert!(was_committed(&committed));
    assert!(!lost.iter().any(|flag| was_committed(flag)));
}

#[tokio::test]
async fn opening_a_session_is_not_tried_for_ever() {
    let units = (0..5).map(|_| contending()).chain([opening_never()]);
    let world = world(owner().await.0, MockSessionRepository::new(), units);
    let outcome = world.sign_in(PASSWORD).await;
    assert!(matches!(
        outcome,
        Err(SignInError::Repository(RepositoryError::Contention))
    ));
}

pub(super) fn opening_never() -> MockUnitOfWork {
    MockUnitOfWork::default()
}

#[tokio::test]
async fn any_other_failure_is_not_tried_again() {
    let unit = failing(failure);
    let committed = unit.committed();
    let units = [unit, opening_never()];
    let world = world(owner().await.0, MockSessionRepository::new(), units);
    let outcome = world.sign_in(PASSWORD).await;
    assert!(matches!(outcome, Err(SignInError::Repository(_))));
    assert!(!was_committed(&committed));
}
