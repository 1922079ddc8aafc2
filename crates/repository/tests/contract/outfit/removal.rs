//! Leaving without a trace.

use std::sync::Arc;

use domain::outfit::{Action, HeartRepository, OutfitEventRepository};
use test_database::on_every_engine;

use super::builders::{event, person};
use crate::builders::minutes;
use crate::race::race;
use crate::world::World;

on_every_engine! {
    crate::world::run;
    hearts_go_with_their_counts,
    more_hearts_than_fit_in_a_batch_go,
    hearts_that_many_remove_at_once_are_counted_once,
    all_events_of_a_person_go,
}

async fn hearts_go_with_their_counts(world: Arc<World>) {
    let (me, other, outfits) = (person(), person(), world.some_outfits(3).await);
    for outfit in &outfits {
        world.heart(me, *outfit, true, minutes(1)).await;
        world.heart(other, *outfit, true, minutes(1)).await;
    }
    world.heart(me, outfits[1], false, minutes(2)).await;
    world.hide(outfits[2]).await;
    let removed = world.hearts.remove_all(me).await;
    assert_eq!(removed.expect("a number"), 2);
    let removed = world.hearts.remove_all(me).await;
    assert_eq!(removed.expect("a number"), 0);
    assert_eq!(world.count("hearts").await, 3);
    assert_eq!(world.count("outfits WHERE hearts = 1").await, 3);
    world.assert_counted().await;
}

async fn more_hearts_than_fit_in_a_batch_go(world: Arc<World>) {
    let (me, outfits) = (person(), world.some_outfits(1_001).await);
    let unit = world.unit().await;
    for outfit in &outfits {
        let event = event(me, *outfit, Action::Heart, minutes(1));
        unit.hearts().set(&event, true).await.expect("a heart");
    }
    unit.commit().await.expect("a commit");
    let unit = world.unit().await;
    let removed = unit.hearts().remove_all(me).await;
    assert_eq!(removed.expect("a number"), 1_001);
    drop(unit);
    assert_eq!(world.count("hearts").await, 1_001, "not committed");
    let removed = world.hearts.remove_all(me).await;
    assert_eq!(removed.expect("a number"), 1_001);
    assert_eq!(world.count("hearts").await, 0);
    assert_eq!(world.count("outfits WHERE hearts = 0").await, 1_001);
}

async fn hearts_that_many_remove_at_once_are_counted_once(world: Arc<World>) {
    let (me, outfits) = (person(), world.some_outfits(30).await);
    for outfit in &outfits {
        world.heart(me, *outfit, true, minutes(1)).await;
    }
    let removed = race(|_| {
        let world = world.clone();
        async move { world.hearts.remove_all(me).await.expect("a number") }
    });
    assert_eq!(removed.await.into_iter().sum::<u64>(), 30);
    assert_eq!(world.count("hearts").await, 0);
    world.assert_counted().await;
}

async fn all_events_of_a_person_go(world: Arc<World>) {
    let (me, other, outfit) = (person(), person(), world.outfit().await);
    let events: Vec<_> = (0..2_300)
        .map(|number| {
            let who = if number % 23 == 0 { other } else { me };
            event(who, outfit, Action::View, minutes(number))
        })
        .collect();
    world.events.append(&events).await.expect("events");
    let removed = world.events.remove_all(me).await;
    assert_eq!(removed.expect("a number"), 2_200);
    let removed = world.events.remove_all(me).await;
    assert_eq!(removed.expect("a number"), 0);
    assert_eq!(world.count("outfit_events").await, 100);
}
