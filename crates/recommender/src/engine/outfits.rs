//! Outfits come, change and are hidden.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::{Engine, NEWEST, OF_LABEL};
use crate::{
    Gender, LabelKey, OutfitFacts, OutfitKey,
    store::{Facts, Kind, Outfit},
};

/// How many outfits a new one is put beside.
const SEEDED: usize = 20;
/// What being alike counts until people confirm it, in hearts: so little that one heart outweighs it.
const SEED_WEIGHT: f32 = 0.05;

impl Engine {
    /// Inserts an outfit, changes what is known of it, or hides it (`visible: false`); what people did with it stays. A
    /// new outfit is put beside the 20 most alike, so that it can be reached before its first heart.
    pub fn put_outfit(&self, facts: &OutfitFacts) {
        let _turn = self.learner.lock();
        let Some(slot) = self.find_or_add(facts.id) else {
            return;
        };
        let Some(outfit) = self.outfits.get(slot) else {
            return;
        };
        let is_new = !outfit.is_told();
        let (described, season, style) = self.describe(facts);
        outfit.created_at.store(facts.created_at, Relaxed);
        self.latest.fetch_max(facts.created_at, Relaxed);
        let before = outfit.facts.load_full();
        let changed = before.as_deref() != Some(&described);
        if changed {
            let counted = |sign: bool, labels: &[u32]| {
                for label in labels.iter().filter_map(|&label| self.labels.get(label)) {
                    // Wrapping is out of question: what is taken off was added.
                    if sign {
                        label.outfits.fetch_add(1, Relaxed)
                    } else {
                        label.outfits.fetch_sub(1, Relaxed)
                    };
                }
            };
            counted(
                false,
                before.as_deref().map_or(&[][..], |facts| &facts.labels),
            );
            counted(true, &described.labels);
            outfit.facts.store(Some(Arc::new(described)));
            outfit.state.fetch_add(1, Relaxed);
            self.edition.fetch_add(1, Relaxed);
        }
        outfit.describe(facts.gender, season, style, facts.visible);
        if !facts.visible {
            return;
        }
        if changed || is_new {
            self.list(slot, outfit, facts.created_at);
        }
        if is_new {
            self.seed(slot, outfit, facts.created_at);
        }
    }

    /// The slot of an outfit, made if need be: an event may come before the outfit it is about. `None` past 16.7
    /// million outfits.
    pub(super) fn find_or_add(&self, key: OutfitKey) -> Option<u32> {
        if let Some(slot) = self.slot_of(key) {
            return Some(slot);
        }
        let slot = self.outfits.push()?;
        self.masses.push()?;
        self.outfits.get(slot)?.key.store(key.0, Relaxed);
        self.slots.insert(key, slot);
        self.edition.fetch_add(1, Relaxed);
        Some(slot)
    }

    fn describe(&self, facts: &OutfitFacts) -> (Facts, Option<u32>, Option<u32>) {
        let find = |kind, keys: &[LabelKey]| {
            keys.iter()
                .filter_map(|&key| self.labels.find_or_add(kind, key))
                .collect::<Vec<_>>()
        };
        let find_one =
            |kind, key: Option<LabelKey>| key.and_then(|key| self.labels.find_or_add(kind, key));
        let (season, style) = (
            find_one(Kind::Season, facts.season),
            find_one(Kind::Style, facts.style),
        );
        let gender = facts
            .gender
            .map(|gender| LabelKey(if gender == Gender::Female { 0 } else { 1 }));
        let mut labels = find(Kind::Tag, &facts.tags);
        labels.extend(find(Kind::Brand, &facts.brands));
        labels.extend(style.iter().chain(&season));
        labels.extend(find_one(Kind::Region, facts.region));
        labels.extend(find_one(Kind::Occupation, facts.occupation));
        labels.extend(find_one(Kind::Gender, gender));
        labels.extend(find_one(Kind::Reporter, facts.reporter));
        let kind = |slot: u32| self.labels.get(slot).map(|label| label.kind());
        labels.sort_unstable_by_key(|&slot| (kind(slot), slot));
        labels.dedup();
        let described = self.facts(labels, facts.age);
        (described, season, style)
    }

    fn list(&self, slot: u32, outfit: &Outfit, now: i64) {
        self.newest.add(slot, NEWEST, |slot| {
            self.outfits
                .get(slot)
                .map_or(0.0, |outfit| outfit.created_at.load(Relaxed) as f64)
        });
        for label in self.taste_labels(outfit) {
            if let Some(label) = self.labels.get(label) {
                label.list.add(slot, OF_LABEL, |slot| self.merit(slot, now));
            }
        }
    }

    /// Both ways: the new outfit leads to those like it, and they to the new one where they have room.
    fn seed(&self, slot: u32, outfit: &Outfit, at: i64) {
        let stored = SEED_WEIGHT * self.stored(at);
        for (other, likeness) in self.alike(slot, SEEDED) {
            outfit.row.suggest(other, likeness * stored);
            if let Some(other) = self.outfits.get(other) {
                other.row.suggest(slot, likeness * stored);
                other.state.fetch_add(1, Relaxed);
            }
        }
    }
}
