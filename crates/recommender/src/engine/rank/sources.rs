//! Step 2: where candidates come from.

use std::sync::atomic::Ordering::Relaxed;

use rand::RngExt;
use rand_distr::{Beta, Distribution};

use super::{Candidate, Ranking, Turn, scratch::Scratch};
use crate::store::looks;

/// How many of the best co-hearts are looked at beside those a batch needs.
const SPARE: usize = 700;
/// How many labels, the best drawn, bring their outfits.
const LABELS: usize = 10;
const RANDOM: usize = 50;
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
                noted.profile = taste.liked * label.telling(catalogue);
                noted.taste = draw - rate;
                scratch.labelled.push(taste.label);
                scratch.profile.push(taste.label);
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
        let parameters = self.plan.parameters;
        let scale = self.engine.decay.scale(self.plan.now);
        // A trace of popularity where there is none, so that a power of 0 means untouched.
        let power = |mass: f32| {
            (mass * scale)
                .max(1e-6)
                .powf(parameters.popularity_exponent)
        };
        for &(slot, weight) in &self.view.history {
            let Some(outfit) = self.engine.outfits.get(slot) else {
                continue;
            };
            let (own, weight) = (power(outfit.mass.get()), weight * scale);
            for (neighbour, stored) in outfit.row.iter() {
                let Some(cell) = scratch.cells.get_mut(neighbour as usize) else {
                    continue;
                };
                if cell.power == 0.0 {
                    cell.power = power(
                        self.engine
                            .outfits
                            .get(neighbour)
                            .map_or(0.0, |outfit| outfit.mass.get()),
                    );
                    scratch.touched.push(neighbour);
                }
                let share = weight * stored / (own * cell.power + parameters.shrinkage);
                cell.score += share;
                if share > cell.most {
                    (cell.most, cell.from) = (share, slot);
                }
            }
        }
    }

    /// The candidates whose turn is now, none twice.
    pub(super) fn gather(&mut self, scratch: &mut Scratch, drawn: &[u32]) -> Vec<Candidate> {
        let mut slots = std::mem::take(&mut scratch.slots);
        self.best_co_hearts(scratch, &mut slots);
        for label in drawn
            .iter()
            .filter_map(|&label| self.engine.labels.get(label))
        {
            label.list.copy_into(&mut slots);
        }
        self.engine.popular.copy_into(&mut slots);
        if self.plan.parameters.policy == crate::Policy::Learned {
            self.engine.newest.copy_into(&mut slots);
            let outfits = u32::try_from(self.engine.outfits.len()).unwrap_or(u32::MAX);
            if outfits > 0 {
                slots.extend((0..RANDOM).map(|_| self.rng.random_range(0..outfits)));
            }
        }
        let mut candidates = Vec::with_capacity(slots.len());
        for slot in slots.drain(..) {
            if let Some(outfit) = self.engine.outfits.get(slot)
                && !scratch
                    .picked
                    .get(slot as usize)
                    .is_none_or(|&picked| picked)
                && let Some(turn @ (Turn::Now | Turn::Again)) = self.turn(slot, outfit)
                && scratch.pick(slot)
            {
                candidates.push(Candidate::new(slot, scratch, turn));
            }
        }
        scratch.slots = slots;
        candidates
    }

    fn best_co_hearts(&self, scratch: &mut Scratch, slots: &mut Vec<u32>) {
        let most = self.plan.size
            + self.view.waiting()
            + usize::try_from(self.plan.shown.len()).unwrap_or(0)
            + SPARE;
        let Scratch { cells, touched, .. } = scratch;
        let score = |slot: &u32| cells.get(*slot as usize).map_or(0.0, |cell| cell.score);
        if touched.len() > most {
            touched
                .select_nth_unstable_by(most, |a, b| score(b).total_cmp(&score(a)).then(a.cmp(b)));
        }
        slots.extend(touched.iter().take(most));
    }
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
