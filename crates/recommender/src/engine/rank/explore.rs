//! Step 5: some slots find out what outfits are worth that few have seen.

use std::sync::atomic::Ordering::Relaxed;

use rand::RngExt;
use rand_distr::{Beta, Distribution};

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
const PRIOR: (f32, f32) = (1.0, 5.0);

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

    fn draw(&mut self, candidates: &[Candidate], pool: &[usize]) -> Vec<[f32; DRAWS]> {
        let mut draws = Vec::with_capacity(pool.len());
        for candidate in pool.iter().map(|&place| &candidates[place]) {
            let (hearts, looks) =
                self.engine
                    .outfits
                    .get(candidate.slot)
                    .map_or((0.0, 0.0), |outfit| {
                        let hearts = outfit.hearts.load(Relaxed) as f32;
                        (hearts, outfit.looks().max(hearts))
                    });
            let (hearted, passed) = (hearts + PRIOR.0, looks - hearts + PRIOR.1);
            let suits = 1.0 + candidate.suits;
            draws.push(if hearted == 1.0 {
                // Of most nobody has hearted any yet, and Beta(1, b) can be drawn by inversion: 1 - u^(1/b).
                let draw = |_| 1.0 - (self.rng.random::<f32>().ln() / passed).exp();
                std::array::from_fn(draw).map(|drawn| drawn * suits)
            } else {
                let beta = Beta::new(hearted, passed);
                let draw = |_| beta.as_ref().map_or(0.0, |beta| beta.sample(&mut self.rng));
                std::array::from_fn(draw).map(|drawn: f32| drawn * suits)
            });
        }
        draws
    }
}

/// Who wins the draw of this slot among those not taken, and in which part of all draws. `best` keeps who was the
/// greatest of each draw: most of them still are when the next slot comes.
fn winner(
    draws: &[[f32; DRAWS]],
    taken: impl Fn(usize) -> bool,
    best: &mut [Option<usize>; DRAWS],
    position: usize,
) -> Option<(usize, f32)> {
    for (draw, best) in best.iter_mut().enumerate() {
        if best.is_none_or(&taken) {
            let open = (0..draws.len()).filter(|&place| !taken(place));
            *best = open.max_by(|&a, &b| draws[a][draw].total_cmp(&draws[b][draw]));
        }
    }
    let picked = best[position % DRAWS]?;
    let wins = best.iter().filter(|&&place| place == Some(picked)).count();
    Some((picked, wins as f32 / DRAWS as f32))
}
