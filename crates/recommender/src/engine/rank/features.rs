//! Step 3: what a candidate is worth.

use std::sync::atomic::Ordering::Relaxed;

use super::{Candidate, Ranking, scratch::Scratch};
use crate::{Policy, store::Outfit};

const DAY: f64 = 86_400.0 * 1e6;
/// Looks of the prior of hearts for each look.
const PRIOR: f32 = 20.0;

/// What all candidates of a ranking are measured against.
#[derive(Clone, Copy)]
pub(super) struct Measure {
    /// The best co-heart score.
    strongest: f32,
    /// Length of the person's profile, squared.
    profile: f32,
    rate: f32,
    /// Of the labels of all outfits.
    edition: u32,
}

impl Ranking<'_> {
    /// Scores every candidate, and answers what they were measured against.
    pub(super) fn score(&self, scratch: &Scratch, candidates: &mut [Candidate]) -> Measure {
        let measure = Measure {
            strongest: candidates
                .iter()
                .map(|candidate| candidate.co_hearts)
                .fold(0.0, f32::max),
            profile: scratch.profile,
            rate: self.engine.rate(),
            edition: self.engine.edition.load(Relaxed),
        };
        for candidate in candidates {
            self.score_one(scratch, measure, candidate);
        }
        measure
    }

    pub(super) fn score_one(&self, scratch: &Scratch, measure: Measure, candidate: &mut Candidate) {
        let Some(outfit) = self.engine.outfits.get(candidate.slot) else {
            return;
        };
        let parameters = self.plan.parameters;
        if parameters.policy == Policy::Popular {
            // Hearts of the last days; among those without any, hearts of all times.
            candidate.score =
                outfit.trend(self.plan.now) as f32 + 1e-6 * outfit.hearts.load(Relaxed) as f32;
            return;
        }
        let item = candidate.co_hearts
            / (measure.strongest + parameters.item_constant).max(f32::MIN_POSITIVE);
        let taste = self.suit(scratch, measure, outfit, candidate);
        let appeal =
            (outfit.hearts.load(Relaxed) as f32 + PRIOR * measure.rate) / (outfit.looks() + PRIOR);
        let age = self
            .plan
            .now
            .saturating_sub(outfit.created_at.load(Relaxed));
        let age = (age.max(0) as f64 / DAY) as f32;
        let fresh = (-age / parameters.freshness_half_life_days).exp2();
        let score = parameters.item_weight * item
            + parameters.tag_weight * candidate.suits
            + parameters.taste_weight * taste
            + parameters.appeal_weight * appeal
            + parameters.freshness_weight * fresh;
        candidate.score = if candidate.again {
            score * parameters.seen_before
        } else {
            score
        };
    }

    /// How well the labels suit the person: notes the cosine with the profile and the best label, and answers the drawn
    /// taste, on average over the labels.
    fn suit(
        &self,
        scratch: &Scratch,
        measure: Measure,
        outfit: &Outfit,
        candidate: &mut Candidate,
    ) -> f32 {
        let facts = outfit.facts.load();
        let Some(facts) = facts.as_ref().filter(|_| measure.profile > 0.0) else {
            return 0.0;
        };
        let (mut shared, mut taste, mut best) = (0.0, 0.0, 0.0);
        for &slot in facts.tastes() {
            // A label that is newer than this ranking has no place yet.
            let Some(drawn) = scratch.labels.get(slot as usize) else {
                continue;
            };
            shared += drawn.weight;
            taste += drawn.taste;
            if drawn.weight > best {
                best = drawn.weight;
                candidate.label = Some(slot);
            }
        }
        if shared > 0.0 {
            let length = self.engine.length(outfit, facts, measure.edition);
            candidate.suits = (shared / (length * measure.profile).sqrt()).clamp(0.0, 1.0);
        }
        taste / facts.labels.len().max(1) as f32
    }
}
