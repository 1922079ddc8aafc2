//! Views: what was shown and not liked, made as it is asked for.

use std::collections::VecDeque;

use crate::calendar::DAY;
use crate::demo::Demo;
use crate::heart::{DAYS, pair};
use crate::person::week;
use crate::random::Random;
use crate::shelf::Shelves;

/// Somebody was shown something and did not like it, then or ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DemoView {
    /// Who: [`DemoPerson::number`](crate::DemoPerson::number).
    pub person: u32,
    /// What: [`DemoOutfit::number`](crate::DemoOutfit::number).
    pub outfit: u32,
    /// When, in µs since 1970.
    pub at: i64,
}

/// Views in time order, about ten before each heart.
pub(crate) struct Views<'a> {
    demo: &'a Demo,
    shelves: Shelves<'a>,
    /// Who likes what, sorted.
    liked: Vec<u64>,
    chance: Random,
    next_heart: usize,
    ready: VecDeque<DemoView>,
}

impl<'a> Views<'a> {
    pub(crate) fn new(demo: &'a Demo) -> Self {
        let mut liked: Vec<u64> = demo
            .hearts
            .iter()
            .map(|heart| pair(heart.person, heart.outfit))
            .collect();
        liked.sort_unstable();
        Self {
            demo,
            shelves: Shelves::new(&demo.outfits, demo.seed),
            liked,
            chance: Random::new(demo.seed, 0x51),
            next_heart: 0,
            ready: VecDeque::new(),
        }
    }

    /// What the giver of a heart scrolled past before it. A feed knows them a little: half of it
    /// is of styles they like.
    fn scroll(&mut self) -> Option<()> {
        let heart = self.demo.hearts.get(self.next_heart)?;
        let before = self
            .next_heart
            .checked_sub(1)
            .and_then(|last| self.demo.hearts.get(last))
            .map_or(i64::MIN, |last| last.at);
        self.next_heart += 1;
        let person = self.demo.people.get(heart.person as usize - 1)?;
        let start = self.demo.until - DAYS * DAY;
        let taste = person.taste(week(start, heart.at)).map(u32::from);
        // After the heart before, whoever's it was, so that all views are in order.
        let from = before.max(heart.at - 60_000_000);
        let count = 6 + self.chance.below(9);
        let step = (heart.at - from) / (count as i64 + 1);
        for place in 1..=count as i64 {
            let style = self
                .chance
                .percent(50)
                .then(|| self.chance.weighted(&taste));
            let Some(outfit) = self.shelves.shown(style, heart.at, &mut self.chance) else {
                continue;
            };
            if self
                .liked
                .binary_search(&pair(heart.person, outfit))
                .is_err()
            {
                self.ready.push_back(DemoView {
                    person: heart.person,
                    outfit,
                    at: from + step * place,
                });
            }
        }
        Some(())
    }
}

impl Iterator for Views<'_> {
    type Item = DemoView;

    fn next(&mut self) -> Option<DemoView> {
        loop {
            if let Some(view) = self.ready.pop_front() {
                return Some(view);
            }
            self.scroll()?;
        }
    }
}
