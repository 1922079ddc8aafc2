//! The engine: what it holds, and what may be asked of it.

mod learn;
mod likeness;
mod merge;
mod outfits;
pub(crate) mod rank;
mod rebuild;
mod similar;
mod snapshot;

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering::Relaxed};

use parking_lot::Mutex;

pub use snapshot::SnapshotError;

use crate::{
    Filter, OutfitKey, PersonKey, Statistics,
    store::{
        AtomicF32, Decay, KeyMap, Kind, Labels, Outfit, Persons, Seen, Shortlist, Slab, looks,
    },
};

/// How many outfits the lists of the newest and of the popular hold at most: twice these.
pub(crate) const NEWEST: usize = 250;
pub(crate) const POPULAR: usize = 250;
/// The same for each label.
pub(crate) const OF_LABEL: usize = 100;

/// Tells engines of one process apart, so that a feed session notices that it was given another.
static INSTANCES: AtomicU64 = AtomicU64::new(0);

/// Ranks outfits for people.
///
/// It is shared between threads: every method takes `&self`. Whatever changes outfits or co-hearts waits for its turn
/// (one learner at a time); reading takes no lock that the learner holds for longer than it takes to change one person
/// or one short list, and co-hearts are read without any lock. The caller owns the truth (its event log), the clock and
/// all I/O; see [`write_snapshot`](Self::write_snapshot) and [`rebuild`](Self::rebuild) for starting again.
#[derive(Debug)]
pub struct Engine {
    instance: u64,
    outfits: Slab<Outfit>,
    /// Hearts (shares, clicks) of each outfit as its row counts them: stored by forward decay. Apart from the outfits,
    /// because each ranking asks for those of thousands.
    masses: Slab<AtomicF32>,
    slots: KeyMap<OutfitKey, u32>,
    labels: Labels,
    persons: Persons,
    decay: Decay,
    newest: Shortlist,
    popular: Shortlist,
    /// Changes with the labels of any outfit: from 1, so that what was worked out for 0 was not.
    edition: AtomicU32,
    hearts: AtomicU64,
    views: AtomicU64,
    events: AtomicU64,
    position: AtomicU64,
    /// When the last thing learned happened.
    latest: AtomicI64,
    learner: Mutex<learn::Learner>,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            instance: INSTANCES.fetch_add(1, Relaxed),
            outfits: Slab::default(),
            masses: Slab::default(),
            slots: KeyMap::default(),
            labels: Labels::default(),
            persons: Persons::default(),
            decay: Decay::default(),
            newest: Shortlist::default(),
            popular: Shortlist::default(),
            edition: AtomicU32::new(1),
            hearts: AtomicU64::default(),
            views: AtomicU64::default(),
            events: AtomicU64::default(),
            position: AtomicU64::default(),
            latest: AtomicI64::default(),
            learner: Mutex::default(),
        }
    }

    /// The greatest sequence number learned: where to go on in the event log after reading a snapshot.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position.load(Relaxed)
    }

    /// Forgets everything kept of a person. What their hearts said of outfits stays until the next rebuild without
    /// their events.
    pub fn forget(&self, person: PersonKey) {
        let _turn = self.learner.lock();
        let Some(forgotten) = self.persons.write(&person).remove(&person) else {
            return;
        };
        for mark in forgotten.marks.iter().filter(|mark| mark.is_hearted()) {
            self.uncount_heart(mark.outfit);
        }
    }

    /// Remembers what a person was shown, so that it is left out of their feeds for seven days. It does not wait for
    /// the learner. `now` is in microseconds since 1970.
    pub fn mark_seen(&self, person: PersonKey, outfits: &[OutfitKey], now: i64) {
        if outfits.is_empty() {
            return;
        }
        let slots: Vec<_> = outfits
            .iter()
            .filter_map(|&outfit| self.slot_of(outfit))
            .collect();
        let mut shard = self.persons.write(&person);
        let seen = shard
            .entry(person)
            .or_default()
            .seen
            .get_or_insert_with(|| Box::new(Seen::starting(now)));
        slots.into_iter().for_each(|slot| seen.mark(slot, now));
    }

    /// Forgets what was seen too long ago to matter, and people of whom nothing else is known. To be called about each
    /// minute; nothing depends on it but memory. `now` is in microseconds since 1970.
    pub fn tidy(&self, now: i64) {
        for shard in self.persons.shards() {
            shard.write().retain(|_, person| {
                if person.seen.as_ref().is_some_and(|seen| seen.is_stale(now)) {
                    person.seen = None;
                }
                person.seen.is_some()
                    || person.dislikes.is_some()
                    || !person.marks.is_empty()
                    || !person.tastes.is_empty()
            });
        }
    }

    /// Some figures. Adding up the bytes goes through everything: ask for them now and then, not with each request.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        let outfits: usize = self
            .outfits
            .iter()
            .map(|(_, outfit)| outfit.bytes() + 24)
            .sum();
        let persons: usize = self
            .persons
            .shards()
            .map(|shard| {
                shard
                    .read()
                    .values()
                    .map(|person| person.bytes() + 16)
                    .sum::<usize>()
            })
            .sum();
        Statistics {
            outfits: self
                .outfits
                .iter()
                .filter(|(_, outfit)| outfit.is_told())
                .count(),
            persons: self.persons.len(),
            hearts: self.hearts.load(Relaxed),
            events: self.events.load(Relaxed),
            bytes: outfits + persons + self.labels.bytes(),
        }
    }

    /// What an outfit's row counts of hearts, as stored; 0 for one that is not known.
    pub(crate) fn mass(&self, slot: u32) -> f32 {
        self.masses.get(slot).map_or(0.0, AtomicF32::get)
    }

    pub(crate) fn instance(&self) -> u64 {
        self.instance
    }

    pub(crate) fn slot_of(&self, outfit: OutfitKey) -> Option<u32> {
        self.slots.get(&outfit)
    }

    /// A number that changes when the person's feed has to be ranked anew.
    pub(crate) fn tastes_of(&self, person: PersonKey) -> u64 {
        self.persons
            .read(&person)
            .get(&person)
            .map_or(0, |person| person.version)
    }

    /// Whether an outfit may still be shown to a person.
    pub(crate) fn may_show(&self, person: PersonKey, outfit: OutfitKey, filter: Filter) -> bool {
        let Some((slot, outfit)) = self
            .slot_of(outfit)
            .and_then(|slot| Some((slot, self.outfits.get(slot)?)))
        else {
            return false;
        };
        let shard = self.persons.read(&person);
        let dislikes = shard
            .get(&person)
            .and_then(|person| person.dislikes.as_deref());
        self.compile(filter).is_some_and(|gate| gate.admits(outfit))
            && dislikes.is_none_or(|dislikes| {
                !dislikes.outfits.contains(&slot) && !Self::has_label(outfit, &dislikes.labels)
            })
    }

    pub(crate) fn has_label(outfit: &Outfit, labels: &[u32]) -> bool {
        !labels.is_empty()
            && outfit
                .facts
                .load()
                .as_ref()
                .is_some_and(|facts| facts.labels.iter().any(|label| labels.contains(label)))
    }

    /// The filter in slots; `None` when it names a value that no outfit has.
    pub(crate) fn compile(&self, filter: Filter) -> Option<rank::Gate> {
        let find = |kind, key: Option<_>| {
            key.map_or(Some(None), |key| self.labels.find(kind, key).map(Some))
        };
        Some(rank::Gate {
            gender: filter.gender,
            season: find(Kind::Season, filter.season)?,
            style: find(Kind::Style, filter.style)?,
        })
    }

    /// Hearts for each look of the whole catalogue: the mean of every prior.
    pub(crate) fn rate(&self) -> f32 {
        let (hearts, views) = (self.hearts.load(Relaxed), self.views.load(Relaxed));
        (hearts as f32 + 1.0) / (looks(hearts, views) + 6.0)
    }
}
