//! Buckets by key in a table that never grows.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use parking_lot::Mutex;

use super::Limit;

/// Sets of places; a key belongs to one of them. A power of two.
const SETS: usize = 8_192;
/// Places of a set.
const PLACES: usize = 8;

/// Whom a bucket is of: the kind of thing, not 0, and its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Key {
    id: u64,
    kind: u8,
}

impl Key {
    pub(super) fn new(kind: u8, id: u64) -> Self {
        Self { id, kind }
    }
}

/// A bucket: a full one is as good as none, so that whoever asks seldom needs no place for long.
#[derive(Clone, Copy, Default)]
struct Place {
    key: Key,
    /// When it is full again, in microseconds since 1970.
    full_at: u64,
    /// Requests since somebody asked for this number.
    spent: u32,
}

/// A request that was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// The time after which the bucket is full.
    pub(super) owed: Duration,
    /// Requests since the others were told, this one too.
    pub(super) spent: u32,
}

/// 65,536 buckets in 1.6 MB, whatever comes. Where a set is full, whoever owes least is forgotten:
/// a flood of addresses pushes out those who have next to nothing to be forgotten.
pub(super) struct Table {
    sets: Box<[Mutex<[Place; PLACES]>]>,
    hasher: RandomState,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            sets: (0..SETS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
        }
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

impl Table {
    /// Takes one from a bucket at `now`, in microseconds since 1970; the time until there is one
    /// where there is none.
    pub(super) fn take(&self, key: Key, limit: Limit, now: u64) -> Result<Taken, Duration> {
        let (window, refill) = (micros(limit.window()), micros(limit.refill));
        self.with(key, now, |place| {
            let owed = place.full_at.saturating_sub(now);
            // More than all can be owed only where the clock stepped back: that begins anew.
            let before = if owed > window { 0 } else { owed };
            let owed = before + refill;
            if owed > window {
                return Err(Duration::from_micros(owed - window));
            }
            place.full_at = now + owed;
            place.spent = place.spent.saturating_add(1);
            Ok(Taken {
                owed: Duration::from_micros(owed),
                spent: place.spent,
            })
        })
    }

    /// How much was spent since this was asked last.
    pub(super) fn spent(&self, key: Key, now: u64) -> u32 {
        self.with(key, now, |place| std::mem::take(&mut place.spent))
    }

    /// Learns that a bucket is full only after so long, with what was spent meanwhile on top.
    pub(super) fn owe(&self, key: Key, limit: Limit, owed: Duration, now: u64) {
        self.with(key, now, |place| {
            let meanwhile = u64::from(place.spent) * micros(limit.refill);
            // No more than all, or it would be taken for a clock that stepped back.
            let owed = (micros(owed) + meanwhile).min(micros(limit.window()));
            place.full_at = place.full_at.max(now + owed);
        });
    }

    fn with<T>(&self, key: Key, now: u64, work: impl FnOnce(&mut Place) -> T) -> T {
        // SETS is a power of two.
        let set = self.hasher.hash_one(key) as usize & (SETS - 1);
        let mut places = self.sets[set].lock();
        let known = places.iter().position(|place| place.key == key);
        let at = known.unwrap_or_else(|| {
            let owed = |place: &Place| place.full_at.saturating_sub(now);
            let least = (0..PLACES).min_by_key(|at| owed(&places[*at]));
            let at = least.unwrap_or_default();
            places[at] = Place {
                key,
                ..Place::default()
            };
            at
        });
        work(&mut places[at])
    }

    /// How many places are taken by a bucket that is not full.
    #[cfg(test)]
    pub(super) fn owing(&self, now: u64) -> usize {
        let sets = self.sets.iter();
        sets.map(|set| set.lock().iter().filter(|one| one.full_at > now).count())
            .sum()
    }

    /// How many places there are.
    #[cfg(test)]
    pub(super) fn places() -> usize {
        SETS * PLACES
    }
}
