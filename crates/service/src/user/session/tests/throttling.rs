//! Guessing passwords.

use super::sign_in::{PASSWORD, is_refused, opening, owner};
use super::*;

#[tokio::test]
async fn guessing_one_accounts_password_from_one_address_is_throttled() {
    let (users, stored) = owner().await;
    let world = world(users, MockSessionRepository::new(), [opening(&stored)]);
    for _ in 0..2 {
        assert!(is_refused(&world.sign_in("wrong horse").await));
    }
    let wait = Duration::from_secs(60);
    let outcome = world.sign_in(PASSWORD).await;
    assert!(matches!(outcome, Err(SignInError::TooManyTries(left)) if left.time == wait));
    // Its owner is somewhere else, and gets in.
    let elsewhere = world
        .sign_in_as("010-1234-5678", PASSWORD, "192.0.2.2")
        .await;
    assert!(elsewhere.is_ok());
}

#[tokio::test]
async fn guessing_from_one_network_is_throttled_whatever_the_account() {
    let world = world(owner().await.0, MockSessionRepository::new(), []);
    for host in 1..=3 {
        let (number, from) = (format!("010-0000-000{host}"), format!("2001:db8::{host}"));
        let outcome = world.sign_in_as(&number, "wrong horse", &from).await;
        assert!(is_refused(&outcome));
    }
    let outcome = world
        .sign_in_as("010-1234-5678", PASSWORD, "2001:db8::4")
        .await;
    assert!(matches!(outcome, Err(SignInError::TooManyTries(_))));
    let outcome = world
        .sign_in_as("010-1234-5678", "wrong horse", "2001:db8:0:1::4")
        .await;
    assert!(is_refused(&outcome));
}

#[tokio::test]
async fn a_try_that_the_account_refuses_costs_the_address_nothing() {
    let world = world(owner().await.0, MockSessionRepository::new(), []);
    for _ in 0..2 {
        assert!(is_refused(&world.sign_in("wrong horse").await));
    }
    for _ in 0..4 {
        let outcome = world.sign_in("wrong horse").await;
        assert!(matches!(outcome, Err(SignInError::TooManyTries(_))));
    }
    let other = world
        .sign_in_as("010-0000-0001", "wrong horse", "192.0.2.1")
        .await;
    assert!(is_refused(&other));
}

#[tokio::test]
async fn being_right_forgives_what_was_wrong_before() {
    let (users, stored) = owner().await;
    let units: Vec<_> = (0..3).map(|_| opening(&stored)).collect();
    let world = world(users, MockSessionRepository::new(), units);
    assert!(is_refused(&world.sign_in("wrong horse").await));
    for _ in 0..3 {
        assert!(world.sign_in(PASSWORD).await.is_ok());
    }
    for _ in 0..2 {
        assert!(is_refused(&world.sign_in("wrong horse").await));
    }
    // The address has failed three times by now; time alone forgives that.
    let outcome = world
        .sign_in_as("010-0000-0001", "wrong horse", "192.0.2.1")
        .await;
    assert!(matches!(outcome, Err(SignInError::TooManyTries(_))));
    world.clock.advance(TimeDelta::seconds(60));
    let outcome = world
        .sign_in_as("010-0000-0001", "wrong horse", "192.0.2.1")
        .await;
    assert!(is_refused(&outcome));
}

#[tokio::test]
async fn what_goes_wrong_on_our_side_is_not_counted() {
    let mut users = MockUserRepository::new();
    users
        .expect_find_by_identifier()
        .returning(|_| Err(failure()));
    let world = world(users, MockSessionRepository::new(), []);
    for _ in 0..4 {
        let outcome = world.sign_in(PASSWORD).await;
        assert!(matches!(outcome, Err(SignInError::Repository(_))));
    }
    let held = world.service.hasher.place().await;
    for _ in 0..4 {
        let outcome = world.sign_in(PASSWORD).await;
        assert!(matches!(outcome, Err(SignInError::Busy)));
    }
    drop(held);
}
