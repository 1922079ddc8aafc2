//! Pictures on their way out.

use std::sync::Arc;

use domain::persona::{Holder, MediaRepository, Registered};
use domain::user::UserId;
use test_database::on_every_engine;

use super::{person, with_key};
use crate::builders::{id, minutes};
use crate::race::{count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    what_nobody_cared_for_lately_goes_with_its_owners,
    a_removal_that_was_left_unfinished_is_taken_up_again,
    of_many_who_sweep_at_once_one_gets_each_picture,
    a_picture_is_either_swept_away_or_wanted_again,
}

async fn what_nobody_cared_for_lately_goes_with_its_owners(world: Arc<World>) {
    let me = person();
    let old = world.stored(Some(me), 0).await;
    let again = world.stored(Some(me), 0).await;
    let strangers = world.stored(None, 0).await;
    world.register(&with_key(again.clone(), None, 30)).await;
    let mut doomed = world.doomed(61).await;
    doomed.sort();
    let mut expected = [old, strangers];
    expected.sort();
    assert_eq!(doomed, expected);
    assert_eq!(world.keys(me).await, [again]);
    assert_eq!(
        world
            .count("media_usage WHERE files = 1 AND bytes = 10")
            .await,
        1
    );
}

async fn a_removal_that_was_left_unfinished_is_taken_up_again(world: Arc<World>) {
    let key = world.stored(None, 0).await;
    assert_eq!(world.doomed(61).await, std::slice::from_ref(&key));
    assert_eq!(world.doomed(62).await, []);
    assert_eq!(world.doomed(72).await, std::slice::from_ref(&key));
    world.media.forget(&key).await.expect("it is forgotten");
    assert_eq!(world.doomed(200).await, []);
    assert_eq!(world.count("media").await, 0);
}

async fn of_many_who_sweep_at_once_one_gets_each_picture(world: Arc<World>) {
    for _ in 0..5 {
        world.stored(Some(person()), 0).await;
    }
    let swept = race(|_| {
        let world = world.clone();
        async move { world.doomed(61).await.len() }
    });
    assert_eq!(swept.await.into_iter().sum::<usize>(), 5);
}

async fn a_picture_is_either_swept_away_or_wanted_again(world: Arc<World>) {
    for _ in 0..5 {
        let key = world.stored(None, 0).await;
        let me: UserId = id();
        let outcomes = race(|number| {
            let (world, key) = (world.clone(), key.clone());
            async move {
                match number % 3 {
                    0 => world.doomed(61).await.contains(&key),
                    1 => {
                        let again = with_key(key, None, 61);
                        world.register(&again).await == Registered::Leaving
                    }
                    _ => {
                        let shown = world
                            .media
                            .hold(Holder::Profile(me), Some(&key), minutes(61));
                        !matches!(shown.await, Ok(true))
                    }
                }
            }
        });
        let gone = count(&outcomes.await, |gone| *gone);
        let state = format!("media WHERE media_key = '{key}' AND state = 2");
        let held = format!("media_references WHERE media_key = '{key}'");
        if world.count(&state).await == 1 {
            assert!(gone > 0);
            assert_eq!(world.count(&held).await, 0);
        } else {
            assert_eq!(gone, 0);
        }
    }
}
