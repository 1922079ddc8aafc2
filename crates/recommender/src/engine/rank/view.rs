//! Step 1: what is known of the person, copied.

use super::Turn;
use crate::{
    PersonKey,
    engine::Engine,
    store::{Dislikes, Outfit, Seen, Sight, Taste},
};

/// A person at the moment of the request.
#[derive(Default)]
pub(super) struct View {
    /// Outfits that count, newest first, with what their age leaves of them.
    pub(super) history: Vec<(u32, f32)>,
    /// Sorted.
    hearted: Vec<u32>,
    dislikes: Option<Box<Dislikes>>,
    seen: Option<Box<Seen>>,
    /// As they are now.
    pub(super) tastes: Vec<Taste>,
}

impl Engine {
    pub(super) fn view(&self, person: PersonKey, now: i64, history: usize, recency: f32) -> View {
        let shard = self.persons.read(&person);
        let Some(person) = shard.get(&person) else {
            return View::default();
        };
        let faded = person.faded(now);
        let fade = |taste: &Taste| Taste {
            liked: taste.liked * faded,
            passed: taste.passed * faded,
            ..*taste
        };
        let mut hearted: Vec<_> = person
            .marks
            .iter()
            .filter(|mark| mark.is_hearted())
            .map(|mark| mark.outfit)
            .collect();
        hearted.sort_unstable();
        View {
            history: person.history(history, recency).collect(),
            hearted,
            dislikes: person.dislikes.clone(),
            seen: person.seen.clone(),
            tastes: person.tastes.iter().map(fade).collect(),
        }
    }
}

impl View {
    pub(super) fn dislikes(&self, outfit: &Outfit, slot: u32) -> bool {
        self.dislikes.as_ref().is_some_and(|dislikes| {
            dislikes.outfits.contains(&slot) || Engine::has_label(outfit, &dislikes.labels)
        })
    }

    pub(super) fn turn(&self, slot: u32, now: i64) -> Turn {
        if self.hearted.binary_search(&slot).is_ok() {
            return Turn::Last;
        }
        match self
            .seen
            .as_ref()
            .map_or(Sight::Never, |seen| seen.sight(slot, now))
        {
            Sight::Never => Turn::Now,
            Sight::Before => Turn::Again,
            Sight::Lately => Turn::AfterUnseen,
        }
    }

    /// How many outfits wait for the others at most: that many more have to be looked at for enough to be left.
    pub(super) fn waiting(&self) -> usize {
        self.hearted.len() + self.seen.as_ref().map_or(0, |seen| seen.count())
    }
}
