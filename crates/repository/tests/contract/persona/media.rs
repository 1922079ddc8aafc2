//! Whose pictures are whose.

use std::sync::Arc;

use domain::persona::{Disowned, MediaKey, MediaKind, MediaQuota, MediaRepository, Registered};
use test_database::on_every_engine;

use super::{QUOTA, new, person, with_key};
use crate::builders::minutes;
use crate::race::{count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_pictures_file_is_wanted_until_it_is_there,
    a_file_is_not_stored_for_a_picture_that_went_meanwhile,
    of_one_picture_handed_in_many_times_at_once_there_is_one,
    a_quota_holds_however_many_come_at_once,
    the_first_pictures_of_somebody_all_fit_though_they_come_at_once,
    the_same_picture_counts_once,
    a_list_is_read_page_by_page_the_latest_first,
    a_picture_is_doomed_when_its_last_owner_lets_go,
    a_guests_pictures_become_the_members,
    all_pictures_of_a_person_go,
}

async fn a_pictures_file_is_wanted_until_it_is_there(world: Arc<World>) {
    let me = person();
    let picture = new(Some(me), 1);
    for _ in 0..2 {
        assert_eq!(world.register(&picture).await, Registered::Wanted);
    }
    for _ in 0..2 {
        let noted = world.media.stored(&picture.media.key).await;
        assert!(noted.expect("it is noted"));
    }
    assert_eq!(world.register(&picture).await, Registered::Present);
    let found = world.media.find_owned(me, &picture.media.key).await;
    let found = found.expect("a look").expect("a picture");
    assert_eq!(found.media, picture.media);
    assert_eq!((found.owned_at, found.is_held), (minutes(1), false));
    let other = world.media.find_owned(person(), &picture.media.key).await;
    assert_eq!(other.expect("a look"), None);
}

async fn a_file_is_not_stored_for_a_picture_that_went_meanwhile(world: Arc<World>) {
    let picture = new(None, 1);
    let key = &picture.media.key;
    let stored = async || world.media.stored(key).await.expect("an answer");
    assert!(!stored().await);
    assert_eq!(world.register(&picture).await, Registered::Wanted);
    assert_eq!(world.doomed(120).await, std::slice::from_ref(key));
    assert!(!stored().await);
    world.media.forget(key).await.expect("it is forgotten");
    assert!(!stored().await);
    assert_eq!(world.register(&picture).await, Registered::Wanted);
    assert!(stored().await);
}

async fn of_one_picture_handed_in_many_times_at_once_there_is_one(world: Arc<World>) {
    let picture = new(None, 1);
    let owners: Vec<_> = (0..20).map(|_| person()).collect();
    let outcomes = race(|number| {
        let (world, owner) = (world.clone(), owners[number]);
        let mine = with_key(picture.media.key.clone(), Some(owner), 1);
        async move { world.register(&mine).await }
    });
    let outcomes = outcomes.await;
    assert_eq!(count(&outcomes, |o| *o == Registered::Wanted), 20);
    assert_eq!(world.count("media").await, 1);
    assert_eq!(world.count("media_owners").await, 20);
}

async fn a_quota_holds_however_many_come_at_once(world: Arc<World>) {
    let me = person();
    let outcomes = race(|_| {
        let (world, mine) = (world.clone(), new(Some(me), 1));
        async move { world.register(&mine).await }
    });
    let outcomes = outcomes.await;
    assert_eq!(count(&outcomes, |o| *o == Registered::Wanted), 3);
    assert_eq!(count(&outcomes, |o| *o == Registered::OverQuota), 17);
    assert_eq!(world.count("media").await, 3);
    let small = MediaQuota {
        files: 100,
        bytes: 35,
    };
    let refused = world.media.register(&new(Some(me), 1), small).await;
    assert_eq!(refused.expect("an answer"), Registered::OverQuota);
    let nothing = MediaQuota {
        files: 100,
        bytes: 9,
    };
    let refused = world.media.register(&new(Some(person()), 1), nothing).await;
    assert_eq!(refused.expect("an answer"), Registered::OverQuota);
}

async fn the_first_pictures_of_somebody_all_fit_though_they_come_at_once(world: Arc<World>) {
    let plenty = MediaQuota {
        files: 100,
        bytes: 1_000_000,
    };
    for _ in 0..10 {
        let me = person();
        let outcomes = race(|_| {
            let (world, mine) = (world.clone(), new(Some(me), 1));
            async move { world.media.register(&mine, plenty).await }
        });
        for outcome in outcomes.await {
            assert_eq!(outcome.expect("an answer"), Registered::Wanted);
        }
    }
}

async fn the_same_picture_counts_once(world: Arc<World>) {
    let me = person();
    let picture = new(Some(me), 1);
    race(|_| {
        let (world, picture) = (world.clone(), picture.clone());
        async move { world.register(&picture).await }
    })
    .await;
    assert_eq!(
        world
            .count("media_usage WHERE files = 1 AND bytes = 10")
            .await,
        1
    );
}

async fn a_list_is_read_page_by_page_the_latest_first(world: Arc<World>) {
    let me = person();
    let mut expected = Vec::new();
    for at in [1, 2, 2] {
        expected.push((minutes(at), world.stored(Some(me), at).await));
    }
    expected.sort();
    expected.reverse();
    let mut seen = Vec::new();
    loop {
        let after = seen.last().map(|(at, key)| (*at, key));
        let page = world.media.list(me, after, 1).await.expect("a page");
        let Some(next) = page.into_iter().next() else {
            break;
        };
        seen.push((next.owned_at, next.media.key));
    }
    assert_eq!(seen, expected);
    assert_eq!(world.keys(person()).await, []);
}

async fn a_picture_is_doomed_when_its_last_owner_lets_go(world: Arc<World>) {
    let (me, other) = (person(), person());
    let key = world.stored(Some(me), 1).await;
    world.register(&with_key(key.clone(), Some(other), 2)).await;
    let disown = async |owner| {
        let outcome = world.media.disown(owner, &key, minutes(3)).await;
        outcome.expect("an answer")
    };
    assert_eq!(disown(person()).await, Disowned::Absent);
    assert_eq!(disown(me).await, Disowned::Kept);
    assert_eq!(disown(me).await, Disowned::Absent);
    assert_eq!(disown(other).await, Disowned::Doomed);
    let again = with_key(key.clone(), Some(me), 4);
    assert_eq!(world.register(&again).await, Registered::Leaving);
    world.media.forget(&key).await.expect("it is forgotten");
    assert_eq!(world.register(&again).await, Registered::Wanted);
    // One that is not doomed is not forgotten.
    world.media.forget(&key).await.expect("nothing");
    assert_eq!(world.keys(me).await, [key]);
    assert_eq!(
        world
            .count("media_usage WHERE files = 0 AND bytes = 0")
            .await,
        1
    );
}

async fn a_guests_pictures_become_the_members(world: Arc<World>) {
    let (guest, member) = (person(), person());
    let both = world.stored(Some(guest), 1).await;
    let theirs = world.stored(Some(guest), 3).await;
    world
        .register(&with_key(both.clone(), Some(member), 2))
        .await;
    for _ in 0..2 {
        world.media.merge(guest, member).await.expect("a merge");
        assert_eq!(world.keys(member).await, [theirs.clone(), both.clone()]);
        assert_eq!(world.keys(guest).await, []);
    }
    world.media.merge(member, member).await.expect("nothing");
    assert_eq!(
        world
            .count("media_usage WHERE files = 2 AND bytes = 20")
            .await,
        1
    );
    assert_eq!(world.count("media_usage").await, 1);
    for _ in 0..2 {
        let outcome = world.media.register(&new(Some(member), 4), QUOTA).await;
        outcome.expect("an answer");
    }
    assert_eq!(world.keys(member).await.len(), 3);
}

async fn all_pictures_of_a_person_go(world: Arc<World>) {
    let (me, other) = (person(), person());
    let mine = world.stored(Some(me), 100).await;
    let both = world.stored(Some(me), 100).await;
    world
        .register(&with_key(both.clone(), Some(other), 100))
        .await;
    world.media.remove_all(me).await.expect("a removal");
    assert_eq!(world.keys(me).await, []);
    assert_eq!(world.keys(other).await, [both]);
    // What nobody else has goes at once.
    assert_eq!(world.doomed(101).await, [mine]);
    assert_eq!(world.count("media_usage").await, 1);
    let unknown = MediaKey::public(b"unknown", MediaKind::Gif);
    let absent = world.media.find_owned(other, &unknown).await;
    assert_eq!(absent.expect("a look"), None);
}
