//! A guest who turns out to be a member.

use std::sync::Arc;

use domain::outfit::{Heart, HeartRepository, OutfitId};
use domain::user::{GuestRepository, PersonId, UserId};
use test_database::on_every_engine;

use super::builders::{draft, person};
use crate::builders::{guest, minutes};
use crate::race::{RUNNERS, count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    of_two_hearts_the_later_word_counts,
    hearts_are_merged_once,
    a_merge_into_oneself_changes_nothing,
    more_hearts_than_fit_in_a_batch_are_merged,
    two_merges_of_one_guest_at_once_give_each_heart_once,
    merges_and_hearts_at_once_are_counted,
    of_many_logins_with_one_guest_one_merges,
}

impl World {
    async fn merge(&self, guest: PersonId, member: PersonId) -> u64 {
        let merged = self.hearts.merge(guest, member).await;
        merged.expect("a merge")
    }
}

/// What somebody did with an outfit, in minutes: the heart and perhaps taking it back.
type Deeds = &'static [i64];

/// Gives and takes back in turn.
async fn does(world: &World, who: PersonId, outfit: OutfitId, deeds: Deeds) {
    for (at, wanted) in deeds.iter().zip([true, false, true]) {
        world.heart(who, outfit, wanted, minutes(*at)).await;
    }
}

async fn of_two_hearts_the_later_word_counts(world: Arc<World>) {
    // The guest's deeds, the member's, since when the member hearts it afterwards, and whether
    // they did not before.
    let cases: [(Deeds, Deeds, Option<i64>, bool); 13] = [
        (&[5], &[], Some(5), true),
        (&[5, 6], &[], None, false),
        (&[], &[5], Some(5), false),
        (&[], &[5, 6], None, false),
        (&[5], &[7], Some(5), false),
        (&[7], &[5], Some(5), false),
        (&[5], &[4, 6], None, false),
        (&[5], &[3, 4], Some(5), true),
        (&[5], &[4, 5], None, false),
        (&[4, 5], &[6], Some(6), false),
        (&[4, 6], &[5], None, false),
        (&[4, 6], &[3, 5], None, false),
        (&[1, 2, 6], &[3, 5], Some(6), true),
    ];
    let (guest, member) = (person(), person());
    let outfits = world.some_outfits(cases.len()).await;
    for (outfit, (theirs, own, ..)) in outfits.iter().zip(cases) {
        does(&world, guest, *outfit, theirs).await;
        does(&world, member, *outfit, own).await;
        // Somebody else's is left alone.
        world.heart(person(), *outfit, true, minutes(1)).await;
    }
    world.hide(outfits[0]).await;
    let events = world.count("outfit_events").await;

    let gained = cases.iter().filter(|(.., gained)| *gained).count();
    assert_eq!(world.merge(guest, member).await, gained as u64);
    let hearts = world.hearts.outfits(member).await.expect("outfits");
    let collection = world.collection(member).await;
    for (outfit, case) in outfits.iter().zip(cases).skip(1) {
        let heart = collection.iter().find(|heart| heart.outfit == *outfit);
        assert_eq!(heart.map(|h| h.at), case.2.map(minutes), "{case:?}");
        let count = world.now(*outfit).await.hearts;
        assert_eq!(count, 1 + i64::from(case.2.is_some()), "{case:?}");
    }
    assert!(hearts.contains(&outfits[0]), "hidden ones too");
    let theirs = format!("hearts WHERE person_id = {guest}");
    assert_eq!(world.count(&theirs).await, 0);
    assert_eq!(world.count("outfit_events").await, events);
    world.assert_counted().await;
}

async fn hearts_are_merged_once(world: Arc<World>) {
    let (guest, member, outfit) = (person(), person(), world.outfit().await);
    world.heart(guest, outfit, true, minutes(1)).await;
    assert_eq!(world.merge(guest, member).await, 1);
    assert_eq!(world.merge(guest, member).await, 0);
    // What was taken back since is not resurrected by merging again.
    world.heart(member, outfit, false, minutes(2)).await;
    assert_eq!(world.merge(guest, member).await, 0);
    assert_eq!(world.collection(member).await, []);
    world.assert_counted().await;
}

async fn a_merge_into_oneself_changes_nothing(world: Arc<World>) {
    let (me, outfit) = (person(), world.outfit().await);
    world.heart(me, outfit, true, minutes(1)).await;
    assert_eq!(world.merge(me, me).await, 0);
    let at = minutes(1);
    assert_eq!(world.collection(me).await, [Heart { outfit, at }]);
    world.assert_counted().await;
}

async fn more_hearts_than_fit_in_a_batch_are_merged(world: Arc<World>) {
    let (guest, member) = (person(), person());
    let outfits = world.save(&vec![draft(); 1_203]).await;
    let unit = world.unit().await;
    for (number, outfit) in outfits.iter().enumerate() {
        let people: &[PersonId] = if number % 3 == 0 {
            &[guest, member]
        } else {
            &[guest]
        };
        for who in people {
            let action = domain::outfit::Action::Heart;
            let event = super::builders::event(*who, outfit.id, action, minutes(1));
            unit.hearts().set(&event, true).await.expect("a heart");
        }
    }
    unit.commit().await.expect("a commit");
    assert_eq!(world.merge(guest, member).await, 802);
    assert_eq!(world.count("hearts").await, 1_203);
    assert_eq!(
        world.hearts.outfits(member).await.expect("all").len(),
        1_203
    );
    assert_eq!(world.count("outfits WHERE hearts = 1").await, 1_203);
}

async fn two_merges_of_one_guest_at_once_give_each_heart_once(world: Arc<World>) {
    let (guest, member, outfits) = (person(), person(), world.some_outfits(30).await);
    for outfit in &outfits {
        world.heart(guest, *outfit, true, minutes(1)).await;
    }
    let gained = race(|_| {
        let world = world.clone();
        async move { world.merge(guest, member).await }
    });
    assert_eq!(gained.await.into_iter().sum::<u64>(), 30);
    assert_eq!(world.collection(member).await.len(), 30);
    assert_eq!(world.count("hearts").await, 30);
    world.assert_counted().await;
}

async fn merges_and_hearts_at_once_are_counted(world: Arc<World>) {
    let (member, outfits) = (person(), world.some_outfits(5).await);
    let guests: Vec<PersonId> = (0..RUNNERS).map(|_| person()).collect();
    for guest in &guests {
        for outfit in &outfits {
            world.heart(*guest, *outfit, true, minutes(1)).await;
        }
    }
    race(|number| {
        let (world, outfits) = (world.clone(), outfits.clone());
        let guest = guests[number];
        async move {
            for (step, outfit) in outfits.iter().rev().enumerate() {
                let wanted = (number + step) % 2 == 0;
                world.heart(guest, *outfit, wanted, minutes(2)).await;
            }
            world.merge(guest, member).await;
            world
                .heart(member, outfits[number % 5], false, minutes(3))
                .await;
        }
    })
    .await;
    world.assert_counted().await;
    assert_eq!(world.count("hearts").await, 5, "the member's");
}

async fn of_many_logins_with_one_guest_one_merges(world: Arc<World>) {
    let member: UserId = world.user().await.id;
    let stored = guest("a secret");
    world.guests.insert(&stored).await.expect("a guest");
    let outfit = world.outfit().await;
    world.heart(stored.id, outfit, true, minutes(1)).await;
    let merged = race(|_| {
        let world = world.clone();
        async move {
            loop {
                let unit = world.unit().await;
                let done: Result<_, domain::RepositoryError> = async {
                    let first = unit.guests().merge(stored.id, member, minutes(9)).await?;
                    if first {
                        unit.hearts().merge(stored.id, member.into()).await?;
                    }
                    unit.commit().await?;
                    Ok(first)
                }
                .await;
                match done {
                    Err(domain::RepositoryError::Contention) => {}
                    done => return done.expect("a login"),
                }
            }
        }
    });
    assert_eq!(count(&merged.await, |first| *first), 1);
    let at = minutes(1);
    let collection = world.collection(member.into()).await;
    assert_eq!(collection, [Heart { outfit, at }]);
    world.assert_counted().await;
}
