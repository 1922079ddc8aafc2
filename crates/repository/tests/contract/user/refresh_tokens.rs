//! Refresh tokens.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::RepositoryError;
use domain::user::{
    RefreshToken, RefreshTokenHash, RefreshTokenRepository, RefreshTokenUse, Session,
    SessionRepository,
};
use test_database::on_every_engine;

use crate::builders::{minutes, noon, session, token};
use crate::race::{RUNNERS, count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_token_is_good_once,
    of_many_who_use_a_token_at_once_one_gets_through,
    a_token_is_worthless_from_the_moment_it_expires,
    a_token_nobody_was_given_is_unknown,
    a_token_is_worthless_when_its_session_is_over,
    a_token_is_gone_when_its_session_is_ended,
    using_one_token_leaves_the_others_good,
    a_hash_is_stored_once,
}

impl World {
    async fn use_up(&self, token: &RefreshToken) -> RefreshTokenUse {
        let outcome = self.tokens.use_up(&token.hash, noon()).await;
        outcome.expect("an outcome")
    }
}

async fn a_token_is_good_once(world: Arc<World>) {
    let owner = world.user().await;
    let (session, token) = world.signed_in(&owner).await;
    let living = world.sessions.find_living(session.id, noon()).await;
    let living = living.expect("a look").expect("a session");

    assert_eq!(world.use_up(&token).await, RefreshTokenUse::Good(living));
    let reused = RefreshTokenUse::Reused(session.id, owner.id);
    for _ in 0..2 {
        assert_eq!(world.use_up(&token).await, reused);
    }
}

async fn of_many_who_use_a_token_at_once_one_gets_through(world: Arc<World>) {
    let owner = world.user().await;
    let (session, token) = world.signed_in(&owner).await;
    let outcomes = race(|_| {
        let (world, token) = (world.clone(), token.clone());
        async move { world.use_up(&token).await }
    });
    let outcomes = outcomes.await;
    let good = count(&outcomes, |o| matches!(o, RefreshTokenUse::Good(_)));
    let reused = RefreshTokenUse::Reused(session.id, owner.id);
    let reused = count(&outcomes, |outcome| *outcome == reused);
    assert_eq!((good, reused), (1, RUNNERS - 1));
}

async fn a_token_is_worthless_from_the_moment_it_expires(world: Arc<World>) {
    let owner = world.user().await;
    let (_, token) = world.signed_in(&owner).await;
    let outlived = Session {
        expires_at: minutes(600),
        ..session(&owner)
    };
    let outlived = world.store_session(outlived).await;
    let expiring = RefreshToken {
        session_id: outlived.id,
        ..self::token(&outlived)
    };
    world.tokens.insert(&expiring).await.expect("an insert");

    let late = world.tokens.use_up(&expiring.hash, expiring.expires_at);
    assert_eq!(late.await.expect("an outcome"), RefreshTokenUse::Unknown);
    let last = expiring.expires_at - TimeDelta::microseconds(1);
    let in_time = world.tokens.use_up(&expiring.hash, last).await;
    let in_time = in_time.expect("an outcome");
    assert!(matches!(in_time, RefreshTokenUse::Good(_)), "{in_time:?}");
    assert!(matches!(
        world.use_up(&token).await,
        RefreshTokenUse::Good(_)
    ));
}

async fn a_token_nobody_was_given_is_unknown(world: Arc<World>) {
    let owner = world.user().await;
    world.signed_in(&owner).await;
    let guess = RefreshTokenHash::of("a guess");
    let outcome = world.tokens.use_up(&guess, noon()).await;
    assert_eq!(outcome.expect("an outcome"), RefreshTokenUse::Unknown);
}

async fn a_token_is_worthless_when_its_session_is_over(world: Arc<World>) {
    let owner = world.user().await;
    let over = Session {
        expires_at: noon(),
        ..session(&owner)
    };
    let over = world.store_session(over).await;
    let token = token(&over);
    world.tokens.insert(&token).await.expect("an insert");
    assert_eq!(world.use_up(&token).await, RefreshTokenUse::Unknown);
    let used = world
        .count("refresh_tokens WHERE used_at IS NOT NULL")
        .await;
    assert_eq!(used, 0, "nothing was done");
}

async fn a_token_is_gone_when_its_session_is_ended(world: Arc<World>) {
    let owner = world.user().await;
    let (session, token) = world.signed_in(&owner).await;
    world.use_up(&token).await;
    world
        .sessions
        .end(owner.id, session.id)
        .await
        .expect("an end");
    assert_eq!(world.use_up(&token).await, RefreshTokenUse::Unknown);
}

async fn using_one_token_leaves_the_others_good(world: Arc<World>) {
    let owner = world.user().await;
    let (session, first) = world.signed_in(&owner).await;
    let second = token(&session);
    world.tokens.insert(&second).await.expect("an insert");
    for token in [first, second] {
        let outcome = world.use_up(&token).await;
        assert!(matches!(outcome, RefreshTokenUse::Good(_)), "{outcome:?}");
    }
}

async fn a_hash_is_stored_once(world: Arc<World>) {
    let owner = world.user().await;
    let (_, token) = world.signed_in(&owner).await;
    let again = world.tokens.insert(&token).await;
    assert!(matches!(again, Err(RepositoryError::Conflict)));
}
