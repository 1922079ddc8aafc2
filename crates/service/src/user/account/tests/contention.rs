//! Units of work that lose a race.

use std::sync::atomic::Ordering;

use super::owner::{NEW, PASSWORD, owner_changed, removing, replacing, with_password};
use super::*;
use crate::testing::principal;

/// A unit of work in which ending the sessions loses a race.
fn contending(mut unit: MockUnitOfWork) -> MockUnitOfWork {
    unit.sessions
        .expect_end_all()
        .times(1)
        .returning(|_, _| Err(RepositoryError::Contention));
    unit
}

/// One in which the password had been replaced by then, as far as the unit could see.
fn losing_a_change() -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.users
        .expect_replace_password_hash()
        .times(1)
        .returning(|_, _, _, _| Ok(true));
    contending(unit)
}

/// One in which the owner was held by then.
fn losing_a_removal(hash: Option<&str>) -> MockUnitOfWork {
    let held = testing::credentials(hash);
    let mut unit = MockUnitOfWork::default();
    unit.users
        .expect_hold()
        .times(1)
        .returning(move |_| Ok(Some(held.clone())));
    contending(unit)
}

fn is_lost(outcome: &Result<(), AccountError>) -> bool {
    matches!(
        outcome,
        Err(AccountError::Repository(RepositoryError::Contention))
    )
}

#[tokio::test]
async fn a_change_of_the_password_is_done_again_and_told_once() {
    let (users, hash) = with_password(Some(PASSWORD)).await;
    let last = replacing(hash, true);
    let committed = last.committed();
    let World { service, bus, .. } = world(users, [losing_a_change(), losing_a_change(), last]);
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
async fn a_change_of_the_password_is_not_tried_for_ever() {
    let (users, _) = with_password(Some(PASSWORD)).await;
    let units = (0..5).map(|_| losing_a_change());
    let World { service, bus, .. } = world(users, units.chain([MockUnitOfWork::default()]));
    let lost = service
        .change_password(
            principal(),
            Some(PASSWORD.into()),
            &NEW.into(),
            Language::English,
        )
        .await;
    assert!(is_lost(&lost));
    assert_eq!(bus.told(), []);
}

#[tokio::test]
async fn leaving_is_done_again_and_told_once() {
    let (users, hash) = with_password(Some(PASSWORD)).await;
    let lost = losing_a_removal(hash.as_deref());
    let last = removing(hash);
    let committed = last.committed();
    let World { service, bus, .. } = world(users, [lost, last]);
    let done = service.delete(principal(), Some(PASSWORD.into())).await;
    assert!(done.is_ok());
    assert!(committed.load(Ordering::SeqCst));
    assert_eq!(bus.told(), owner_changed());
}

#[tokio::test]
async fn leaving_is_not_tried_for_ever() {
    let (users, hash) = with_password(Some(PASSWORD)).await;
    let units: Vec<_> = (0..5).map(|_| losing_a_removal(hash.as_deref())).collect();
    let units = units.into_iter().chain([MockUnitOfWork::default()]);
    let World { service, bus, .. } = world(users, units);
    let lost = service.delete(principal(), Some(PASSWORD.into())).await;
    assert!(is_lost(&lost));
    assert_eq!(bus.told(), []);
}
