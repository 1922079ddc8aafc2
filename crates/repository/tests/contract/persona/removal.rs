//! Personas go with all that hangs on them.

use std::sync::Arc;

use domain::persona::{InstagramTokenRepository, PersonaRepository};
use domain::user::UserRepository;
use test_database::on_every_engine;

use super::builders::{persona, token};
use crate::builders::noon;
use crate::world::World;

on_every_engine! {
    crate::world::run;
    another_owners_persona_is_not_removed,
    all_of_an_owners_personas_go_and_nobody_elses,
    personas_go_with_their_owners_account,
    a_persona_that_is_gone_is_not_saved,
}

async fn another_owners_persona_is_not_removed(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let theirs = world.store_persona(persona(&owner, 1)).await;
    let delete = world.personas.delete(other.id, theirs.id).await;
    assert!(!delete.expect("an answer"));
    assert!(
        world
            .personas
            .delete(owner.id, theirs.id)
            .await
            .expect("a removal")
    );
    assert!(
        !world
            .personas
            .delete(owner.id, theirs.id)
            .await
            .expect("an answer")
    );
}

async fn all_of_an_owners_personas_go_and_nobody_elses(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    for at in 1..=3 {
        world.store_persona(persona(&owner, at)).await;
    }
    let kept = world.store_persona(persona(&other, 1)).await;
    let unit = world.unit().await;
    let gone = unit.personas().delete_all(owner.id).await;
    assert_eq!(gone.expect("a removal"), 3);
    unit.commit().await.expect("a commit");
    assert_eq!(world.personas.list(owner.id).await.expect("a list"), []);
    assert_eq!(world.personas.list(other.id).await.expect("a list"), [kept]);
}

async fn personas_go_with_their_owners_account(world: Arc<World>) {
    let owner = world.user().await;
    let persona = world.store_persona(persona(&owner, 1)).await;
    let (sealed, term) = token("v1.k.1");
    let stored = world
        .tokens_of_personas
        .store(owner.id, persona.id, &sealed, term);
    assert!(stored.await.expect("an answer"));
    assert!(world.users.delete(owner.id).await.expect("a removal"));
    assert_eq!(world.count("personas").await, 0);
}

async fn a_persona_that_is_gone_is_not_saved(world: Arc<World>) {
    let owner = world.user().await;
    let mut persona = persona(&owner, 1);
    persona.updated_at = noon();
    assert!(!world.personas.save(&persona).await.expect("an answer"));
}
