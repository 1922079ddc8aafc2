//! How much alike outfits are by what is known of them: TF-IDF cosine over their labels.

use std::{collections::HashSet, sync::atomic::Ordering::Relaxed};

use super::Engine;
use crate::store::{Facts, Outfit};

/// Through how many of its most telling labels those like an outfit are looked for.
const LOOKED_THROUGH: usize = 6;
/// And how many outfits of each are looked at, the last listed.
const OF_EACH: usize = 48;

impl Engine {
    /// Cosine of two outfits' labels, each weighing as much as it tells; 0 to 1.
    pub(super) fn likeness(&self, weights: &[(u32, f32)], other: &Facts) -> f32 {
        let catalogue = self.outfits.len() as f32;
        let (mut shared, mut length) = (0.0, 0.0);
        for &slot in &other.labels {
            let telling = self
                .labels
                .get(slot)
                .map_or(0.0, |label| label.telling(catalogue));
            length += telling * telling;
            if let Some((_, weight)) = weights.iter().find(|(label, _)| *label == slot) {
                shared += telling * weight;
            }
        }
        let own: f32 = weights.iter().map(|(_, weight)| weight * weight).sum();
        if shared > 0.0 {
            shared / (own * length).sqrt()
        } else {
            0.0
        }
    }

    /// The length of an outfit's labels people have a taste in, squared. It is worked out once for each edition of all
    /// labels: thousands of rankings ask for it until any outfit changes.
    pub(super) fn length(&self, outfit: &Outfit, facts: &Facts, edition: u32) -> f32 {
        let kept = outfit.length.load(Relaxed);
        if kept >> 32 == u64::from(edition) {
            return f32::from_bits(kept as u32);
        }
        let catalogue = self.outfits.len() as f32;
        let labels = facts.tastes().iter();
        let length: f32 = labels
            .filter_map(|&slot| self.labels.get(slot))
            .map(|label| label.telling(catalogue).powi(2))
            .sum();
        outfit.length.store(
            u64::from(edition) << 32 | u64::from(length.to_bits()),
            Relaxed,
        );
        length
    }

    /// How telling each label of an outfit is, the most telling first.
    pub(super) fn weights(&self, facts: &Facts) -> Vec<(u32, f32)> {
        let catalogue = self.outfits.len() as f32;
        let mut weights: Vec<_> = facts
            .labels
            .iter()
            .filter_map(|&slot| Some((slot, self.labels.get(slot)?.telling(catalogue))))
            .filter(|&(_, weight)| weight > 0.0)
            .collect();
        weights.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        weights
    }

    /// The visible outfits most like one by their labels, the most alike first, among the best of those that share one
    /// of its most telling labels.
    pub(super) fn alike(&self, slot: u32, most: usize) -> Vec<(u32, f32)> {
        let Some(facts) = self
            .outfits
            .get(slot)
            .and_then(|outfit| outfit.facts.load_full())
        else {
            return Vec::new();
        };
        let weights = self.weights(&facts);
        let mut candidates = Vec::new();
        for &(label, _) in weights.iter().take(LOOKED_THROUGH) {
            if let Some(label) = self.labels.get(label) {
                label.list.copy_last(OF_EACH, &mut candidates);
            }
        }
        let mut met = HashSet::new();
        let mut alike: Vec<_> = candidates
            .into_iter()
            .filter(|&other| other != slot && met.insert(other))
            .filter_map(|other| {
                let outfit = self
                    .outfits
                    .get(other)
                    .filter(|outfit| outfit.is_visible())?;
                Some((
                    other,
                    self.likeness(&weights, outfit.facts.load().as_deref()?),
                ))
            })
            .filter(|&(_, likeness)| likeness > 0.0)
            .collect();
        alike.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        alike.truncate(most);
        alike
    }
}
