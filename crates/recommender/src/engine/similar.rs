//! Outfits that resemble another.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering::Relaxed},
};

use super::{Engine, rank::diversify};
use crate::{OutfitKey, store::SimilarList};

/// How many are kept for each outfit.
const KEPT: usize = 20;
/// From how many, by labels, they are taken, beside the whole row.
const BY_LABELS: usize = 100;
const LABELS: f32 = 0.6;
const CO_HEARTS: f32 = 0.4;
/// What counts of likeness against variety.
const RELEVANCE: f32 = 0.8;
/// Held back as in a feed, see `Parameters`.
const EXPONENT: f32 = 0.5;
const SHRINKAGE: f32 = 5.0;

impl Engine {
    /// Up to `limit` (at most 20) visible outfits most like this one: 0.6 by labels and 0.4 by who hearted both, spread
    /// over what differs among them. The list is kept until the outfit's labels or co-hearts change. Empty for an
    /// outfit that is not known.
    #[must_use]
    pub fn similar(&self, outfit: OutfitKey, limit: usize) -> Vec<OutfitKey> {
        let Some((slot, outfit)) = self
            .slot_of(outfit)
            .and_then(|slot| Some((slot, self.outfits.get(slot)?)))
        else {
            return Vec::new();
        };
        let state = outfit.state.load(Relaxed);
        let kept = outfit
            .similar
            .load_full()
            .filter(|list| list.state == state);
        let list = kept.unwrap_or_else(|| {
            let list = Arc::new(SimilarList {
                state,
                outfits: self.find_similar(slot),
            });
            outfit.similar.store(Some(Arc::clone(&list)));
            list
        });
        let visible = list
            .outfits
            .iter()
            .filter_map(|&slot| self.outfits.get(slot))
            .filter(|outfit| outfit.is_visible());
        visible
            .take(limit)
            .map(|outfit| OutfitKey(outfit.key.load(Relaxed)))
            .collect()
    }

    fn find_similar(&self, slot: u32) -> Box<[u32]> {
        let Some(outfit) = self.outfits.get(slot) else {
            return Box::default();
        };
        // How old its co-hearts are plays no part in which of them are strongest, but for the shrinkage.
        let scale = self.decay.scale(self.latest.load(Relaxed));
        let own = self.mass(slot) * scale;
        let mut scores: HashMap<u32, f32> = HashMap::new();
        let mut strongest = f32::MIN_POSITIVE;
        for (other, weight) in outfit.row.iter() {
            let theirs = self.mass(other) * scale;
            let score = weight * scale / ((own * theirs).max(0.0).powf(EXPONENT) + SHRINKAGE);
            strongest = strongest.max(score);
            scores.insert(other, score);
        }
        for score in scores.values_mut() {
            *score *= CO_HEARTS / strongest;
        }
        let facts = outfit.facts.load_full();
        let weights = facts
            .as_deref()
            .map(|facts| self.weights(facts))
            .unwrap_or_default();
        for (other, _) in self.alike(slot, BY_LABELS) {
            scores.entry(other).or_default();
        }
        let mut candidates: Vec<_> = scores
            .into_iter()
            .filter_map(|(other, co_hearts)| {
                let outfit = self
                    .outfits
                    .get(other)
                    .filter(|outfit| outfit.is_visible() && other != slot)?;
                let facts = outfit.facts.load();
                let facts = facts.as_deref()?;
                let score = co_hearts + LABELS * self.likeness(&weights, facts);
                Some((score, other))
            })
            .collect();
        candidates.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        candidates.truncate(3 * KEPT);
        let scores: Vec<_> = candidates.iter().map(|&(score, _)| score).collect();
        let facts = |place: usize| self.outfits.get(candidates[place].1)?.facts.load_full();
        diversify::order(&scores, facts, KEPT, RELEVANCE, KEPT, usize::MAX)
            .into_iter()
            .map(|place| candidates[place].1)
            .collect()
    }
}
