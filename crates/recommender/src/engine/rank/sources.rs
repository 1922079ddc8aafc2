//! Step 2: where candidates come from.

use std::sync::atomic::Ordering::Relaxed;

use rand::RngExt;
use rand_distr::{Beta, Distribution};

use super::{
    Candidate, Ranking, Turn,
    scratch::{Scratch, marks},
};
use crate::{Parameters, Policy, store::looks};

/// How many labels, the best drawn, bring their outfits.
const LABELS: usize = 10;
/// How many each brings.
const OF_LABEL: usize = 12;
/// How many the other sources bring, more where there are too few.
const POPULAR: usize = 50;
const NEWEST: usize = 30;
const RANDOM: usize = 30;
/// The prior of a taste, in looks.
const PRIOR: f32 = 5.0;

impl Ranking<'_> {
    /// Draws a taste for each label the person has one in (Thompson sampling), and answers the labels drawn best. The
    /// prior is what everybody thinks of the label, five looks of it.
    pub(super) fn draw_tastes(&mut self, scratch: &mut Scratch) -> Vec<u32> {
        let catalogue = self.engine.outfits.len() as f32;
        let overall = self.engine.rate();
        let mut drawn = Vec::new();
        for taste in &self.view.tastes {
            let Some(label) = self.engine.labels.get(taste.label) else {
                continue;
            };
            let (hearts, views) = (label.hearts.load(Relaxed), label.views.load(Relaxed));
            let rate =
                (hearts as f32 + PRIOR * overall) / (looks(hearts.into(), views.into()) + PRIOR);
            let rate = rate.clamp(0.001, 0.999);
            let beta = Beta::new(
                PRIOR * rate + taste.liked,
                PRIOR * (1.0 - rate) + taste.passed,
            );
            let draw = beta.map_or(rate, |beta| beta.sample(&mut self.rng));
            if let Some(noted) = scratch.labels.get_mut(taste.label as usize) {
                let telling = label.telling(catalogue);
                let profile = taste.liked * telling;
                noted.weight = telling * profile;
                noted.taste = draw - rate;
                scratch.profile += profile * profile;
                scratch.labelled.push(taste.label);
                drawn.push((draw, taste.label));
            }
        }
        drawn.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        drawn
            .into_iter()
            .take(LABELS)
            .map(|(_, label)| label)
            .collect()
    }

    /// Adds up what the rows of the person's outfits say: for each neighbour, the sum over the person's outfits of
    /// 0.9^age x w / ((popularity of both)^0.5 + 5), with `Parameters` in the place of the numbers.
    pub(super) fn gather_co_hearts(&self, scratch: &mut Scratch) {
        let Parameters {
            popularity_exponent,
            shrinkage,
            ..
        } = *self.plan.parameters;
        let scale = self.engine.decay.scale(self.plan.now);
        // A trace of popularity where there is none, so that a power of 0 means untouched.
        let power = |mass: f32| {
            let mass = (mass * scale).max(1e-6);
            if popularity_exponent == 0.5 {
                // The usual one, at a tenth of the cost.
                mass.sqrt()
            } else {
                mass.powf(popularity_exponent)
            }
        };
        let Scratch { cells, touched, .. } = scratch;
        for &(slot, weight) in &self.view.history {
            let Some(outfit) = self.engine.outfits.get(slot) else {
                continue;
            };
            let (own, weight) = (power(self.engine.mass(slot)), weight * scale);
            outfit.row.iter().for_each(|(neighbour, stored)| {
                let Some(cell) = cells.get_mut(neighbour as usize) else {
                    return;
                };
                if cell.power == 0.0 {
                    cell.power = power(self.engine.mass(neighbour));
                    touched.push(neighbour);
                }
                let share = weight * stored / (own * cell.power + shrinkage);
                cell.score += share;
                if share > cell.most {
                    (cell.most, cell.from) = (share, slot);
                }
            });
        }
    }

    /// The candidates whose turn is now, none twice.
    ///
    /// Each source gives a bounded number, however long it is: what stands further back in all of them would not be
    /// shown. Where the person has met the first of a list, those behind come forward.
    pub(super) fn gather(&mut self, scratch: &mut Scratch, drawn: &[u32]) -> Vec<Candidate> {
        let engine = self.engine;
        let enough = self.plan.size.max(self.plan.parameters.batch);
        let mut candidates = Vec::with_capacity(2 * enough);
        self.best_co_hearts(scratch, &mut candidates, enough);
        let mut slots = std::mem::take(&mut scratch.slots);
        for label in drawn.iter().filter_map(|&label| engine.labels.get(label)) {
            slots.clear();
            label.list.copy_into(&mut slots);
            self.take(scratch, &mut candidates, &slots, OF_LABEL);
        }
        let learned = self.plan.parameters.policy == Policy::Learned;
        slots.clear();
        engine.popular.copy_into(&mut slots);
        let missing = enough.saturating_sub(candidates.len());
        let popular = if learned {
            missing.max(POPULAR)
        } else {
            slots.len()
        };
        self.take(scratch, &mut candidates, &slots, popular);
        if learned {
            slots.clear();
            engine.newest.copy_into(&mut slots);
            // From anywhere: each is to be found out about, and one place says no more than another.
            let start = self.rng.random_range(0..slots.len().max(1));
            slots.rotate_left(start);
            let missing = enough.saturating_sub(candidates.len());
            self.take(scratch, &mut candidates, &slots, missing.max(NEWEST));
            let outfits = u32::try_from(engine.outfits.len()).unwrap_or(u32::MAX);
            slots.clear();
            if outfits > 0 {
                slots.extend((0..RANDOM).map(|_| self.rng.random_range(0..outfits)));
            }
            self.take(scratch, &mut candidates, &slots, RANDOM);
        }
        scratch.slots = slots;
        candidates
    }

    /// Makes the first of these outfits candidates whose turn is now, at most so many.
    fn take(
        &self,
        scratch: &mut Scratch,
        candidates: &mut Vec<Candidate>,
        slots: &[u32],
        most: usize,
    ) {
        let enough = candidates.len() + most;
        for &slot in slots {
            if candidates.len() >= enough {
                break;
            }
            if let Some(outfit) = self.engine.outfits.get(slot)
                && let Some(turn @ (Turn::Now | Turn::Again)) = self.turn(scratch, slot, outfit)
            {
                scratch.mark(slot, marks::PICKED);
                candidates.push(Candidate::new(slot, scratch, turn));
            }
        }
    }

    /// Makes the outfits with the best co-hearts candidates, so many if there are.
    fn best_co_hearts(
        &self,
        scratch: &mut Scratch,
        candidates: &mut Vec<Candidate>,
        enough: usize,
    ) {
        let mut keys = std::mem::take(&mut scratch.keys);
        let waiting = marks::OUT | marks::HEARTED | marks::LATELY;
        for &slot in &scratch.touched {
            if scratch.marks(slot) & waiting == 0 {
                keys.push(key(scratch.cell(slot).score, slot));
            }
        }
        let mut rest = &mut keys[..];
        let mut slots = std::mem::take(&mut scratch.slots);
        // More than once only where filters let through few.
        while candidates.len() < enough && !rest.is_empty() {
            let wanted = (enough - candidates.len()).min(rest.len());
            if wanted < rest.len() {
                rest.select_nth_unstable(wanted);
            }
            let (best, others) = rest.split_at_mut(wanted);
            slots.clear();
            slots.extend(best.iter().map(|&key| which(key)));
            self.take(scratch, candidates, &slots, wanted);
            rest = others;
        }
        scratch.slots = slots;
        keys.clear();
        scratch.keys = keys;
    }
}

/// A number by which the best score, and of equals the lowest place, comes first.
pub(super) fn key(score: f32, place: u32) -> u64 {
    // The bits of a float stand in its order once those of negative ones are turned around.
    let bits = score.to_bits();
    let ascending = bits ^ if bits >> 31 == 0 { 1 << 31 } else { u32::MAX };
    u64::from(!ascending) << 32 | u64::from(place)
}

/// The place in such a number.
pub(super) fn which(key: u64) -> u32 {
    key as u32
}

impl Candidate {
    pub(super) fn new(slot: u32, scratch: &Scratch, turn: Turn) -> Self {
        let cell = scratch.cell(slot);
        let again = turn == Turn::Again;
        Self {
            slot,
            co_hearts: cell.score,
            from: cell.from,
            score: 0.0,
            suits: 0.0,
            label: None,
            again,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_stand_in_the_order_of_scores(a in any::<f32>(), b in any::<f32>(), place in any::<u32>()) {
            prop_assert_eq!(key(a, place).cmp(&key(b, place)), b.total_cmp(&a));
            prop_assert_eq!(which(key(a, place)), place);
        }
    }
}
