//! Signing in while the password is being replaced.

use super::sign_in::{
    PASSWORD, finding_changed, finding_replaced, hash_of, is_refused, opening, opening_never, owner,
};
use super::*;

async fn another_hash_of(password: &str) -> String {
    hash_of(password, HashSettings::for_tests()).await
}

#[tokio::test]
async fn a_password_that_is_replaced_while_it_is_checked_opens_nothing() {
    let (users, stored) = owner().await;
    let unit = finding_replaced(&stored, another_hash_of("battery staple").await);
    let committed = unit.committed();
    let world = world(users, MockSessionRepository::new(), [unit]);
    assert!(is_refused(&world.sign_in(PASSWORD).await));
    assert!(!was_committed(&committed));
}

#[tokio::test]
async fn the_same_password_with_another_hash_is_checked_again_and_opens_a_session() {
    let (users, stored) = owner().await;
    let stale = finding_replaced(&stored, another_hash_of(PASSWORD).await);
    let fresh = opening(&stored);
    let (lost, committed) = (stale.committed(), fresh.committed());
    let world = world(users, MockSessionRepository::new(), [stale, fresh]);
    assert!(world.sign_in(PASSWORD).await.is_ok());
    assert!(!was_committed(&lost));
    assert!(was_committed(&committed));
}

#[tokio::test]
async fn a_password_that_never_stands_still_is_not_checked_for_ever() {
    let (users, stored) = owner().await;
    let mut units = Vec::new();
    for _ in 0..2 {
        units.push(finding_replaced(&stored, another_hash_of(PASSWORD).await));
    }
    units.push(opening_never());
    let world = world(users, MockSessionRepository::new(), units);
    let outcome = world.sign_in(PASSWORD).await;
    assert!(matches!(
        outcome,
        Err(SignInError::Repository(RepositoryError::Contention))
    ));
}

#[tokio::test]
async fn who_is_blocked_or_gone_meanwhile_is_not_let_in() {
    let (users, stored) = owner().await;
    let unit = finding_changed(&stored, |stored| {
        if let Some(stored) = stored {
            stored.user.status = UserStatus::Blocked;
        }
    });
    let blocked = world(users, MockSessionRepository::new(), [unit]);
    let outcome = blocked.sign_in(PASSWORD).await;
    assert!(matches!(outcome, Err(SignInError::Blocked)));

    let (users, stored) = owner().await;
    let unit = finding_changed(&stored, |stored| *stored = None);
    let gone = world(users, MockSessionRepository::new(), [unit]);
    assert!(is_refused(&gone.sign_in(PASSWORD).await));
}

#[tokio::test]
async fn the_password_of_before_is_a_wrong_one_to_the_throttle() {
    let (users, stored) = owner().await;
    let unit = finding_replaced(&stored, another_hash_of("battery staple").await);
    let world = world(users, MockSessionRepository::new(), [unit]);
    for _ in 0..2 {
        assert!(is_refused(&world.sign_in(PASSWORD).await));
    }
    let outcome = world.sign_in(PASSWORD).await;
    assert!(matches!(outcome, Err(SignInError::TooManyTries(_))));
}
