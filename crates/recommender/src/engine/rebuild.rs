//! A new engine from the whole event log.

use std::collections::{HashMap, HashSet};

use super::Engine;
use crate::{Action, Event, OutfitFacts, OutfitKey, PersonKey};

impl Engine {
    /// Learns everything anew, which is exact: hearts that were taken back later leave nothing behind. It is to be done
    /// beside the engine in use (about 20 µs a heart), which it then replaces.
    ///
    /// Events must come in the order of their sequence numbers and are held in memory meanwhile (64 bytes each). Guests
    /// count as the members they became where the log says so ([`Action::Merge`]).
    #[must_use]
    pub fn rebuild(
        outfits: impl Iterator<Item = OutfitFacts>,
        events: impl Iterator<Item = Event>,
    ) -> Self {
        let engine = Self::new();
        outfits.for_each(|facts| engine.put_outfit(&facts));
        let events: Vec<Event> = events.collect();
        let void = taken_back(&events);
        for (place, event) in events.iter().enumerate() {
            if void.contains(&place) {
                engine.skip(event.sequence);
            } else {
                engine.learn(event);
            }
        }
        engine
    }

    fn skip(&self, sequence: u64) {
        use std::sync::atomic::Ordering::Relaxed;
        self.events.fetch_add(1, Relaxed);
        self.position.fetch_max(sequence, Relaxed);
    }
}

/// Where the hearts are that a later event of the same person took back. A share or a click of the outfit went with the heart, as
/// it does when an un-heart is learned.
fn taken_back(events: &[Event]) -> HashSet<usize> {
    let became: HashMap<PersonKey, PersonKey> = events
        .iter()
        .filter_map(|event| match event.action {
            Action::Merge { guest } => Some((guest, event.person)),
            _ => None,
        })
        .collect();
    let owner = |mut person: PersonKey| {
        // A chain of merges is short; a ring would be a fault of the log and must not hang us.
        for _ in 0..8 {
            person = became.get(&person).copied().unwrap_or(person);
        }
        person
    };
    let mut last: HashMap<(PersonKey, OutfitKey), usize> = HashMap::new();
    for (place, event) in events.iter().enumerate() {
        if event.action == Action::Unheart {
            last.insert((owner(event.person), event.outfit), place);
        }
    }
    let strengthens = |action| {
        matches!(
            action,
            Action::Heart | Action::Share | Action::Click | Action::SimilarClick { .. }
        )
    };
    let is_void = |(place, event): &(usize, &Event)| {
        strengthens(event.action)
            && last
                .get(&(owner(event.person), event.outfit))
                .is_some_and(|taken| place < taken)
    };
    events
        .iter()
        .enumerate()
        .filter(is_void)
        .map(|(place, _)| place)
        .collect()
}
