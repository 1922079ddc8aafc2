//! Tags, brands and the other values outfits share.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use super::{KeyMap, Shortlist, Slab};
use crate::LabelKey;

/// Where a label stands in an outfit's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum Kind {
    Tag,
    Brand,
    Style,
    Season,
    Region,
    Occupation,
    Gender,
    Reporter,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Tag,
        Self::Brand,
        Self::Style,
        Self::Season,
        Self::Region,
        Self::Occupation,
        Self::Gender,
        Self::Reporter,
    ];

    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte)).copied()
    }

    /// How much of a likeness a shared label of this kind is, beside a shared tag.
    pub(crate) fn weight(self) -> f32 {
        match self {
            Self::Tag | Self::Brand => 1.0,
            Self::Style | Self::Season | Self::Region | Self::Occupation | Self::Gender => 0.3,
            Self::Reporter => 0.0,
        }
    }

    /// Whether people have a taste in it that is worth learning.
    pub(crate) fn is_taste(self) -> bool {
        matches!(self, Self::Tag | Self::Brand | Self::Style)
    }
}

/// One label.
#[derive(Debug, Default)]
pub(crate) struct Label {
    identity: OnceLock<(Kind, LabelKey)>,
    /// How many outfits have it.
    pub(crate) outfits: AtomicU32,
    /// Hearts of outfits that have it.
    pub(crate) hearts: AtomicU32,
    /// Views of outfits that have it.
    pub(crate) views: AtomicU32,
    /// The best of the outfits that have it.
    pub(crate) list: Shortlist,
}

impl Label {
    pub(crate) fn kind(&self) -> Kind {
        self.identity
            .get()
            .map_or(Kind::Reporter, |identity| identity.0)
    }

    pub(crate) fn key(&self) -> LabelKey {
        self.identity
            .get()
            .map_or(LabelKey(0), |identity| identity.1)
    }

    /// How telling it is that two outfits share it: the weight of its kind times the idf of BM25 (Robertson, Zaragoza
    /// 2009), ln(1 + (N - n + 0.5) / (n + 0.5)).
    pub(crate) fn telling(&self, catalogue: f32) -> f32 {
        let outfits = self.outfits.load(Relaxed) as f32;
        self.kind().weight() * (1.0 + (catalogue - outfits + 0.5).max(0.0) / (outfits + 0.5)).ln()
    }
}

/// Every label there is.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    slab: Slab<Label>,
    slots: KeyMap<(Kind, LabelKey), u32>,
}

impl Labels {
    pub(crate) fn get(&self, slot: u32) -> Option<&Label> {
        self.slab.get(slot)
    }

    pub(crate) fn find(&self, kind: Kind, key: LabelKey) -> Option<u32> {
        self.slots.get(&(kind, key))
    }

    /// The label's slot, made if need be. Only the learner calls it; `None` past 16.7 million labels.
    pub(crate) fn find_or_add(&self, kind: Kind, key: LabelKey) -> Option<u32> {
        if let Some(slot) = self.find(kind, key) {
            return Some(slot);
        }
        let slot = self.slab.push()?;
        // A slot is new exactly once, so nobody has named it before.
        let _ = self.slab.get(slot)?.identity.set((kind, key));
        self.slots.insert((kind, key), slot);
        Some(slot)
    }

    pub(crate) fn len(&self) -> usize {
        self.slab.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Label)> {
        self.slab.iter()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.iter()
            .map(|(_, label)| size_of::<Label>() + 32 + label.list.bytes())
            .sum()
    }
}
