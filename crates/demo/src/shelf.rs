//! Where hearts and views find outfits: by style, by popularity, and no earlier than they exist.

use crate::calendar::DAY;
use crate::cluster::Cluster;
use crate::heart::affinity;
use crate::outfit::DemoOutfit;
use crate::person::DemoPerson;
use crate::random::{Random, mix};

/// How long an outfit counts as new.
const NEW: i64 = 45 * DAY;

/// All outfits, on a shelf for each style and one for all.
pub(crate) struct Shelves<'a> {
    outfits: &'a [DemoOutfit],
    styles: Vec<Shelf>,
    all: Shelf,
}

/// Outfits in the order in which they came in, with sums of their popularity.
#[derive(Default)]
struct Shelf {
    /// When each came in.
    created: Vec<i64>,
    /// Its index among all.
    index: Vec<usize>,
    /// The popularity of all up to and including it.
    sums: Vec<u64>,
}

impl Shelf {
    fn put(&mut self, index: usize, outfit: &DemoOutfit, popularity: u64) {
        self.created.push(outfit.created_at);
        self.index.push(index);
        self.sums
            .push(self.sums.last().copied().unwrap_or(0) + popularity);
    }

    /// One that came in after `from` and by `until`, in proportion to popularity.
    fn draw(&self, from: i64, until: i64, chance: &mut Random) -> Option<usize> {
        let low = self.created.partition_point(|&at| at <= from);
        let high = self.created.partition_point(|&at| at <= until);
        let below = low.checked_sub(1).map_or(0, |last| self.sums[last]);
        let above = high.checked_sub(1).map_or(0, |last| self.sums[last]);
        if above <= below {
            return None;
        }
        let target = below + chance.below(above - below);
        let place = self.sums.partition_point(|&sum| sum <= target);
        self.index.get(place).copied()
    }
}

impl<'a> Shelves<'a> {
    pub(crate) fn new(outfits: &'a [DemoOutfit], seed: u64) -> Self {
        let mut styles: Vec<Shelf> = Cluster::ALL.iter().map(|_| Shelf::default()).collect();
        let mut all = Shelf::default();
        for (index, outfit) in outfits.iter().enumerate() {
            // Zipf's law without logarithms: the popularity of a rank drawn at random.
            let rank = mix(seed ^ 0x9099 ^ (u64::from(outfit.number) << 20)) % 1_000;
            let popularity = 1_000_000 / (rank + 12);
            styles[outfit.cluster as usize].put(index, outfit, popularity);
            all.put(index, outfit, popularity);
        }
        Self {
            outfits,
            styles,
            all,
        }
    }

    /// How many there are by then; at least one, so that there is something to like.
    pub(crate) fn known(&self, at: i64) -> usize {
        self.all.created.partition_point(|&made| made <= at).max(1)
    }

    /// One of a style, or of all, that somebody would like then: of three that pass by, the one
    /// that meets their whims and their gender best.
    pub(crate) fn liked(
        &self,
        person: &DemoPerson,
        style: Option<usize>,
        at: i64,
        chance: &mut Random,
    ) -> Option<u32> {
        let shelf = self.shelf(style);
        let mut best: Option<(u32, usize)> = None;
        for _ in 0..3 {
            let Some(index) = self.passing(shelf, at, chance) else {
                continue;
            };
            let outfit = &self.outfits[index];
            let fitting = if person.looks_for(outfit.gender) {
                100
            } else {
                0
            };
            let score = fitting + affinity(person, outfit);
            if best.is_none_or(|(highest, _)| score > highest) {
                best = Some((score, index));
            }
        }
        best.map(|(_, index)| self.outfits[index].number)
    }

    fn shelf(&self, style: Option<usize>) -> &Shelf {
        style
            .and_then(|style| self.styles.get(style))
            .unwrap_or(&self.all)
    }

    /// What a feed would show of a style, or of all.
    pub(crate) fn shown(&self, style: Option<usize>, at: i64, chance: &mut Random) -> Option<u32> {
        self.passing(self.shelf(style), at, chance)
            .map(|index| self.outfits[index].number)
    }

    /// Something new in two cases of five, anything otherwise.
    fn passing(&self, shelf: &Shelf, at: i64, chance: &mut Random) -> Option<usize> {
        let from = if chance.percent(40) {
            at - NEW
        } else {
            i64::MIN
        };
        shelf
            .draw(from, at, chance)
            .or_else(|| shelf.draw(i64::MIN, at, chance))
    }
}
