//! Tokens and linked accounts: what changes one names the token that was read.

use std::sync::Arc;

use domain::persona::{
    Connection, InstagramTokenRepository, Persona, PersonaRepository, TokenOf, WhichPersona,
};
use domain::user::User;
use test_database::on_every_engine;

use super::builders::{link, persona, token};
use crate::builders::minutes;
use crate::race::{count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_token_is_its_personas_and_its_owners,
    an_account_is_chosen_with_a_good_token_only,
    unlinking_forgets_token_and_account,
    what_was_read_is_not_changed_once_another_took_its_place,
    of_many_that_claim_a_renewal_one_does,
    a_refusal_is_news_once_and_only_where_it_is_committed,
    tokens_are_due_in_the_order_in_which_they_wait,
    tokens_of_an_older_key_are_told_apart,
}

async fn stored(world: &World, owner: &User, at: i64, text: &str) -> (Persona, TokenOf) {
    let persona = world.store_persona(persona(owner, at)).await;
    let (sealed, term) = token(text);
    let tokens = &world.tokens_of_personas;
    let stored = tokens.store(owner.id, persona.id, &sealed, term).await;
    assert!(stored.expect("an answer"));
    let found = tokens.find(owner.id, persona.id).await.expect("a look");
    (persona, found.expect("a token"))
}

async fn current(world: &World, owner: &User, persona: &Persona) -> Persona {
    let found = world.personas.find(owner.id, WhichPersona::Id(persona.id));
    found.await.expect("a look").expect("a persona")
}

async fn a_token_is_its_personas_and_its_owners(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let (persona, read) = stored(&world, &owner, 1, "v1.k.one").await;
    let (sealed, term) = token("v1.k.one");
    assert_eq!(
        (
            read.persona,
            read.owner,
            &read.token,
            read.term,
            read.refused
        ),
        (persona.id, owner.id, &sealed, term, false)
    );
    let tokens = &world.tokens_of_personas;
    let stolen = tokens.store(other.id, persona.id, &sealed, term).await;
    assert!(!stolen.expect("an answer"));
    let seen = tokens.find(other.id, persona.id).await;
    assert_eq!(seen.expect("a look"), None);
    let shown = current(&world, &owner, &persona).await;
    assert_eq!(shown.connection, Connection::Connected);
}

async fn an_account_is_chosen_with_a_good_token_only(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let bare = world.store_persona(persona(&owner, 1)).await;
    let (persona, read) = stored(&world, &owner, 2, "v1.k.one").await;
    let choose = async |owner: &User, persona: &Persona| {
        let linked = world.personas.link(owner.id, persona.id, &link()).await;
        linked.expect("an answer")
    };
    assert!(!choose(&owner, &bare).await);
    assert!(!choose(&other, &persona).await);
    assert!(choose(&owner, &persona).await);
    let shown = current(&world, &owner, &persona).await;
    assert_eq!(shown.instagram, Some(link()));
    assert_eq!(shown.updated_at, link().linked_at);
    assert!(
        world
            .tokens_of_personas
            .refuse(&read)
            .await
            .expect("an answer")
    );
    assert!(!choose(&owner, &persona).await);
    let shown = current(&world, &owner, &persona).await;
    assert_eq!(shown.connection, Connection::ReconnectRequired);
    assert_eq!(shown.instagram, Some(link()));
    assert_eq!(
        current(&world, &owner, &bare).await.connection,
        Connection::Absent
    );
}

async fn unlinking_forgets_token_and_account(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let (persona, _) = stored(&world, &owner, 1, "v1.k.one").await;
    let linked = world.personas.link(owner.id, persona.id, &link()).await;
    assert!(linked.expect("an answer"));
    let unlink = async |owner: &User| {
        let done = world
            .personas
            .unlink(owner.id, persona.id, minutes(2))
            .await;
        done.expect("an answer")
    };
    assert!(!unlink(&other).await);
    assert!(unlink(&owner).await && unlink(&owner).await);
    let shown = current(&world, &owner, &persona).await;
    assert_eq!(
        (shown.instagram, shown.connection),
        (None, Connection::Absent)
    );
    let found = world.tokens_of_personas.find(owner.id, persona.id).await;
    assert_eq!(found.expect("a look"), None);
    let left = "personas WHERE ig_token IS NOT NULL OR ig_user_id IS NOT NULL \
                OR ig_token_renew_at IS NOT NULL OR ig_token_state IS NOT NULL";
    assert_eq!(world.count(left).await, 0);
}

async fn what_was_read_is_not_changed_once_another_took_its_place(world: Arc<World>) {
    let owner = world.user().await;
    let (persona, old) = stored(&world, &owner, 1, "v1.k.one").await;
    let tokens = &world.tokens_of_personas;
    let (newer, term) = token("v1.k.two");
    assert!(tokens.replace(&old, &newer, term).await.expect("an answer"));
    assert!(!tokens.refuse(&old).await.expect("an answer"));
    assert!(!tokens.replace(&old, &newer, term).await.expect("an answer"));
    assert!(!tokens.claim(&old, minutes(90)).await.expect("an answer"));
    let read = tokens.find(owner.id, persona.id).await.expect("a look");
    let read = read.expect("a token");
    assert_eq!((read.token.as_str(), read.refused), ("v1.k.two", false));
    // A consent given anew makes a refused token good again.
    assert!(tokens.refuse(&read).await.expect("an answer"));
    let (newest, term) = token("v1.k.three");
    let stored = tokens.store(owner.id, persona.id, &newest, term).await;
    assert!(stored.expect("an answer"));
    let shown = current(&world, &owner, &persona).await;
    assert_eq!(shown.connection, Connection::Connected);
}

async fn of_many_that_claim_a_renewal_one_does(world: Arc<World>) {
    let owner = world.user().await;
    let (_, read) = stored(&world, &owner, 1, "v1.k.one").await;
    let outcomes = race(|_| {
        let (world, read) = (world.clone(), read.clone());
        async move { world.tokens_of_personas.claim(&read, minutes(90)).await }
    });
    let outcomes = outcomes.await;
    assert_eq!(count(&outcomes, |claimed| matches!(claimed, Ok(true))), 1);
    assert_eq!(count(&outcomes, |claimed| matches!(claimed, Ok(false))), 19);
}

async fn a_refusal_is_news_once_and_only_where_it_is_committed(world: Arc<World>) {
    let owner = world.user().await;
    let (persona, read) = stored(&world, &owner, 1, "v1.k.one").await;
    let unit = world.unit().await;
    let refused = unit.instagram_tokens().refuse(&read).await;
    assert!(refused.expect("an answer"));
    drop(unit);
    let shown = current(&world, &owner, &persona).await;
    assert_eq!(shown.connection, Connection::Connected);
    let outcomes = race(|_| {
        let (world, read) = (world.clone(), read.clone());
        async move { world.tokens_of_personas.refuse(&read).await }
    });
    let outcomes = outcomes.await;
    assert_eq!(count(&outcomes, |refused| matches!(refused, Ok(true))), 1);
    assert_eq!(count(&outcomes, |refused| matches!(refused, Ok(false))), 19);
    let shown = current(&world, &owner, &persona).await;
    assert_eq!(shown.connection, Connection::ReconnectRequired);
}

async fn tokens_are_due_in_the_order_in_which_they_wait(world: Arc<World>) {
    let owner = world.user().await;
    let mut read = Vec::new();
    for at in 1..=4 {
        read.push(stored(&world, &owner, at, &format!("v1.k.{at}")).await.1);
    }
    let tokens = &world.tokens_of_personas;
    assert!(
        tokens
            .claim(&read[0], minutes(40))
            .await
            .expect("an answer")
    );
    assert!(
        tokens
            .claim(&read[1], minutes(20))
            .await
            .expect("an answer")
    );
    assert!(tokens.refuse(&read[3]).await.expect("an answer"));
    let due = async |at, limit| {
        let due = tokens.due(minutes(at), limit).await.expect("a list");
        due.iter().map(|it| it.persona).collect::<Vec<_>>()
    };
    let [first, second, third] = [0, 1, 2].map(|at: usize| read[at].persona);
    assert_eq!(due(19, 10).await, []);
    assert_eq!(due(30, 10).await, [second, third]);
    assert_eq!(due(60, 10).await, [second, third, first]);
    assert_eq!(due(60, 1).await, [second]);
}

async fn tokens_of_an_older_key_are_told_apart(world: Arc<World>) {
    let owner = world.user().await;
    let (_, old) = stored(&world, &owner, 1, "v1.aa.one").await;
    stored(&world, &owner, 2, "v1.bb.two").await;
    let (_, older) = stored(&world, &owner, 3, "v1.AA.three").await;
    world.store_persona(persona(&owner, 4)).await;
    let tokens = &world.tokens_of_personas;
    let otherwise = async |mark, after, limit| {
        let found = tokens.sealed_otherwise(mark, after, limit).await;
        found.expect("a list")
    };
    let start = 0.into();
    assert_eq!(
        otherwise("v1.bb.", start, 10).await,
        [old.clone(), older.clone()]
    );
    let first = otherwise("v1.bb.", start, 1).await;
    assert_eq!(first, std::slice::from_ref(&old));
    assert_eq!(otherwise("v1.bb.", old.persona, 10).await, [older]);
}
