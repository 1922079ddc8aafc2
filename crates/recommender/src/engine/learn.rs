//! What each event changes.

use std::sync::atomic::Ordering::Relaxed;

use super::{Engine, OF_LABEL, POPULAR};
use crate::{
    Action, Event, OutfitKey, PersonKey,
    store::{Kind, Outfit, Person, kinds},
};

/// A pair counts this much less for the outfit that was hearted first.
const BACKWARD: f32 = 0.5;
/// What a view says against an outfit's labels when the client does not report what was on the screen.
const UNCERTAIN_VIEW: f32 = 0.2;
/// What it says against a label that the person dislikes it.
const DISLIKE: f32 = 5.0;

/// What the learner needs beside the engine: room that is used again for each event.
#[derive(Debug, Default)]
pub(crate) struct Learner {
    partners: Vec<(u32, f32)>,
}

impl Engine {
    /// Learns one event. The next feed knows it. What was learned already must not be told again: see
    /// [`position`](Self::position). Events may be out of order in time.
    pub fn learn(&self, event: &Event) {
        self.learn_all([*event]);
    }

    /// Learns some events, one after the other, waiting for its turn only once.
    pub fn learn_all(&self, events: impl IntoIterator<Item = Event>) {
        let mut learner = self.learner.lock();
        for event in events {
            self.apply(&mut learner, &event);
            self.events.fetch_add(1, Relaxed);
            self.position.fetch_max(event.sequence, Relaxed);
            self.latest.fetch_max(event.at, Relaxed);
        }
    }

    fn apply(&self, learner: &mut Learner, event: &Event) {
        let Event {
            person, outfit, at, ..
        } = *event;
        match event.action {
            Action::View { on_screen } => self.count_view(
                person,
                outfit,
                if on_screen { 1.0 } else { UNCERTAIN_VIEW },
                at,
            ),
            Action::Click => self.strengthen(learner, person, outfit, kinds::CLICKED, at),
            Action::Heart => self.strengthen(learner, person, outfit, kinds::HEARTED, at),
            Action::Share => self.strengthen(learner, person, outfit, kinds::SHARED, at),
            Action::SimilarClick { base } => {
                self.strengthen(learner, person, outfit, kinds::CLICKED, at);
                self.confirm(base, outfit, at);
            }
            Action::Unheart => self.take_back(person, outfit, at),
            Action::DislikeOutfit => self.dislike_outfit(person, outfit, true),
            Action::UndislikeOutfit => self.dislike_outfit(person, outfit, false),
            Action::DislikeTag(tag) => self.dislike_label(person, Kind::Tag, tag, true, at),
            Action::UndislikeTag(tag) => self.dislike_label(person, Kind::Tag, tag, false, at),
            Action::DislikeBrand(brand) => self.dislike_label(person, Kind::Brand, brand, true, at),
            Action::UndislikeBrand(brand) => {
                self.dislike_label(person, Kind::Brand, brand, false, at)
            }
            Action::Merge { guest } => self.merge_while_learning(guest, person, at),
        }
    }

    /// Runs what may be run only on an outfit there is a place for.
    fn with_outfit(&self, key: OutfitKey, then: impl FnOnce(u32, &Outfit)) {
        if let Some(slot) = self.find_or_add(key)
            && let Some(outfit) = self.outfits.get(slot)
        {
            then(slot, outfit);
        }
    }

    /// Changes a person, who is remembered from now on if they were not.
    pub(super) fn change<T>(&self, key: PersonKey, change: impl FnOnce(&mut Person) -> T) -> T {
        change(self.persons.write(&key).entry(key).or_default())
    }

    pub(super) fn taste_labels(&self, outfit: &Outfit) -> Vec<u32> {
        let facts = outfit.facts.load();
        facts
            .as_ref()
            .map_or_else(Vec::new, |facts| facts.tastes().to_vec())
    }

    fn count_view(&self, person: PersonKey, outfit: OutfitKey, passed: f32, at: i64) {
        self.with_outfit(outfit, |_, outfit| {
            outfit.views.fetch_add(1, Relaxed);
            self.views.fetch_add(1, Relaxed);
            let labels = self.taste_labels(outfit);
            for label in labels.iter().filter_map(|&slot| self.labels.get(slot)) {
                label.views.fetch_add(1, Relaxed);
            }
            // Whoever only looks is not kept: there is nothing yet to hold the views against.
            if let Some(person) = self.persons.write(&person).get_mut(&person)
                && !person.tastes.is_empty()
            {
                person.taste(&labels, 0.0, passed, at);
            }
        });
    }

    fn strengthen(
        &self,
        learner: &mut Learner,
        person: PersonKey,
        outfit: OutfitKey,
        kind: u8,
        at: i64,
    ) {
        self.with_outfit(outfit, |slot, outfit| {
            let labels = self.taste_labels(outfit);
            learner.partners.clear();
            let (gained, hearted) = self.change(person, |person| {
                let had = person.has_hearted(slot);
                let gained = person.strengthen(slot, kind, at);
                if gained > 0.0 {
                    learner.partners.extend(person.partners(slot));
                    person.taste(&labels, gained, 0.0, at);
                }
                let hearted = kind == kinds::HEARTED && !had;
                if kind != kinds::CLICKED && (gained > 0.0 || hearted) {
                    person.version += 1;
                }
                (gained, hearted)
            });
            if gained > 0.0 {
                self.pair(slot, outfit, &learner.partners, gained, at);
            }
            if hearted {
                self.count_heart(slot, outfit, &labels, at);
            }
        });
    }

    /// Adds one heart (or what counts as some of one) to the rows of the outfit and of those hearted before it.
    fn pair(&self, slot: u32, outfit: &Outfit, partners: &[(u32, f32)], gained: f32, at: i64) {
        let stored = gained * self.stored(at);
        if let Some(mass) = self.masses.get(slot) {
            mass.add(stored);
        }
        outfit.state.fetch_add(1, Relaxed);
        for &(partner, weight) in partners {
            let Some(earlier) = self.outfits.get(partner) else {
                continue;
            };
            earlier.row.add(slot, weight * stored);
            earlier.state.fetch_add(1, Relaxed);
            outfit.row.add(partner, weight * stored * BACKWARD);
        }
    }

    /// Somebody went from one outfit to another that is listed as similar: they belong together a little more.
    fn confirm(&self, base: OutfitKey, outfit: OutfitKey, at: i64) {
        if let (Some(base), Some(slot)) = (self.slot_of(base), self.slot_of(outfit))
            && base != slot
            && let Some(base) = self.outfits.get(base)
        {
            base.row.add(slot, UNCERTAIN_VIEW * self.stored(at));
            base.state.fetch_add(1, Relaxed);
        }
    }

    fn count_heart(&self, slot: u32, outfit: &Outfit, labels: &[u32], at: i64) {
        outfit.hearts.fetch_add(1, Relaxed);
        outfit.add_trend(1.0, at);
        self.hearts.fetch_add(1, Relaxed);
        let merit = |slot| self.merit(slot, at);
        for label in labels.iter().filter_map(|&slot| self.labels.get(slot)) {
            label.hearts.fetch_add(1, Relaxed);
            label.list.add(slot, OF_LABEL, merit);
        }
        self.popular.add(slot, POPULAR, merit);
    }

    /// A heart no longer counts. What it said in rows stays until the next rebuild.
    pub(super) fn uncount_heart(&self, slot: u32) {
        let Some(outfit) = self.outfits.get(slot) else {
            return;
        };
        let less = |count: u32| Some(count.saturating_sub(1));
        // These never refuse: `less` always has an answer.
        let _ = outfit.hearts.fetch_update(Relaxed, Relaxed, less);
        let _ = self
            .hearts
            .fetch_update(Relaxed, Relaxed, |count| Some(count.saturating_sub(1)));
        for label in self
            .taste_labels(outfit)
            .into_iter()
            .filter_map(|slot| self.labels.get(slot))
        {
            let _ = label.hearts.fetch_update(Relaxed, Relaxed, less);
        }
    }

    fn take_back(&self, person: PersonKey, outfit: OutfitKey, at: i64) {
        self.with_outfit(outfit, |slot, outfit| {
            let labels = self.taste_labels(outfit);
            let was = self.change(person, |person| {
                let was = person.take_back(slot, at);
                if was {
                    person.taste(&labels, -1.0, 0.0, at);
                    person.version += 1;
                }
                was
            });
            if was {
                outfit.add_trend(-1.0, at);
                self.uncount_heart(slot);
            }
        });
    }

    fn dislike_outfit(&self, person: PersonKey, outfit: OutfitKey, dislikes: bool) {
        self.with_outfit(outfit, |slot, _| {
            self.change(person, |person| {
                person.version += 1;
                let disliked = &mut person.dislikes.get_or_insert_default().outfits;
                disliked.retain(|&other| other != slot);
                disliked.extend(dislikes.then_some(slot));
            });
        });
    }

    fn dislike_label(
        &self,
        person: PersonKey,
        kind: Kind,
        key: crate::LabelKey,
        dislikes: bool,
        at: i64,
    ) {
        let Some(slot) = self.labels.find_or_add(kind, key) else {
            return;
        };
        self.change(person, |person| {
            person.version += 1;
            let disliked = &mut person.dislikes.get_or_insert_default().labels;
            disliked.retain(|&other| other != slot);
            disliked.extend(dislikes.then_some(slot));
            person.taste(&[slot], 0.0, if dislikes { DISLIKE } else { -DISLIKE }, at);
        });
    }

    /// What one heart at this time is stored as. Where that would grow too large, everything stored is first made
    /// smaller, which happens once in three years; a feed ranked in that second may see some rows before and some after.
    pub(super) fn stored(&self, at: i64) -> f32 {
        match self.decay.stored(at) {
            Ok(stored) => stored,
            Err(factor) => {
                for (_, outfit) in self.outfits.iter() {
                    outfit.row.rescale(factor);
                }
                for (_, mass) in self.masses.iter() {
                    mass.set(mass.get() * factor);
                }
                1.0
            }
        }
    }

    /// What keeps an outfit on a short list: hearts of the last days, and being new.
    pub(super) fn merit(&self, slot: u32, now: i64) -> f64 {
        const DAY: f64 = 86_400.0 * 1e6;
        self.outfits.get(slot).map_or(-1.0, |outfit| {
            let age = (now.saturating_sub(outfit.created_at.load(Relaxed)).max(0)) as f64 / DAY;
            let shown = if outfit.is_visible() { 0.0 } else { -1e9 };
            shown + outfit.trend(now) + (-age / 3.0).exp2()
        })
    }
}
