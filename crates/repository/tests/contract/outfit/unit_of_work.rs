//! What people do with outfits, in units of work.

use std::sync::Arc;

use domain::RepositoryError;
use domain::outfit::{Action, Dislike, Disliked, HeartOutcome};
use test_database::on_every_engine;

use super::builders::{event, person};
use crate::builders::{guest, minutes, noon};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_unit_that_is_dropped_leaves_no_hearts,
    a_merge_is_wholly_done_when_it_is_committed,
    a_unit_that_met_a_conflict_cannot_half_commit,
}

async fn a_unit_that_is_dropped_leaves_no_hearts(world: Arc<World>) {
    let (me, outfits) = (person(), world.some_outfits(2).await);
    world.heart(me, outfits[0], true, minutes(1)).await;
    let events = world.count("outfit_events").await;
    let what = Disliked::Outfit(outfits[1]);

    let unit = world.unit().await;
    unit.guests()
        .insert(&guest("secret"))
        .await
        .expect("a guest");
    let given = event(me, outfits[1], Action::Heart, minutes(2));
    let given = unit.hearts().set(&given, true).await;
    assert_eq!(given.expect("a heart"), HeartOutcome::Changed);
    let taken = event(me, outfits[0], Action::Unheart, minutes(2));
    let taken = unit.hearts().set(&taken, false).await;
    assert_eq!(taken.expect("a heart"), HeartOutcome::Changed);
    unit.hearts().merge(me, person()).await.expect("a merge");
    let dislike = Dislike { what, at: noon() };
    unit.dislikes().add(me, dislike).await.expect("a dislike");
    let view = event(me, outfits[0], Action::View, minutes(2));
    unit.outfit_events().append(&[view]).await.expect("a view");
    drop(unit);

    // On SQLite a unit that begins waits until the one before has really ended.
    drop(world.unit().await);
    assert_eq!(world.count("guests").await, 0);
    assert_eq!(world.count("dislikes").await, 0);
    assert_eq!(world.count("outfit_events").await, events);
    let collection = world.collection(me).await;
    assert_eq!(collection.len(), 1);
    assert_eq!(collection[0].outfit, outfits[0]);
    assert_eq!(world.now(outfits[1]).await.hearts, 0);
    world.assert_counted().await;
}

async fn a_merge_is_wholly_done_when_it_is_committed(world: Arc<World>) {
    let member = world.user().await;
    let (who, outfit) = (guest("secret"), world.outfit().await);
    world.heart(who.id, outfit, true, minutes(1)).await;
    let me = member.id.into();

    let unit = world.unit().await;
    unit.guests().insert(&who).await.expect("a guest");
    let merged = unit.guests().merge(who.id, member.id, minutes(9)).await;
    assert!(merged.expect("an answer"));
    let gained = unit.hearts().merge(who.id, me).await;
    assert_eq!(gained.expect("a number"), 1);
    let moved = unit.outfit_events().reassign(who.id, me).await;
    assert_eq!(moved.expect("a number"), 1);
    unit.dislikes().merge(who.id, me).await.expect("a merge");
    assert_eq!(world.collection(me).await, [], "not committed");
    unit.commit().await.expect("a commit");

    assert_eq!(world.collection(me).await.len(), 1);
    assert_eq!(world.collection(who.id).await, []);
    world.assert_counted().await;
}

async fn a_unit_that_met_a_conflict_cannot_half_commit(world: Arc<World>) {
    let (me, outfit) = (person(), world.outfit().await);
    world.guests_named(&["secret"]).await;
    let unit = world.unit().await;
    let given = event(me, outfit, Action::Heart, minutes(1));
    unit.hearts().set(&given, true).await.expect("a heart");
    let refused = unit.guests().insert(&guest("secret")).await;
    assert!(matches!(refused, Err(RepositoryError::Conflict)));
    drop(unit);
    drop(world.unit().await);
    assert_eq!(world.collection(me).await, []);
    world.assert_counted().await;
}
