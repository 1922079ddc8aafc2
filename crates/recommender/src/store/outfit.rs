//! What is kept of one outfit.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering::Relaxed};

use arc_swap::ArcSwapOption;

use super::Row;
use crate::Gender;

/// A set of labels in 256 bits, each label a bit: good enough to compare two outfits in a few instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signature {
    bits: [u64; 4],
    count: u32,
}

impl Signature {
    pub(crate) fn insert(&mut self, label: u32) {
        let bit = (u64::from(label)
            .wrapping_add(1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            >> 56) as usize;
        let (word, bit) = (&mut self.bits[bit / 64], 1 << (bit % 64));
        self.count += u32::from(*word & bit == 0);
        *word |= bit;
    }

    /// Jaccard likeness of the two sets, 0 to 1; nothing is like an empty one.
    pub(crate) fn likeness(&self, other: &Self) -> f32 {
        let mut shared = 0;
        for (a, b) in self.bits.iter().zip(other.bits) {
            // Most share nothing, and counting bits is dear where the processor is not told to do it by itself.
            if a & b != 0 {
                shared += (a & b).count_ones();
            }
        }
        if shared == 0 {
            0.0
        } else {
            shared as f32 / (self.count + other.count - shared) as f32
        }
    }
}

/// The labels of an outfit, replaced as a whole when the outfit changes.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Facts {
    /// Slots of all its labels, ordered by kind and slot, none twice.
    pub(crate) labels: Box<[u32]>,
    /// Of them, the brands and the reporter, which must not fill a page.
    pub(crate) capped: Box<[u32]>,
    /// How many of the labels, the first, people have a taste in.
    pub(crate) tasted: usize,
    pub(crate) signature: Signature,
    pub(crate) age: Option<u8>,
}

impl Facts {
    /// The labels people have a taste in.
    pub(crate) fn tastes(&self) -> &[u32] {
        &self.labels[..self.tasted]
    }
}

/// The outfits most like another, and the state of its row and labels they were found in.
#[derive(Debug)]
pub(crate) struct SimilarList {
    pub(crate) state: u32,
    pub(crate) outfits: Box<[u32]>,
}

const VISIBLE: u32 = 1;
const TOLD: u32 = 2;
const FEMALE: u32 = 4;
const MALE: u32 = 8;
/// A label slot, or this for none.
const NONE: u32 = u32::MAX;
/// Days after which a heart counts half for being popular now: what is a week old still counts.
const TREND_HALF_LIFE_SECONDS: f64 = 3.5 * 86_400.0;

/// One outfit. Only the learner writes; everything may be read meanwhile.
///
/// What a ranking asks of each candidate stands in the first 64 bytes, which the processor fetches at once.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Outfit {
    pub(crate) key: AtomicU64,
    pub(crate) created_at: AtomicI64,
    pub(crate) facts: ArcSwapOption<Facts>,
    pub(crate) hearts: AtomicU32,
    pub(crate) views: AtomicU32,
    flags: AtomicU32,
    season: AtomicU32,
    style: AtomicU32,
    /// The length of its labels, squared, as each tells (`f32`), and before it the edition of all labels that was of.
    pub(crate) length: AtomicU64,
    /// Hearts of the last days: an `f32` that halves, and the second (since 1970) it was of that size.
    pub(crate) trend: AtomicU64,
    /// Grows when its row or its labels change.
    pub(crate) state: AtomicU32,
    pub(crate) similar: ArcSwapOption<SimilarList>,
    pub(crate) row: Row,
}

impl Default for Outfit {
    fn default() -> Self {
        Self {
            key: AtomicU64::default(),
            flags: AtomicU32::default(),
            season: AtomicU32::new(NONE),
            style: AtomicU32::new(NONE),
            created_at: AtomicI64::default(),
            hearts: AtomicU32::default(),
            views: AtomicU32::default(),
            length: AtomicU64::default(),
            trend: AtomicU64::default(),
            state: AtomicU32::default(),
            facts: ArcSwapOption::empty(),
            similar: ArcSwapOption::empty(),
            row: Row::default(),
        }
    }
}

/// The looks behind some hearts. Fewer views than hearts means that views were not recorded; then each heart stands
/// for the six looks that the prior Beta(1, 5) expects of one.
pub(crate) fn looks(hearts: u64, views: u64) -> f32 {
    if views >= hearts {
        views as f32
    } else {
        6.0 * hearts as f32
    }
}

impl Outfit {
    pub(crate) fn describe(
        &self,
        gender: Option<Gender>,
        season: Option<u32>,
        style: Option<u32>,
        visible: bool,
    ) {
        self.season.store(season.unwrap_or(NONE), Relaxed);
        self.style.store(style.unwrap_or(NONE), Relaxed);
        let gender = match gender {
            None => 0,
            Some(Gender::Female) => FEMALE,
            Some(Gender::Male) => MALE,
        };
        self.flags
            .store(TOLD | gender | if visible { VISIBLE } else { 0 }, Relaxed);
    }

    pub(crate) fn is_told(&self) -> bool {
        self.flags.load(Relaxed) & TOLD != 0
    }

    pub(crate) fn is_visible(&self) -> bool {
        self.flags.load(Relaxed) & VISIBLE != 0
    }

    pub(crate) fn gender(&self) -> Option<Gender> {
        match self.flags.load(Relaxed) & (FEMALE | MALE) {
            FEMALE => Some(Gender::Female),
            MALE => Some(Gender::Male),
            _ => None,
        }
    }

    pub(crate) fn season(&self) -> Option<u32> {
        Some(self.season.load(Relaxed)).filter(|&slot| slot != NONE)
    }

    pub(crate) fn style(&self) -> Option<u32> {
        Some(self.style.load(Relaxed)).filter(|&slot| slot != NONE)
    }

    pub(crate) fn looks(&self) -> f32 {
        looks(
            self.hearts.load(Relaxed).into(),
            self.views.load(Relaxed).into(),
        )
    }

    /// Hearts of the last days, at a time in microseconds since 1970.
    pub(crate) fn trend(&self, now: i64) -> f64 {
        let packed = self.trend.load(Relaxed);
        let (seconds, value) = ((packed >> 32) as f64, f32::from_bits(packed as u32));
        let elapsed = (now as f64 / 1e6 - seconds).max(0.0);
        f64::from(value) * (-elapsed / TREND_HALF_LIFE_SECONDS).exp2()
    }

    pub(crate) fn add_trend(&self, amount: f64, now: i64) {
        let value = (self.trend(now) + amount).max(0.0) as f32;
        let seconds = u32::try_from(now / 1_000_000)
            .unwrap_or_default()
            .max((self.trend.load(Relaxed) >> 32) as u32);
        self.trend.store(
            u64::from(seconds) << 32 | u64::from(value.to_bits()),
            Relaxed,
        );
    }

    pub(crate) fn bytes(&self) -> usize {
        let facts = self.facts.load();
        let labels = facts.as_ref().map_or(0, |facts| {
            4 * (facts.labels.len() + facts.capped.len()) + size_of::<Facts>() + 48
        });
        let similar = self
            .similar
            .load()
            .as_ref()
            .map_or(0, |list| 4 * list.outfits.len() + 64);
        size_of::<Self>() + self.row.bytes() + labels + similar
    }
}
