//! What people want to see no more of.

use std::sync::Arc;

use domain::outfit::{Dislike, DislikeRepository, Disliked};
use domain::user::PersonId;
use test_database::on_every_engine;

use super::builders::person;
use crate::builders::{id, minutes};
use crate::race::{count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_dislike_is_said_once_and_taken_back_once,
    dislikes_are_listed_the_newest_first,
    everybodys_dislikes_are_read_page_by_page,
    a_guests_dislikes_become_the_members,
    of_one_dislike_said_many_times_at_once_one_is_new,
    all_dislikes_of_a_person_go,
}

impl World {
    async fn dislike(&self, who: PersonId, what: Disliked, at: i64) -> bool {
        let at = minutes(at);
        let new = self.dislikes.add(who, Dislike { what, at }).await;
        new.expect("an answer")
    }

    async fn disliked(&self, who: PersonId) -> Vec<(Disliked, i64)> {
        let list = self.dislikes.list(who).await.expect("a list");
        let list = list.into_iter();
        list.map(|d| (d.what, (d.at - minutes(0)).num_minutes()))
            .collect()
    }
}

fn outfit() -> Disliked {
    Disliked::Outfit(id())
}

fn label() -> Disliked {
    Disliked::Label(id())
}

async fn a_dislike_is_said_once_and_taken_back_once(world: Arc<World>) {
    let (me, other, what) = (person(), person(), outfit());
    assert!(world.dislike(me, what, 1).await);
    assert!(!world.dislike(me, what, 2).await);
    assert!(world.dislike(other, what, 3).await);
    assert_eq!(world.disliked(me).await, [(what, 1)]);
    for there in [true, false] {
        let removed = world.dislikes.remove(me, what).await;
        assert_eq!(removed.expect("an answer"), there);
    }
    assert_eq!(world.disliked(me).await, []);
    assert_eq!(world.disliked(other).await, [(what, 3)]);
    assert!(world.dislike(me, what, 4).await);
}

async fn dislikes_are_listed_the_newest_first(world: Arc<World>) {
    let (me, same) = (person(), id());
    let whats = [
        (Disliked::Outfit(same), 2),
        (
            Disliked::Label(domain::outfit::OutfitId::get(same).into()),
            3,
        ),
        (outfit(), 1),
    ];
    for (what, at) in whats {
        world.dislike(me, what, at).await;
    }
    let expected = [whats[1], whats[0], whats[2]];
    assert_eq!(world.disliked(me).await, expected);
}

async fn everybodys_dislikes_are_read_page_by_page(world: Arc<World>) {
    let mut expected = Vec::new();
    let people = [person(), person(), person()];
    for who in people {
        for what in [label(), outfit(), label(), outfit()] {
            world.dislike(who, what, 1).await;
            expected.push((who, what));
        }
    }
    expected.sort();
    for limit in [1, 3, 4, 100] {
        let mut seen = Vec::new();
        loop {
            let after = seen.last().copied();
            let page = world.dislikes.after(after, limit).await.expect("a page");
            let full = page.len() as u64 == limit;
            seen.extend(page.into_iter().map(|(who, dislike)| (who, dislike.what)));
            if !full {
                break;
            }
        }
        assert_eq!(seen, expected, "{limit} at a time");
    }
}

async fn a_guests_dislikes_become_the_members(world: Arc<World>) {
    let (guest, member, other) = (person(), person(), person());
    let (both, theirs) = (outfit(), label());
    world.dislike(guest, both, 1).await;
    world.dislike(guest, theirs, 2).await;
    world.dislike(member, both, 3).await;
    world.dislike(other, both, 4).await;
    for _ in 0..2 {
        let merged = world.dislikes.merge(guest, member).await;
        merged.expect("a merge");
        assert_eq!(world.disliked(member).await, [(both, 3), (theirs, 2)]);
        assert_eq!(world.disliked(guest).await, []);
    }
    world.dislikes.merge(member, member).await.expect("nothing");
    assert_eq!(world.disliked(member).await.len(), 2);
    assert_eq!(world.disliked(other).await, [(both, 4)]);
}

async fn of_one_dislike_said_many_times_at_once_one_is_new(world: Arc<World>) {
    let (me, what) = (person(), label());
    let new = race(|_| {
        let world = world.clone();
        async move { world.dislike(me, what, 1).await }
    });
    assert_eq!(count(&new.await, |new| *new), 1);
}

async fn all_dislikes_of_a_person_go(world: Arc<World>) {
    let (me, other) = (person(), person());
    for who in [me, other, me] {
        world.dislike(who, outfit(), 1).await;
    }
    world.dislikes.remove_all(me).await.expect("a removal");
    assert_eq!(world.disliked(me).await, []);
    assert_eq!(world.disliked(other).await.len(), 1);
}
