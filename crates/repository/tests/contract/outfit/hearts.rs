//! Giving hearts and taking them back.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::outfit::{
    Action, EventId, Heart, HeartOutcome, HeartRepository, OutfitEvent, OutfitEventRepository,
    OutfitRepository, Place,
};
use test_database::on_every_engine;

use super::builders::{event, person};
use crate::builders::{id, minutes};
use crate::race::{RUNNERS, count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_heart_is_a_state_and_is_written_down_once,
    a_heart_that_is_given_again_is_as_of_then,
    a_hidden_outfit_takes_no_hearts_and_gives_them_back,
    hearts_of_many_people_are_all_counted,
    a_heart_that_one_person_gives_many_times_at_once_counts_once,
    hearts_given_and_taken_back_at_once_are_counted_as_they_end,
    hearts_on_one_outfit_while_it_is_changed_are_kept,
    of_hearts_that_come_together_each_is_told_its_own,
    whoever_hangs_up_keeps_nobody_else_from_their_heart,
}

async fn set(world: &World, event: &OutfitEvent, wanted: bool) -> HeartOutcome {
    world.hearts.set(event, wanted).await.expect("an outcome")
}

async fn log(world: &World) -> Vec<OutfitEvent> {
    let events = world.events.after(EventId::from(0), 1_000).await;
    events.expect("events")
}

async fn a_heart_is_a_state_and_is_written_down_once(world: Arc<World>) {
    let (me, outfit) = (person(), world.outfit().await);
    let before = world.now(outfit).await;
    let given = OutfitEvent {
        place: Place {
            feed: Some(id()),
            position: Some(3),
            propensity: Some(0.1),
        },
        ..event(me, outfit, Action::Heart, minutes(1))
    };
    assert_eq!(set(&world, &given, true).await, HeartOutcome::Changed);
    let again = event(me, outfit, Action::Heart, minutes(2));
    assert_eq!(set(&world, &again, true).await, HeartOutcome::Unchanged);
    let (heart, at) = (world.collection(me).await, minutes(1));
    assert_eq!(heart, [Heart { outfit, at }], "as of the first");
    assert_eq!(log(&world).await, [given]);
    let mut now = world.now(outfit).await;
    assert_eq!(now.hearts, 1);
    now.hearts = 0;
    assert_eq!(now, before, "hearts are no change of the outfit");

    let taken = event(me, outfit, Action::Unheart, minutes(3));
    assert_eq!(set(&world, &taken, false).await, HeartOutcome::Changed);
    let again = event(me, outfit, Action::Unheart, minutes(4));
    assert_eq!(set(&world, &again, false).await, HeartOutcome::Unchanged);
    assert_eq!(world.collection(me).await, []);
    assert_eq!(log(&world).await, [given, taken]);
    assert_eq!(world.now(outfit).await.hearts, 0);
    assert_eq!(world.count("hearts WHERE is_deleted = true").await, 1);
}

async fn a_heart_that_is_given_again_is_as_of_then(world: Arc<World>) {
    let (me, outfit) = (person(), world.outfit().await);
    let steps: [(i64, bool); 3] = [(1, true), (2, false), (3, true)];
    for (at, wanted) in steps {
        let outcome = world.heart(me, outfit, wanted, minutes(at)).await;
        assert_eq!(outcome, HeartOutcome::Changed);
    }
    let at: DateTime<Utc> = minutes(3);
    assert_eq!(world.collection(me).await, [Heart { outfit, at }]);
    assert_eq!(world.count("hearts").await, 1, "one row, whatever happens");
    world.assert_counted().await;
}

async fn a_hidden_outfit_takes_no_hearts_and_gives_them_back(world: Arc<World>) {
    let (me, other, outfit) = (person(), person(), world.outfit().await);
    world.heart(me, outfit, true, minutes(1)).await;
    world.hide(outfit).await;
    for wanted in [true, false] {
        let outcome = world.heart(other, outfit, wanted, minutes(2)).await;
        assert_eq!(outcome, HeartOutcome::Absent, "it is not there for others");
    }
    for (wanted, expected) in [
        (false, HeartOutcome::Changed),
        (false, HeartOutcome::Unchanged),
        (true, HeartOutcome::Absent),
    ] {
        let outcome = world.heart(me, outfit, wanted, minutes(3)).await;
        assert_eq!(outcome, expected);
    }
    assert_eq!(world.now(outfit).await.hearts, 0);
    for wanted in [true, false] {
        let outcome = world.heart(me, id(), wanted, minutes(4)).await;
        assert_eq!(outcome, HeartOutcome::Absent);
    }
    assert_eq!(log(&world).await.len(), 2);
}

async fn hearts_of_many_people_are_all_counted(world: Arc<World>) {
    let outfit = world.outfit().await;
    let outcomes = race(|_| {
        let world = world.clone();
        async move { world.heart(person(), outfit, true, minutes(1)).await }
    });
    let changed = count(&outcomes.await, |o| *o == HeartOutcome::Changed);
    assert_eq!(changed, RUNNERS);
    let hearts = world.outfits.hearts(&[outfit]).await;
    assert_eq!(hearts.expect("counts"), [(outfit, 20)]);
    assert_eq!(world.count("outfit_events").await, 20);
    world.assert_counted().await;
}

async fn a_heart_that_one_person_gives_many_times_at_once_counts_once(world: Arc<World>) {
    let (me, outfit) = (person(), world.outfit().await);
    for (wanted, hearts) in [(true, 1), (false, 0)] {
        let outcomes = race(|_| {
            let world = world.clone();
            async move { world.heart(me, outfit, wanted, minutes(1)).await }
        });
        let changed = count(&outcomes.await, |o| *o == HeartOutcome::Changed);
        assert_eq!(changed, 1);
        assert_eq!(world.now(outfit).await.hearts, hearts);
    }
    assert_eq!(world.count("outfit_events").await, 2);
}

async fn hearts_given_and_taken_back_at_once_are_counted_as_they_end(world: Arc<World>) {
    let (people, outfits) = ([person(), person()], world.some_outfits(2).await);
    let outcomes = race(|number| {
        let world = world.clone();
        let (me, outfit) = (people[number % 2], outfits[number / 2 % 2]);
        async move {
            let mut changed = 0;
            for step in 0..5 {
                let wanted = (number / 4 + step) % 2 == 0;
                let outcome = world.heart(me, outfit, wanted, minutes(1)).await;
                changed += usize::from(outcome == HeartOutcome::Changed);
            }
            changed
        }
    });
    let changed: usize = outcomes.await.into_iter().sum();
    world.assert_counted().await;
    assert_eq!(log(&world).await.len(), changed);
}

async fn hearts_on_one_outfit_while_it_is_changed_are_kept(world: Arc<World>) {
    let outfit = world.outfit().await;
    race(|number| {
        let world = world.clone();
        async move {
            if number % 2 == 0 {
                world.heart(person(), outfit, true, minutes(1)).await;
                return;
            }
            let draft = super::builders::tagged([format!("{number}").as_str()]);
            let (drafts, ids) = ([(outfit, draft)], [id()]);
            let saved = world.outfits.save(&drafts, &ids, minutes(2)).await;
            saved.expect("an outfit");
        }
    })
    .await;
    assert_eq!(world.now(outfit).await.hearts, 10);
    assert_eq!(world.now(outfit).await.version.get(), 11);
    world.assert_counted().await;
}

async fn of_hearts_that_come_together_each_is_told_its_own(world: Arc<World>) {
    let (shown, hidden) = (world.some_outfits(3).await, world.outfit().await);
    world.hide(hidden).await;
    for step in 0..4 {
        let outcomes = race(|number| {
            let (world, shown) = (world.clone(), shown.clone());
            async move {
                // Half give what the other half takes back.
                let me = id_of(number);
                let wanted = (number + step) % 2 == 0;
                let outfit = match number % 5 {
                    3 => hidden,
                    4 => id(),
                    place => shown[place],
                };
                (
                    number,
                    wanted,
                    world.heart(me, outfit, wanted, minutes(1)).await,
                )
            }
        });
        for (number, wanted, outcome) in outcomes.await {
            let expected = match (number % 5, wanted, step) {
                (3 | 4, ..) => HeartOutcome::Absent,
                (_, false, 0) => HeartOutcome::Unchanged,
                _ => HeartOutcome::Changed,
            };
            assert_eq!(outcome, expected, "{number} in step {step}");
        }
        world.assert_counted().await;
    }
}

/// Somebody who is the same each time.
fn id_of(number: usize) -> domain::user::PersonId {
    domain::user::PersonId::from(1_000_000 + i64::try_from(number).expect("small"))
}

async fn whoever_hangs_up_keeps_nobody_else_from_their_heart(world: Arc<World>) {
    let outfit = world.outfit().await;
    let outcomes = race(|number| {
        let world = world.clone();
        async move {
            let who = person();
            let heart = world.heart(who, outfit, true, minutes(1));
            if number % 4 != 0 {
                return Some(heart.await);
            }
            // Asks once, and is gone before there is an answer.
            tokio::select! {
                biased;
                outcome = heart => Some(outcome),
                () = std::future::ready(()) => None,
            }
        }
    });
    let changed = count(&outcomes.await, |o| *o == Some(HeartOutcome::Changed));
    assert_eq!(changed, 15);
    assert!(world.now(outfit).await.hearts >= 15);
    world.assert_counted().await;
}
