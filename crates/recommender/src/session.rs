//! One opened feed: an order that stays as it was served.

use std::collections::VecDeque;

use roaring::RoaringBitmap;

use crate::{Engine, Filter, OutfitKey, Parameters, PersonKey, Ranked, engine::rank::Plan};

/// Explored slots are counted in tens.
const SLOTS: usize = 10;

/// A slice of a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The outfits, in order. Empty past the end.
    pub items: Vec<Ranked>,
    /// Whether nothing follows.
    pub is_last: bool,
}

/// One opened feed.
///
/// It is a pure value, about 40 bytes for each outfit served or ranked ahead: keep it in a cache, and give two requests
/// for the same feed one after the other to it. What was served stays in its place, so a page asked for again is the
/// same page; what the person hearts re-ranks only what was not served. It goes through every visible outfit that
/// passes the filter and that the person does not dislike: never one twice, none left out. Outfits hearted or seen in
/// the last days come after all others. Once it has said that a page is the last, it has ended.
#[derive(Clone, Debug)]
pub struct FeedSession {
    id: u64,
    person: PersonKey,
    seed: u64,
    filter: Filter,
    opened_at: i64,
    served: Vec<Ranked>,
    ahead: VecDeque<Ranked>,
    ranked: u64,
    /// When what is ahead was ranked.
    ranked_at: i64,
    tastes: u64,
    shown: RoaringBitmap,
    shown_in: u64,
    ended: bool,
}

impl FeedSession {
    /// Opens a feed. Nothing is ranked before the first page is asked for; `now` is in microseconds since 1970.
    #[must_use]
    pub fn open(
        engine: &Engine,
        id: u64,
        person: PersonKey,
        seed: u64,
        filter: Filter,
        now: i64,
    ) -> Self {
        Self {
            id,
            person,
            seed,
            filter,
            opened_at: now,
            served: Vec::new(),
            ahead: VecDeque::new(),
            ranked: 0,
            ranked_at: now,
            tastes: engine.tastes_of(person),
            shown: RoaringBitmap::new(),
            shown_in: engine.instance(),
            ended: false,
        }
    }

    /// Lets it begin with what `before`, a feed of the same person and filter, had ranked and not served: while nothing
    /// about the person has changed, another ranking would say much the same. `before` ranks anew where it is gone on
    /// with. What was ranked earlier than `since` (microseconds since 1970) is too old for it.
    #[must_use]
    pub fn after(mut self, before: &mut Self, since: i64) -> Self {
        let alike = (before.person, before.filter, before.tastes, before.shown_in)
            == (self.person, self.filter, self.tastes, self.shown_in);
        // Slots of ten are explored: what was ranked for the fourth is out of place in the first.
        if alike && before.ranked_at >= since && before.served.len().is_multiple_of(SLOTS) {
            self.ahead = std::mem::take(&mut before.ahead);
            self.ranked_at = before.ranked_at;
        }
        self
    }

    /// The id it was opened with.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Whose feed it is.
    #[must_use]
    pub fn person(&self) -> PersonKey {
        self.person
    }

    /// Which outfits come into question.
    #[must_use]
    pub fn filter(&self) -> Filter {
        self.filter
    }

    /// What all its chance comes from.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// When it was opened, in microseconds since 1970.
    #[must_use]
    pub fn opened_at(&self) -> i64 {
        self.opened_at
    }

    /// The outfits that have their place, in order.
    #[must_use]
    pub fn items(&self) -> &[Ranked] {
        &self.served
    }

    /// Goes on for somebody else: the member a guest turned out to be. What was served keeps its place.
    pub fn hand_over(&mut self, person: PersonKey) {
        self.person = person;
        self.ahead.clear();
    }

    /// How many outfits have their place.
    #[must_use]
    pub fn served(&self) -> usize {
        self.served.len()
    }

    /// The outfits from `offset` on, at most `count`. Everything before them that was not served yet gets its place
    /// first, so an offset leaves no gap; the caller bounds how far a stranger may jump.
    pub fn page(
        &mut self,
        engine: &Engine,
        offset: usize,
        count: usize,
        parameters: &Parameters,
        now: i64,
    ) -> Page {
        let end = offset.saturating_add(count);
        if end > self.served.len() && !self.ended {
            self.forget_what_is_outdated(engine);
            while self.served.len() < end {
                let Some(next) = self.next(engine, end, parameters, now) else {
                    break;
                };
                self.place(engine, next);
            }
            // One more is looked for, so that the last page knows it is the last.
            match self.next(engine, end, parameters, now) {
                Some(next) => self.ahead.push_front(next),
                None => self.ended = true,
            }
        }
        let end = end.min(self.served.len());
        let items = self.served.get(offset..end).unwrap_or_default().to_vec();
        Page {
            items,
            is_last: self.ended && end >= self.served.len(),
        }
    }

    fn forget_what_is_outdated(&mut self, engine: &Engine) {
        let tastes = engine.tastes_of(self.person);
        if tastes != self.tastes || engine.instance() != self.shown_in {
            self.tastes = tastes;
            self.ahead.clear();
        }
        if engine.instance() != self.shown_in {
            // A rebuilt engine counts outfits in another order.
            self.shown = self
                .served
                .iter()
                .filter_map(|ranked| engine.slot_of(ranked.outfit))
                .collect();
            self.shown_in = engine.instance();
        }
    }

    fn next(
        &mut self,
        engine: &Engine,
        end: usize,
        parameters: &Parameters,
        now: i64,
    ) -> Option<Ranked> {
        loop {
            while let Some(next) = self.ahead.pop_front() {
                if !self.has_shown(engine, next.outfit)
                    && engine.may_show(self.person, next.outfit, self.filter)
                {
                    return Some(next);
                }
            }
            let missing = end.saturating_sub(self.served.len());
            self.ahead = engine
                .plan(&Plan {
                    person: self.person,
                    now,
                    seed: self.seed ^ self.ranked.wrapping_mul(0x9E37_79B9_7F4A_7C15),
                    // Few at a time: what is not ranked yet will know what is hearted until then.
                    size: parameters.diversify.max(missing),
                    position: self.served.len(),
                    shown: &self.shown,
                    filter: self.filter,
                    parameters,
                })
                .into();
            self.ranked += 1;
            self.ranked_at = now;
            if self.ahead.is_empty() {
                return None;
            }
        }
    }

    fn has_shown(&self, engine: &Engine, outfit: OutfitKey) -> bool {
        engine
            .slot_of(outfit)
            .is_some_and(|slot| self.shown.contains(slot))
    }

    fn place(&mut self, engine: &Engine, ranked: Ranked) {
        if let Some(slot) = engine.slot_of(ranked.outfit) {
            self.shown.insert(slot);
        }
        self.served.push(ranked);
    }
}
