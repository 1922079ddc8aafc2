//! Addresses that are proved, and claims that give way.

use std::sync::Arc;

use domain::RepositoryError;
use domain::user::{Identifier, User, UserRepository};
use test_database::on_every_engine;

use crate::builders::{self, HASH, email, id, minutes, noon, phone, username};
use crate::race::{count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    an_address_is_proved,
    an_address_that_is_taken_is_not,
    a_mere_claim_is_dropped_and_the_password_with_it,
    a_password_that_is_good_with_something_else_stays,
    what_was_proved_is_no_mere_claim,
    of_many_who_prove_one_address_one_gets_it,
}

async fn an_address_is_proved(world: Arc<World>) {
    let owner = world.user().await;
    let yuna = email("Yuna@Example.com");
    let proved = world.users.prove_email(owner.id, &yuna, minutes(1)).await;
    assert!(proved.expect("an answer"));
    let found = Identifier::Email(email("yuna@example.com"));
    let found = world.users.find_by_identifier(&found).await;
    let found = found.expect("a look").expect("an account").user;
    assert_eq!((found.id, found.email), (owner.id, Some(yuna.clone())));
    assert_eq!(found.email_verified_at, Some(minutes(1)));
    assert_eq!(found.updated_at, minutes(1));
    let nobody = world
        .users
        .prove_email(id(), &email("a@b.co"), noon())
        .await;
    assert!(!nobody.expect("an answer"));
}

async fn an_address_that_is_taken_is_not(world: Arc<World>) {
    let claimed = User {
        email: Some(email("yuna@example.com")),
        ..builders::user()
    };
    world.store_user(claimed).await;
    let owner = world.user().await;
    let proved = world
        .users
        .prove_email(owner.id, &email("YUNA@example.com"), noon())
        .await;
    assert!(matches!(proved, Err(RepositoryError::Conflict)));
}

async fn a_mere_claim_is_dropped_and_the_password_with_it(world: Arc<World>) {
    let yuna = email("yuna@example.com");
    let claimed = User {
        email: Some(yuna.clone()),
        ..builders::user()
    };
    let claimed = world.store_user(claimed).await;
    let other = email("minsu@example.com");
    let dropped = world.users.drop_email_claim(claimed.id, &other, noon());
    assert!(!dropped.await.expect("an answer"));
    let shouted = email("YUNA@example.com");
    let dropped = world
        .users
        .drop_email_claim(claimed.id, &shouted, minutes(2));
    assert!(dropped.await.expect("an answer"));
    let left = world.users.find_credentials(claimed.id).await;
    let left = left.expect("a look").expect("an account");
    assert_eq!((left.user.email, left.password_hash), (None, None));
    assert_eq!(left.user.updated_at, minutes(2));
    let again = world.users.drop_email_claim(claimed.id, &yuna, noon());
    assert!(!again.await.expect("an answer"));
}

async fn a_password_that_is_good_with_something_else_stays(world: Arc<World>) {
    let yuna = email("yuna@example.com");
    for also in [
        User {
            phone_number: Some(phone("010-1234-5678")),
            ..builders::user()
        },
        User {
            username: Some(username("yuna")),
            ..builders::user()
        },
    ] {
        let claimed = User {
            email: Some(yuna.clone()),
            ..also
        };
        let claimed = world.store_user(claimed).await;
        let dropped = world.users.drop_email_claim(claimed.id, &yuna, noon());
        assert!(dropped.await.expect("an answer"));
        let left = world.users.find_credentials(claimed.id).await;
        let left = left.expect("a look").expect("an account");
        assert_eq!(left.password_hash.as_deref(), Some(HASH));
        assert_eq!(left.user.email, None);
    }
}

async fn what_was_proved_is_no_mere_claim(world: Arc<World>) {
    let yuna = email("yuna@example.com");
    let proved = User {
        email: Some(yuna.clone()),
        email_verified_at: Some(noon()),
        ..builders::user()
    };
    let proved = world.store_user(proved).await;
    let dropped = world.users.drop_email_claim(proved.id, &yuna, noon());
    assert!(!dropped.await.expect("an answer"));
    let left = world.users.find(proved.id).await.expect("a look");
    assert_eq!(left, Some(proved));
}

async fn of_many_who_prove_one_address_one_gets_it(world: Arc<World>) {
    let outcomes = race(|_| {
        let world = world.clone();
        async move {
            let owner = world.user().await;
            let yuna = email("yuna@example.com");
            world.users.prove_email(owner.id, &yuna, noon()).await
        }
    });
    let outcomes = outcomes.await;
    assert_eq!(count(&outcomes, |proved| matches!(proved, Ok(true))), 1);
    let lost = |proved: &Result<_, _>| matches!(proved, Err(RepositoryError::Conflict));
    assert_eq!(count(&outcomes, lost), 19);
}
