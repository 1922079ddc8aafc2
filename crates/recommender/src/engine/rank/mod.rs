//! The heart of the feed: from a person to a list of outfits, in five steps.
//!
//! 1. `view` copies what is known of the person, so that nothing is held while ranking.
//! 2. `sources` gathers candidates: co-hearts, the best of well-drawn labels, popular, new, random ones.
//! 3. `features` scores each.
//! 4. `diversify` orders the best so that they differ.
//! 5. `explore` gives some slots to outfits few have seen.
//!
//! Where that is not enough, as at the end of a long walk, `sweep` goes through everything else.

pub(crate) mod diversify;
mod explore;
mod features;
mod scratch;
mod sources;
mod sweep;
mod view;

use std::sync::atomic::Ordering::Relaxed;

use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
use roaring::RoaringBitmap;

use super::Engine;
use crate::{
    Filter, Gender, OutfitKey, Parameters, PersonKey, Policy, RankRequest, Ranked, Reason,
    store::{Kind, Outfit},
};
use scratch::{Scratch, marks};
use sources::{key, which};
use view::View;

/// A request for outfits, in slots.
pub(crate) struct Plan<'a> {
    pub(crate) person: PersonKey,
    pub(crate) now: i64,
    pub(crate) seed: u64,
    pub(crate) size: usize,
    /// Which slot of the feed the first outfit gets: explored slots are counted from the beginning of the feed.
    pub(crate) position: usize,
    pub(crate) shown: &'a RoaringBitmap,
    pub(crate) filter: Filter,
    pub(crate) parameters: &'a Parameters,
}

/// A filter in slots.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    pub(crate) gender: Option<Gender>,
    pub(crate) season: Option<u32>,
    pub(crate) style: Option<u32>,
}

impl Gate {
    pub(crate) fn admits(&self, outfit: &Outfit) -> bool {
        outfit.is_visible()
            && self
                .gender
                .is_none_or(|gender| outfit.gender() == Some(gender))
            && self
                .season
                .is_none_or(|season| outfit.season() == Some(season))
            && self.style.is_none_or(|style| outfit.style() == Some(style))
    }
}

/// When an outfit's turn is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// Now.
    Now,
    /// Now, at less than its score: it was shown a while ago.
    Again,
    /// Only when nothing else is left: it was shown in the last days.
    AfterUnseen,
    /// At the very end: it was hearted.
    Last,
}

/// An outfit that may be shown.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    slot: u32,
    /// What co-hearts say of it, and which of the person's outfits says most of that.
    co_hearts: f32,
    from: u32,
    score: f32,
    /// How well its labels suit the person, 0 to 1, and which of them does best.
    suits: f32,
    label: Option<u32>,
    again: bool,
}

/// All that the steps need to know.
struct Ranking<'a> {
    engine: &'a Engine,
    plan: &'a Plan<'a>,
    gate: Gate,
    view: View,
    rng: Xoshiro256PlusPlus,
}

impl Engine {
    /// Up to `size` visible outfits for a person, the best first: those hearted or seen in the last days come only when
    /// there is nothing else, disliked ones never. For somebody unknown it is what is popular and new.
    ///
    /// Reads only: what was shown is to be told with [`mark_seen`](Self::mark_seen). For a feed that is paged through,
    /// use a [`FeedSession`](crate::FeedSession).
    #[must_use]
    pub fn rank(&self, request: &RankRequest<'_>) -> Vec<Ranked> {
        let shown = request
            .exclude
            .iter()
            .filter_map(|&outfit| self.slot_of(outfit))
            .collect();
        self.plan(&Plan {
            person: request.person,
            now: request.now,
            seed: request.seed,
            size: request.size,
            position: 0,
            shown: &shown,
            filter: request.filter,
            parameters: request.parameters,
        })
    }

    pub(crate) fn plan(&self, plan: &Plan<'_>) -> Vec<Ranked> {
        let Some(gate) = self.compile(plan.filter) else {
            return Vec::new();
        };
        Scratch::with(self.outfits.len(), self.labels.len(), |scratch| {
            let mut ranking = Ranking {
                engine: self,
                plan,
                gate,
                view: self.view(plan, scratch),
                rng: Xoshiro256PlusPlus::seed_from_u64(plan.seed),
            };
            ranking.run(scratch)
        })
    }
}

impl Ranking<'_> {
    fn run(&mut self, scratch: &mut Scratch) -> Vec<Ranked> {
        let learned = self.plan.parameters.policy == Policy::Learned;
        let drawn = if learned {
            self.draw_tastes(scratch)
        } else {
            Vec::new()
        };
        if learned {
            self.gather_co_hearts(scratch);
        }
        let mut candidates = self.gather(scratch, &drawn);
        let strongest = self.score(scratch, &mut candidates);
        let explored = if learned {
            self.explorable(&candidates)
        } else {
            Vec::new()
        };
        let mut ordered = best(
            scratch,
            &candidates,
            self.plan.size.max(self.plan.parameters.batch),
        );
        if learned {
            ordered = self.diversified(&candidates, ordered);
        }
        let missing = self.plan.size.saturating_sub(candidates.len());
        if missing > 0 {
            let known = candidates.len();
            self.sweep(scratch, &mut candidates, missing, strongest);
            ordered.extend(known..candidates.len());
        }
        self.interleave(&candidates, &ordered, &explored)
    }

    /// The best of the candidates, which come in order, by relevance and variety; then the others.
    fn diversified(&self, candidates: &[Candidate], ordered: Vec<usize>) -> Vec<usize> {
        let parameters = self.plan.parameters;
        let (some, others) = ordered.split_at(ordered.len().min(parameters.batch));
        let scores: Vec<_> = some.iter().map(|&place| candidates[place].score).collect();
        let facts = |place: usize| {
            let outfit = self.engine.outfits.get(candidates[some[place]].slot)?;
            outfit.facts.load_full()
        };
        let order = diversify::order(
            &scores,
            facts,
            self.plan.size,
            parameters.relevance,
            parameters.diversify,
            parameters.most_alike_in_ten,
        );
        order
            .into_iter()
            .map(|place| some[place])
            .chain(others.iter().copied())
            .collect()
    }

    /// When an outfit's turn is; `None` for one that is not to be shown, or is a candidate already.
    fn turn(&self, scratch: &Scratch, slot: u32, outfit: &Outfit) -> Option<Turn> {
        let marks = scratch.marks(slot);
        if marks & (marks::PICKED | marks::OUT) != 0
            || !self.gate.admits(outfit)
            || self.view.dislikes(outfit)
        {
            return None;
        }
        Some(self.view.turn(slot, marks, self.plan.now))
    }

    fn ranked(&self, candidate: &Candidate, explored: Option<f32>) -> Option<Ranked> {
        let key = |slot| {
            self.engine
                .outfits
                .get(slot)
                .map(|outfit| OutfitKey(outfit.key.load(Relaxed)))
        };
        let label = candidate
            .label
            .and_then(|slot| self.engine.labels.get(slot))
            .filter(|label| label.kind() == Kind::Tag);
        let reason = match (explored, label) {
            (Some(_), _) => Reason::Explore,
            (None, _) if candidate.co_hearts > 0.0 => {
                key(candidate.from).map_or(Reason::Popular, Reason::SimilarTo)
            }
            (None, Some(label)) => Reason::Tag(label.key()),
            (None, None) => Reason::Popular,
        };
        let score = if explored.is_some() {
            0.0
        } else {
            candidate.score
        };
        Some(Ranked {
            outfit: key(candidate.slot)?,
            score,
            reason,
            propensity: explored,
        })
    }
}

/// The places of the best candidates, in order, at most so many.
fn best(scratch: &mut Scratch, candidates: &[Candidate], most: usize) -> Vec<usize> {
    let keys = &mut scratch.keys;
    keys.clear();
    keys.extend(
        (0..)
            .zip(candidates)
            .map(|(place, candidate)| key(candidate.score, place)),
    );
    if most < keys.len() {
        keys.select_nth_unstable(most);
        keys.truncate(most);
    }
    keys.sort_unstable();
    keys.iter().map(|&key| which(key) as usize).collect()
}
