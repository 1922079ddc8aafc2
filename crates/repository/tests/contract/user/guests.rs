//! Guests.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::RepositoryError;
use domain::user::{Guest, GuestIdHash, GuestRepository, PersonId};
use test_database::on_every_engine;

use crate::builders::{guest, id, minutes, noon};
use crate::race::{RUNNERS, count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_guest_is_found_by_their_secret,
    a_guest_is_gone_from_the_moment_they_expire,
    a_guest_is_prolonged_and_never_shortened,
    a_guest_is_merged_once,
    of_many_merges_at_once_one_does_it,
    a_secret_is_one_guests,
    the_expired_are_named_in_portions_and_removed,
}

impl World {
    /// Stores guests who live for an hour.
    pub(crate) async fn guests_named(&self, secrets: &[&str]) -> Vec<Guest> {
        let guests: Vec<Guest> = secrets.iter().map(|secret| guest(secret)).collect();
        for guest in &guests {
            self.guests.insert(guest).await.expect("stores a guest");
        }
        guests
    }

    async fn living_guest(&self, secret: &str, minute: i64) -> Option<Guest> {
        let hash = GuestIdHash::of(secret);
        let found = self.guests.find_living(&hash, minutes(minute)).await;
        found.expect("a look")
    }
}

async fn a_guest_is_found_by_their_secret(world: Arc<World>) {
    let stored = world.guests_named(&["one", "other"]).await;
    assert_eq!(world.living_guest("one", 0).await, Some(stored[0].clone()));
    assert_eq!(world.living_guest("One", 0).await, None);
}

async fn a_guest_is_gone_from_the_moment_they_expire(world: Arc<World>) {
    let stored = world.guests_named(&["one"]).await.remove(0);
    let last = stored.expires_at - TimeDelta::microseconds(1);
    for (now, lives) in [(last, true), (stored.expires_at, false)] {
        let found = world.guests.find_living(&stored.hash, now).await;
        assert_eq!(found.expect("a look").is_some(), lives, "{now}");
    }
}

async fn a_guest_is_prolonged_and_never_shortened(world: Arc<World>) {
    let stored = world.guests_named(&["one", "other"]).await;
    for (until, expires) in [(120, 120), (90, 120), (121, 121)] {
        let prolonged = world.guests.prolong(stored[0].id, minutes(until)).await;
        prolonged.expect("an answer");
        let found = world.living_guest("one", 0).await.expect("a guest");
        assert_eq!(found.expires_at, minutes(expires));
    }
    let other = world.living_guest("other", 0).await;
    assert_eq!(other, Some(stored[1].clone()));
    let absent = world.guests.prolong(id(), minutes(240)).await;
    absent.expect("an answer");
}

async fn a_guest_is_merged_once(world: Arc<World>) {
    let member = world.user().await.id;
    let stored = world.guests_named(&["one", "other"]).await;
    for first in [true, false] {
        let merged = world.guests.merge(stored[0].id, member, minutes(10)).await;
        assert_eq!(merged.expect("an answer"), first);
    }
    let absent = world.guests.merge(id(), member, minutes(10)).await;
    assert!(!absent.expect("an answer"));
    assert_eq!(world.living_guest("one", 0).await, None);
    assert!(world.living_guest("other", 0).await.is_some());
    // Who was merged is not prolonged.
    let prolonged = world.guests.prolong(stored[0].id, minutes(240)).await;
    prolonged.expect("an answer");
    let expired = world.guests.expired(minutes(11), 10).await;
    assert_eq!(expired.expect("a list"), [(stored[0].id, Some(member))]);
}

async fn of_many_merges_at_once_one_does_it(world: Arc<World>) {
    let member = world.user().await.id;
    let stored = world.guests_named(&["one"]).await.remove(0);
    let merged = race(|_| {
        let world = world.clone();
        async move { world.guests.merge(stored.id, member, minutes(10)).await }
    });
    let merged = merged.await;
    let first = count(&merged, |merged| matches!(merged, Ok(true)));
    let later = count(&merged, |merged| matches!(merged, Ok(false)));
    assert_eq!((first, later), (1, RUNNERS - 1));
}

async fn a_secret_is_one_guests(world: Arc<World>) {
    world.guests_named(&["one"]).await;
    let again = world.guests.insert(&guest("one")).await;
    assert!(matches!(again, Err(RepositoryError::Conflict)));
}

/// Stores guests who expire at these minutes; their ids.
async fn expiring(world: &World, ends: impl IntoIterator<Item = i64>) -> Vec<PersonId> {
    let mut ids = Vec::new();
    for end in ends {
        let secret: i64 = id();
        let guest = Guest {
            created_at: noon() - TimeDelta::days(9),
            expires_at: minutes(end),
            ..guest(&secret.to_string())
        };
        world.guests.insert(&guest).await.expect("stores a guest");
        ids.push(guest.id);
    }
    ids
}

async fn the_expired_are_named_in_portions_and_removed(world: Arc<World>) {
    let ids = expiring(&world, [-12, -11, 60, -14, -10, -13]).await;
    for expected in [vec![3, 5], vec![0, 1], vec![]] {
        let expired = world.guests.expired(minutes(-10), 2).await;
        let expired = expired.expect("a list");
        let expected: Vec<_> = expected
            .into_iter()
            .map(|n: usize| (ids[n], None))
            .collect();
        assert_eq!(expired, expected);
        for (guest, _) in expired {
            world.guests.remove(guest).await.expect("removes a guest");
        }
    }
    assert_eq!(world.count("guests").await, 2);
    world.guests.remove(id()).await.expect("an answer");
}
