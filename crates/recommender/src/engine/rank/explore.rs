//! Step 5: some slots find out what outfits are worth that few have seen.

use std::sync::atomic::Ordering::Relaxed;

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp1};

use super::{
    Candidate, Ranking,
    sources::{key, which},
};
use crate::{Ranked, store::looks};

/// From how many outfits an explored slot is filled.
const POOL: usize = 128;
/// How many times each is drawn: so finely is the propensity known.
const DRAWS: usize = 16;
/// Which slots of ten explore, in the order in which they are taken into use. The first of all never does.
const SLOTS: [usize; 9] = [6, 3, 9, 1, 5, 8, 2, 4, 7];
/// Beta(1, 5): of an outfit nobody has seen, one look in six is expected to end in a heart.
const PRIOR: (u32, f32) = (1, 5.0);

impl Ranking<'_> {
    /// How many slots of ten explore: more while the catalogue is young.
    fn slots(&self) -> usize {
        let (engine, parameters) = (self.engine, self.plan.parameters);
        let all = looks(engine.hearts.load(Relaxed), engine.views.load(Relaxed));
        let young = all < parameters.young_views * engine.outfits.len() as f32;
        if young {
            parameters.explore_young
        } else {
            parameters.explore
        }
        .min(SLOTS.len())
    }

    /// Candidates that few have seen, those whose labels suit the person best among a random choice.
    pub(super) fn explorable(&mut self, candidates: &[Candidate]) -> Vec<usize> {
        if self.slots() == 0 {
            return Vec::new();
        }
        let mut few: Vec<u64> = (0..)
            .zip(candidates)
            .filter(|(_, candidate)| {
                self.engine
                    .outfits
                    .get(candidate.slot)
                    .is_some_and(|outfit| outfit.looks() < self.plan.parameters.young_views)
            })
            .map(|(place, candidate)| key(candidate.suits + self.rng.random::<f32>(), place))
            .collect();
        if few.len() > POOL {
            few.select_nth_unstable(POOL);
            few.truncate(POOL);
        }
        few.sort_unstable();
        few.into_iter().map(|key| which(key) as usize).collect()
    }

    /// The ordered candidates with the explored ones in their slots, as many as are wanted, none twice.
    ///
    /// An explored slot is filled by Thompson sampling: of everything in the pool Beta(hearts + 1, views - hearts + 5) is
    /// drawn, and the greatest wins. Drawn 16 times, how often the winner wins tells how likely it was. Candidates are
    /// named by their place.
    pub(super) fn interleave(
        &mut self,
        candidates: &[Candidate],
        ordered: &[usize],
        pool: &[usize],
    ) -> Vec<Ranked> {
        let slots = &SLOTS[..self.slots()];
        let draws = if pool.is_empty() {
            Vec::new()
        } else {
            self.draw(candidates, pool)
        };
        // What stands in its own right is no longer to be explored, and the other way round.
        let mut given = vec![false; candidates.len()];
        let mut best = [None; DRAWS];
        let mut ranked = Vec::with_capacity(self.plan.size.min(candidates.len()));
        let mut rest = ordered.iter().copied();
        while ranked.len() < self.plan.size {
            let position = self.plan.position + ranked.len();
            if slots.contains(&(position % 10))
                && let Some((place, propensity)) =
                    winner(&draws, |place| given[pool[place]], &mut best, position)
            {
                given[pool[place]] = true;
                ranked.extend(self.ranked(&candidates[pool[place]], Some(propensity)));
                continue;
            }
            let Some(next) = rest.find(|&place| !given[place]) else {
                break;
            };
            given[next] = true;
            ranked.extend(self.ranked(&candidates[next], None));
        }
        ranked
    }

    fn draw(&mut self, candidates: &[Candidate], pool: &[usize]) -> Vec<Lot> {
        let outfits = &self.engine.outfits;
        let mut lots = Vec::with_capacity(pool.len());
        for candidate in pool.iter().map(|&place| &candidates[place]) {
            let (hearts, looks) = outfits.get(candidate.slot).map_or((0, 0.0), |outfit| {
                let hearts = outfit.hearts.load(Relaxed);
                (hearts, outfit.looks().max(hearts as f32))
            });
            lots.push(Lot::draw(
                hearts + PRIOR.0,
                looks - hearts as f32 + PRIOR.1,
                1.0 + candidate.suits,
                &mut self.rng,
            ));
        }
        lots
    }
}

/// What was drawn for one outfit of the pool.
struct Lot {
    /// -ln(1 - p) of each p drawn.
    drawn: [f32; DRAWS],
    /// How well it suits, 1 to 2, by which each p is multiplied.
    suits: f32,
}

impl Lot {
    /// Draws from Beta(`hearted`, `passed`). Where `hearted` is a whole number, 1 - p is distributed as the product of so
    /// many u^(1/(`passed` + i)) with i from 0 (Johnson, Kotz, Balakrishnan 1995, 25.2), so -ln(1 - p) as the sum of so
    /// many exponential variates, each divided by its `passed` + i.
    fn draw(hearted: u32, passed: f32, suits: f32, rng: &mut impl Rng) -> Self {
        let mut drawn = [0.0; DRAWS];
        for one in &mut drawn {
            for nth in 0..hearted {
                let variate: f32 = Exp1.sample(rng);
                *one += variate / (passed + nth as f32);
            }
        }
        Self { drawn, suits }
    }

    /// What it has in a draw: p times how well it suits; `None` where that is no more than `least`, mostly without the
    /// exponential function, for 1 - e^-x is never more than x.
    fn above(&self, draw: usize, least: f32) -> Option<f32> {
        let drawn = self.drawn[draw];
        let more = |worth: f32| (worth > least).then_some(worth);
        more(self.suits * drawn)?;
        more(self.suits * -(-drawn).exp_m1())
    }
}

/// Who wins the draw of this slot among those not taken, and in which part of all draws. `best` keeps who was the
/// greatest of each draw: most of them still are when the next slot comes.
fn winner(
    lots: &[Lot],
    taken: impl Fn(usize) -> bool,
    best: &mut [Option<usize>; DRAWS],
    position: usize,
) -> Option<(usize, f32)> {
    for (draw, best) in best.iter_mut().enumerate() {
        if best.is_none_or(&taken) {
            let mut most = f32::NEG_INFINITY;
            *best = None;
            for (place, lot) in lots.iter().enumerate() {
                if let Some(worth) = lot.above(draw, most)
                    && !taken(place)
                {
                    (most, *best) = (worth, Some(place));
                }
            }
        }
    }
    let picked = best[position % DRAWS]?;
    let wins = best.iter().filter(|&&place| place == Some(picked)).count();
    Some((picked, wins as f32 / DRAWS as f32))
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};

    use super::*;

    #[test]
    fn what_is_drawn_is_a_beta_variate() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
        for (hearted, passed) in [(1, 5.0), (2, 8.0), (7, 6.5)] {
            let (mut sum, mut squares, mut number) = (0.0_f64, 0.0_f64, 0.0_f64);
            for _ in 0..20_000 {
                let lot = Lot::draw(hearted, passed, 1.0, &mut rng);
                for draw in 0..DRAWS {
                    let p = lot.above(draw, -1.0).map_or(f64::NAN, f64::from);
                    assert!((0.0..=1.0).contains(&p));
                    (sum, squares, number) = (sum + p, squares + p * p, number + 1.0);
                }
            }
            let (a, b) = (f64::from(hearted), f64::from(passed));
            let (mean, variance) = (a / (a + b), a * b / ((a + b).powi(2) * (a + b + 1.0)));
            let (seen, spread) = (sum / number, squares / number - (sum / number).powi(2));
            assert!((seen / mean - 1.0).abs() < 0.01, "{seen} instead of {mean}");
            assert!(
                (spread / variance - 1.0).abs() < 0.02,
                "{spread} instead of {variance}"
            );
        }
    }

    #[test]
    fn the_greatest_wins_until_it_is_taken() {
        let lot = |drawn, suits| Lot {
            drawn: [drawn; DRAWS],
            suits,
        };
        let lots = [lot(0.1, 1.0), lot(0.3, 1.5), lot(0.4, 1.0), lot(9.0, 1.0)];
        let order = [3, 1, 2, 0];
        let (mut gone, mut best) = (Vec::new(), [None; DRAWS]);
        for (position, greatest) in order.into_iter().enumerate() {
            let next = winner(&lots, |place| gone.contains(&place), &mut best, position);
            assert_eq!(next, Some((greatest, 1.0)));
            gone.push(greatest);
        }
        let none = winner(&lots, |place| gone.contains(&place), &mut best, 4);
        assert_eq!(none, None);
    }
}
