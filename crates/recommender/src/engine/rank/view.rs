//! Step 1: what is known of the person, copied or marked.

use super::{
    Plan, Turn,
    scratch::{Scratch, marks},
};
use crate::{
    engine::Engine,
    store::{Outfit, Seen, Sight, Taste},
};

/// A person at the moment of the request.
#[derive(Default)]
pub(super) struct View {
    /// Outfits that count, newest first, with what their age leaves of them.
    pub(super) history: Vec<(u32, f32)>,
    /// As they are now.
    pub(super) tastes: Vec<Taste>,
    disliked: Vec<u32>,
    /// What was shown, where it cannot be listed.
    seen: Option<Box<Seen>>,
}

impl Engine {
    /// What is known of the person. Which outfits were hearted, disliked and shown is marked in `scratch`.
    pub(super) fn view(&self, plan: &Plan<'_>, scratch: &mut Scratch) -> View {
        plan.shown
            .iter()
            .for_each(|slot| scratch.mark(slot, marks::OUT));
        let shard = self.persons.read(&plan.person);
        let Some(person) = shard.get(&plan.person) else {
            return View::default();
        };
        for mark in person.marks.iter().filter(|mark| mark.is_hearted()) {
            scratch.mark(mark.outfit, marks::HEARTED);
        }
        let dislikes = person.dislikes.as_deref();
        for &slot in dislikes.map_or(&[][..], |dislikes| &dislikes.outfits) {
            scratch.mark(slot, marks::OUT);
        }
        let faded = person.faded(plan.now);
        let fade = |taste: &Taste| Taste {
            liked: taste.liked * faded,
            passed: taste.passed * faded,
            ..*taste
        };
        let parameters = plan.parameters;
        View {
            history: person
                .history(parameters.history, parameters.recency)
                .collect(),
            tastes: person.tastes.iter().map(fade).collect(),
            disliked: dislikes.map_or_else(Vec::new, |dislikes| dislikes.labels.clone()),
            seen: person.seen.as_ref().and_then(|seen| {
                let note = |slot, sight| match sight {
                    Sight::Never => {}
                    Sight::Before => scratch.mark(slot, marks::BEFORE),
                    Sight::Lately => scratch.mark(slot, marks::LATELY),
                };
                (!seen.list(plan.now, note)).then(|| seen.clone())
            }),
        }
    }
}

impl View {
    pub(super) fn dislikes(&self, outfit: &Outfit) -> bool {
        Engine::has_label(outfit, &self.disliked)
    }

    /// When it is the turn of an outfit with these marks.
    pub(super) fn turn(&self, slot: u32, noted: u8, now: i64) -> Turn {
        if noted & marks::HEARTED != 0 {
            return Turn::Last;
        }
        if noted & marks::LATELY != 0 {
            return Turn::AfterUnseen;
        }
        let sight = self.seen.as_ref().map(|seen| seen.sight(slot, now));
        match sight.unwrap_or(Sight::Never) {
            Sight::Lately => Turn::AfterUnseen,
            Sight::Before => Turn::Again,
            Sight::Never if noted & marks::BEFORE != 0 => Turn::Again,
            Sight::Never => Turn::Now,
        }
    }
}
