//! Changing one's own account, and leaving.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::event::Event;
use mockall::Sequence;
use mockall::predicate::{always, eq};

use super::*;
use crate::outfit::testing::Notes;
use crate::testing::{OWNER, SESSION, credentials, failure, principal, user};

pub(super) const PASSWORD: &str = "correct horse";
pub(super) const NEW: &str = "battery staple";

/// Users of whom the owner has this password.
pub(super) async fn with_password(password: Option<&str>) -> (MockUserRepository, Option<String>) {
    let hash = match password {
        Some(password) => Some(hash_of(password).await),
        None => None,
    };
    let found = credentials(hash.as_deref());
    let mut users = MockUserRepository::new();
    users
        .expect_find_credentials()
        .with(eq(UserId::from(OWNER)))
        .returning(move |_| Ok(Some(found.clone())));
    (users, hash)
}

/// A unit of work in which the password is replaced where it still is `current`.
pub(super) fn replacing(current: Option<String>, replaced: bool) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.users
        .expect_replace_password_hash()
        .with(eq(UserId::from(OWNER)), eq(current), always(), always())
        .times(1)
        .returning(move |_, _, new, _| {
            assert!(new.starts_with("$argon2id$"));
            Ok(replaced)
        });
    if replaced {
        unit.sessions
            .expect_end_all()
            .with(eq(UserId::from(OWNER)), eq(Some(SESSION.into())))
            .times(1)
            .returning(|_, _| Ok(vec![]));
        unit.account_links
            .expect_remove_all()
            .with(eq(UserId::from(OWNER)))
            .times(1)
            .returning(|_| Ok(()));
        // Nobody proved an address: nobody is told.
        unit.users
            .expect_find()
            .times(1)
            .returning(|_| Ok(Some(user())));
    }
    unit
}

/// A unit of work that holds the owner, whose password's hash is `hash` now.
fn holding(hash: Option<String>) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.users
        .expect_hold()
        .with(eq(UserId::from(OWNER)))
        .times(1)
        .returning(move |_| Ok(Some(credentials(hash.as_deref()))));
    unit
}

/// A unit of work that removes the owner: held first, removed last.
pub(super) fn removing(hash: Option<String>) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    let owner = UserId::from(OWNER);
    let mut order = Sequence::new();
    unit.users
        .expect_hold()
        .with(eq(owner))
        .times(1)
        .in_sequence(&mut order)
        .returning(move |_| Ok(Some(credentials(hash.as_deref()))));
    unit.sessions
        .expect_end_all()
        .with(eq(owner), eq(None))
        .times(1)
        .in_sequence(&mut order)
        .returning(|_, _| Ok(vec![SESSION.into()]));
    unit.products
        .expect_delete_all()
        .with(eq(owner))
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(3));
    unit.users
        .expect_delete()
        .with(eq(owner))
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(true));
    unit
}

pub(super) fn owner_changed() -> Vec<Event> {
    vec![Event::UserChanged { user: OWNER.into() }]
}

#[tokio::test]
async fn a_new_password_ends_every_other_session_on_every_node() {
    let (users, hash) = with_password(Some(PASSWORD)).await;
    let unit = replacing(hash, true);
    let committed = unit.committed();
    let World { service, bus, .. } = world(users, [unit]);
    let done = service
        .change_password(
            principal(),
            Some(PASSWORD.into()),
            &NEW.into(),
            Language::English,
        )
        .await;
    assert!(done.is_ok());
    assert!(committed.load(Ordering::SeqCst));
    assert_eq!(bus.told(), owner_changed());
}

#[tokio::test]
async fn a_new_password_is_told_to_an_address_that_was_proved() {
    for (verified, mails) in [(Some(testing::start()), 1), (None, 0)] {
        let (users, hash) = with_password(Some(PASSWORD)).await;
        let mut unit = MockUnitOfWork::default();
        unit.users
            .expect_replace_password_hash()
            .withf(move |_, current, _, _| *current == hash)
            .returning(|_, _, _, _| Ok(true));
        unit.sessions.expect_end_all().returning(|_, _| Ok(vec![]));
        unit.account_links.expect_remove_all().returning(|_| Ok(()));
        unit.users.expect_find().returning(move |_| {
            Ok(Some(User {
                email: Email::parse("yuna@example.com").ok(),
                email_verified_at: verified,
                ..user()
            }))
        });
        unit.outbox
            .expect_insert()
            .times(mails)
            .withf(|message| message.owner == Some(OWNER.into()) && !message.is_blank)
            .returning(|_| Ok(()));
        let committed = unit.committed();
        let World { service, .. } = world(users, [unit]);
        let done = service
            .change_password(
                principal(),
                Some(PASSWORD.into()),
                &NEW.into(),
                Language::English,
            )
            .await;
        assert!(done.is_ok());
        assert!(committed.load(Ordering::SeqCst));
    }
}

#[tokio::test]
async fn a_wrong_or_missing_password_changes_nothing() {
    for given in [None, Some("wrong horse".into())] {
        let (users, _) = with_password(Some(PASSWORD)).await;
        let World { service, bus, .. } = world(users, []);
        let refused = service
            .change_password(principal(), given, &NEW.into(), Language::English)
            .await;
        assert!(matches!(refused, Err(AccountError::ConfirmationRequired)));
        assert_eq!(bus.told(), []);
    }
}

#[tokio::test]
async fn of_two_changes_at_once_the_second_is_rolled_back() {
    let (users, hash) = with_password(Some(PASSWORD)).await;
    let unit = replacing(hash, false);
    let committed = unit.committed();
    let World { service, bus, .. } = world(users, [unit]);
    let refused = service
        .change_password(
            principal(),
            Some(PASSWORD.into()),
            &NEW.into(),
            Language::English,
        )
        .await;
    assert!(matches!(refused, Err(AccountError::ConfirmationRequired)));
    assert!(!committed.load(Ordering::SeqCst));
    assert_eq!(bus.told(), []);
}

#[tokio::test]
async fn a_new_password_has_to_be_a_good_one() {
    let World { service, .. } = world(MockUserRepository::new(), []);
    let refused = service
        .change_password(
            principal(),
            Some(PASSWORD.into()),
            &"12345678".into(),
            Language::English,
        )
        .await;
    assert!(matches!(refused, Err(AccountError::Password(_))));
}

#[tokio::test]
async fn guessing_a_password_from_inside_is_throttled_and_being_right_starts_anew() {
    let (users, _) = with_password(Some(PASSWORD)).await;
    let World { service, clock, .. } = world(users, []);
    let guess = async |text: &str| {
        service
            .confirmation
            .prove(principal(), Some(text.into()))
            .await
    };
    assert!(guess("wrong horse").await.is_err());
    assert!(guess(PASSWORD).await.is_ok());
    for _ in 0..2 {
        let refused = guess("wrong horse").await;
        assert!(matches!(refused, Err(AccountError::ConfirmationRequired)));
    }
    let refused = guess(PASSWORD).await;
    assert!(matches!(refused, Err(AccountError::TooManyTries(_))));
    clock.advance(TimeDelta::seconds(60));
    assert!(guess(PASSWORD).await.is_ok());
}

#[tokio::test]
async fn being_too_busy_is_not_a_wrong_password() {
    let (users, _) = with_password(Some(PASSWORD)).await;
    let World { service, .. } = world(users, []);
    let held = service.hasher.place().await;
    for _ in 0..4 {
        let busy = service
            .confirmation
            .prove(principal(), Some(PASSWORD.into()))
            .await;
        assert!(matches!(busy, Err(AccountError::Busy)));
    }
    drop(held);
    let proved = service
        .confirmation
        .prove(principal(), Some(PASSWORD.into()))
        .await;
    assert!(proved.is_ok());
}

#[tokio::test]
async fn without_a_password_a_sign_in_within_five_minutes_is_the_proof() {
    let (users, _) = with_password(None).await;
    let World { service, clock, .. } = world(users, []);
    clock.advance(TimeDelta::seconds(299));
    assert!(matches!(
        service.confirmation.prove(principal(), None).await,
        Ok(None)
    ));
    clock.advance(TimeDelta::seconds(1));
    for given in [None, Some(PASSWORD.into())] {
        let refused = service.confirmation.prove(principal(), given).await;
        assert!(matches!(refused, Err(AccountError::ConfirmationRequired)));
    }
}

#[tokio::test]
async fn nothing_can_be_proved_of_an_account_that_is_gone() {
    let mut users = MockUserRepository::new();
    users.expect_find_credentials().returning(|_| Ok(None));
    let World { service, .. } = world(users, []);
    let refused = service.delete(principal(), Some(PASSWORD.into())).await;
    assert!(matches!(refused, Err(AccountError::Gone)));
}

#[tokio::test]
async fn leaving_removes_everything_at_once_and_the_account_last() {
    let (users, hash) = with_password(Some(PASSWORD)).await;
    let unit = removing(hash);
    let committed = unit.committed();
    let World {
        mut service, bus, ..
    } = world(users, [unit]);
    let notes = Arc::new(Notes::default());
    service.personal = vec![notes.clone()];
    let done = service.delete(principal(), Some(PASSWORD.into())).await;
    assert!(done.is_ok());
    assert!(committed.load(Ordering::SeqCst));
    assert_eq!(bus.told(), owner_changed());
    assert_eq!(*notes.heard.lock(), ["remove 7", "removed 7"]);
}

#[tokio::test]
async fn leaving_needs_the_password() {
    let (users, _) = with_password(Some(PASSWORD)).await;
    let World { service, bus, .. } = world(users, []);
    for given in [None, Some("wrong horse".into())] {
        let refused = service.delete(principal(), given).await;
        assert!(matches!(refused, Err(AccountError::ConfirmationRequired)));
    }
    assert_eq!(bus.told(), []);
}

#[tokio::test]
async fn a_failure_on_the_way_out_leaves_everything_as_it_was() {
    let (users, _) = with_password(None).await;
    let mut unit = holding(None);
    unit.sessions.expect_end_all().returning(|_, _| Ok(vec![]));
    unit.products
        .expect_delete_all()
        .returning(|_| Err(failure()));
    let committed = unit.committed();
    let World { service, bus, .. } = world(users, [unit]);
    let failed = service.delete(principal(), None).await;
    assert!(matches!(failed, Err(AccountError::Repository(_))));
    assert!(!committed.load(Ordering::SeqCst));
    assert_eq!(bus.told(), []);
}

#[tokio::test]
async fn the_password_of_before_removes_nothing() {
    let (users, _) = with_password(Some(PASSWORD)).await;
    let unit = holding(Some(hash_of(NEW).await));
    let committed = unit.committed();
    let World { service, bus, .. } = world(users, [unit]);
    let refused = service.delete(principal(), Some(PASSWORD.into())).await;
    assert!(matches!(refused, Err(AccountError::ConfirmationRequired)));
    assert!(!committed.load(Ordering::SeqCst));
    assert_eq!(bus.told(), []);
}

#[tokio::test]
async fn an_account_that_somebody_else_removes_meanwhile_is_gone() {
    let (users, _) = with_password(Some(PASSWORD)).await;
    let mut unit = MockUnitOfWork::default();
    unit.users.expect_hold().returning(|_| Ok(None));
    let World { service, bus, .. } = world(users, [unit]);
    let gone = service.delete(principal(), Some(PASSWORD.into())).await;
    assert!(matches!(gone, Err(AccountError::Gone)));
    assert_eq!(bus.told(), []);
}

#[tokio::test]
async fn a_taken_name_and_a_vanished_account_are_told_apart() {
    let mut users = MockUserRepository::new();
    let mut asked = 0;
    users.expect_update().returning(move |_, _, at| {
        assert_eq!(at, testing::start());
        asked += 1;
        match asked {
            1 => Ok(Some(user())),
            2 => Err(RepositoryError::Conflict),
            3 => Ok(None),
            _ => Err(failure()),
        }
    });
    let World { service, .. } = world(users, []);
    let update = async || service.update(OWNER.into(), &UserChange::default()).await;
    assert!(update().await.is_ok_and(|updated| updated == user()));
    assert!(matches!(update().await, Err(AccountError::NameTaken)));
    assert!(matches!(update().await, Err(AccountError::Gone)));
    assert!(matches!(update().await, Err(AccountError::Repository(_))));
}

#[tokio::test]
async fn an_account_is_found_until_it_is_gone() {
    let mut users = MockUserRepository::new();
    users
        .expect_find()
        .returning(|id| Ok((id.get() == OWNER).then(user)));
    let World { service, .. } = world(users, []);
    let found = service.find(OWNER.into()).await;
    assert!(found.is_ok_and(|found| found == user()));
    let gone = service.find(8.into()).await;
    assert!(matches!(gone, Err(AccountError::Gone)));
}
