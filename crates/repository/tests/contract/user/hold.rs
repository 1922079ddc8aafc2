//! Accounts that are held while something is decided by their password.

use std::sync::Arc;

use domain::RepositoryError;
use domain::user::{User, UserRepository};
use test_database::on_every_engine;

use crate::builders::{HASH, id, noon, session, token};
use crate::race::race;
use crate::world::World;

on_every_engine! {
    crate::world::run;
    an_account_is_held_as_it_is_stored,
    no_session_of_the_old_password_outlives_its_replacement,
}

async fn an_account_is_held_as_it_is_stored(world: Arc<World>) {
    let owner = world.user().await;
    let unit = world.unit().await;
    let held = unit.users().hold(owner.id).await.expect("a look");
    let held = held.expect("an account");
    assert_eq!(held.user, owner);
    assert_eq!(held.password_hash.as_deref(), Some(HASH));
    assert_eq!(unit.users().hold(id()).await.expect("a look"), None);
    drop(unit);
    let held = world.users.hold(owner.id).await.expect("a look");
    assert_eq!(held.map(|held| held.user), Some(owner));
}

/// Opens a session if the password is still the one of before.
async fn open(world: &World, owner: &User) -> Result<(), RepositoryError> {
    let unit = world.unit().await;
    let held = unit.users().hold(owner.id).await?.expect("an account");
    if held.password_hash.as_deref() == Some(HASH) {
        let session = session(owner);
        unit.sessions().insert(&session).await?;
        unit.refresh_tokens().insert(&token(&session)).await?;
        unit.commit().await?;
    }
    Ok(())
}

/// Replaces the password and ends all sessions.
async fn replace(world: &World, owner: &User) -> Result<(), RepositoryError> {
    let unit = world.unit().await;
    let current = Some(HASH.to_owned());
    let replacing = unit
        .users()
        .replace_password_hash(owner.id, current, "another", noon());
    assert!(replacing.await?);
    unit.sessions().end_all(owner.id, None).await?;
    unit.commit().await
}

async fn no_session_of_the_old_password_outlives_its_replacement(world: Arc<World>) {
    for _ in 0..10 {
        let owner = world.user().await;
        race(|number| {
            let (world, owner) = (world.clone(), owner.clone());
            async move {
                loop {
                    let outcome = match number {
                        10 => replace(&world, &owner).await,
                        _ => open(&world, &owner).await,
                    };
                    match outcome {
                        Err(RepositoryError::Contention) => {}
                        outcome => return outcome.expect("it is done"),
                    }
                }
            }
        })
        .await;
        assert_eq!(world.count("sessions").await, 0);
    }
}
