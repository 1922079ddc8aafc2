//! Personas are their owner's, each with a number of its own.

use std::sync::Arc;

use domain::RepositoryError;
use domain::persona::{
    Persona, PersonaDraft, PersonaImage, PersonaNumber, PersonaRepository, WhichPersona,
};
use domain::user::User;
use serde_json::json;
use test_database::on_every_engine;

use super::builders::{draft, number, parameters, persona};
use crate::builders::{id, minutes, noon};
use crate::race::{count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_persona_is_found_as_it_was_stored_and_by_its_owner_only,
    the_longest_picture_and_the_most_parameters_are_kept_whole,
    a_number_is_taken_once,
    of_many_made_at_once_as_many_stay_as_are_allowed_each_with_its_own_number,
    changes_made_at_once_undo_none_of_each_other,
}

async fn a_persona_is_found_as_it_was_stored_and_by_its_owner_only(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let second = world.store_persona(persona(&owner, 2)).await;
    let first = world.store_persona(persona(&owner, 1)).await;
    let listed = world.personas.list(owner.id).await.expect("a list");
    assert_eq!(listed, [first.clone(), second.clone()]);
    assert_eq!(world.personas.list(other.id).await.expect("a list"), []);
    for which in [WhichPersona::Number(number(2)), WhichPersona::Id(second.id)] {
        let found = world.personas.find(owner.id, which).await;
        assert_eq!(found.expect("a look"), Some(second.clone()));
        let unit = world.unit().await;
        let held = unit.personas().hold(owner.id, which).await;
        assert_eq!(held.expect("a look"), Some(second.clone()));
        let held = unit.personas().hold(other.id, which).await;
        assert_eq!(held.expect("a look"), None);
        drop(unit);
        let found = world.personas.find(other.id, which).await;
        assert_eq!(found.expect("a look"), None);
    }
    let gone = WhichPersona::Number(number(3));
    let found = world.personas.find(owner.id, gone).await;
    assert_eq!(found.expect("a look"), None);
}

async fn the_longest_picture_and_the_most_parameters_are_kept_whole(world: Arc<World>) {
    let owner = world.user().await;
    let head = "data:image/png;base64,";
    let length = usize::try_from(PersonaImage::MAX_DATA).expect("a length");
    let image = format!("{head}{}", "A".repeat(length - head.len()));
    let mut large = persona(&owner, 1);
    large.draft = PersonaDraft {
        image: PersonaImage::parse(&image).expect("a picture"),
        parameters: parameters(json!({"a\u{0}": "가".repeat(5_000), "b": "👩🏽‍🍳\"\\\u{0}"})),
    };
    let large = world.store_persona(large).await;
    let found = world.personas.list(owner.id).await.expect("a list");
    assert_eq!(found, [large]);
}

async fn a_number_is_taken_once(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    world.store_persona(persona(&owner, 1)).await;
    world.store_persona(persona(&other, 1)).await;
    let again = world.personas.insert(&persona(&owner, 1)).await;
    assert!(matches!(again, Err(RepositoryError::Conflict)));
}

/// Makes a persona as the use-case does; whether there was room.
async fn make(world: &World, owner: &User) -> bool {
    loop {
        let unit = world.unit().await;
        let held = unit.users().hold(owner.id).await;
        match held {
            Err(RepositoryError::Contention) => continue,
            held => assert!(held.expect("a look").is_some()),
        }
        let others = unit.personas().list(owner.id).await.expect("a list");
        if others.len() >= 4 {
            return false;
        }
        let taken: Vec<_> = others.iter().map(|other| other.number).collect();
        let number = PersonaNumber::lowest_free(&taken).expect("a number");
        let made = Persona::new(id(), owner.id, number, draft("새"), noon());
        let made = unit.personas().insert(&made).await;
        match made {
            Err(RepositoryError::Contention) => continue,
            made => made.expect("a free number"),
        }
        unit.commit().await.expect("a commit");
        return true;
    }
}

async fn of_many_made_at_once_as_many_stay_as_are_allowed_each_with_its_own_number(
    world: Arc<World>,
) {
    let owner = world.user().await;
    let numbers = async || {
        let list = world.personas.list(owner.id).await.expect("a list");
        list.iter().map(|it| it.number.get()).collect::<Vec<_>>()
    };
    for free in [4, 2] {
        let outcomes = race(|_| {
            let (world, owner) = (world.clone(), owner.clone());
            async move { make(&world, &owner).await }
        });
        assert_eq!(count(&outcomes.await, |made| *made), free);
        assert_eq!(numbers().await, [1, 2, 3, 4]);
        // Two numbers become free, and are taken again.
        for listed in world.personas.list(owner.id).await.expect("a list") {
            if listed.number.get() % 2 == 0 {
                let gone = world.personas.delete(owner.id, listed.id).await;
                assert!(gone.expect("a removal"));
            }
        }
        assert_eq!(numbers().await, [1, 3]);
    }
}

async fn changes_made_at_once_undo_none_of_each_other(world: Arc<World>) {
    let owner = world.user().await;
    let persona = world.store_persona(persona(&owner, 1)).await;
    let outcomes = race(|runner| {
        let (world, owner) = (world.clone(), owner.clone());
        async move {
            loop {
                let unit = world.unit().await;
                let which = WhichPersona::Id(persona.id);
                let mut held = match unit.personas().hold(owner.id, which).await {
                    Err(RepositoryError::Contention) => continue,
                    held => held.expect("a look").expect("a persona"),
                };
                let change = parameters(json!({format!("runner {runner}"): runner}));
                let merged = held.draft.parameters.merged(&change);
                held.draft.parameters = merged.expect("parameters");
                held.updated_at = minutes(1);
                assert!(unit.personas().save(&held).await.expect("a change"));
                unit.commit().await.expect("a commit");
                return;
            }
        }
    });
    outcomes.await;
    let found = &world.personas.list(owner.id).await.expect("a list")[0];
    assert_eq!(found.updated_at, minutes(1));
    let told = found.draft.parameters.to_json();
    for runner in 0..20 {
        assert!(
            told.contains(&format!("\"runner {runner}\":{runner}")),
            "{told}"
        );
    }
    assert!(told.contains("스트릿"), "{told}");
}
