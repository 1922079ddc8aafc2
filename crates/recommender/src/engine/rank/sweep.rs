//! When the sources run dry: everything else.

use super::{Candidate, Ranking, Turn, features::Measure, scratch::Scratch};

impl Ranking<'_> {
    /// Adds at least `missing` outfits, if there are as many, from wherever they are: first those whose turn is now,
    /// then those seen lately, then hearted ones, each by score. It starts at a place that the seed decides and stops
    /// when it has enough, so it takes long only when little is left.
    pub(super) fn sweep(
        &self,
        scratch: &mut Scratch,
        candidates: &mut Vec<Candidate>,
        missing: usize,
        measure: Measure,
    ) {
        let outfits = self.engine.outfits.len() as u64;
        let start = self.plan.seed.checked_rem(outfits).unwrap_or(0);
        let mut by_turn: [Vec<Candidate>; 3] = Default::default();
        for slot in (start..outfits)
            .chain(0..start)
            .filter_map(|slot| u32::try_from(slot).ok())
        {
            let Some(outfit) = self.engine.outfits.get(slot) else {
                continue;
            };
            let Some(turn) = self.turn(scratch, slot, outfit) else {
                continue;
            };
            let place = match turn {
                Turn::Now | Turn::Again => 0,
                Turn::AfterUnseen => 1,
                Turn::Last => 2,
            };
            by_turn[place].push(Candidate::new(slot, scratch, turn));
            if by_turn[0].len() >= missing {
                break;
            }
        }
        let mut enough = missing;
        for mut found in by_turn {
            if enough == 0 {
                break;
            }
            found
                .iter_mut()
                .for_each(|candidate| self.score_one(scratch, measure, candidate));
            found.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.slot.cmp(&b.slot)));
            enough = enough.saturating_sub(found.len());
            candidates.append(&mut found);
        }
    }
}
