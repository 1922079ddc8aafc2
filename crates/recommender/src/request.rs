//! What the engine is asked, and what it answers.

use std::collections::HashSet;

use crate::{Gender, LabelKey, OutfitKey, Parameters, PersonKey};

/// Which outfits come into question at all. An outfit of which the filtered value is not known does not pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Only these wearers.
    pub gender: Option<Gender>,
    /// Only this season.
    pub season: Option<LabelKey>,
    /// Only this style.
    pub style: Option<LabelKey>,
}

/// One question for the best outfits.
#[derive(Clone, Copy, Debug)]
pub struct RankRequest<'a> {
    /// For whom.
    pub person: PersonKey,
    /// The time, in microseconds since 1970.
    pub now: i64,
    /// What all chance of the answer comes from: the same seed on the same engine gives the same answer.
    pub seed: u64,
    /// How many outfits are wanted.
    pub size: usize,
    /// Outfits that are not to be in the answer.
    pub exclude: &'a HashSet<OutfitKey>,
    /// Which outfits come into question.
    pub filter: Filter,
    /// The parameters of the person's bucket.
    pub parameters: &'a Parameters,
}

/// Why an outfit stands where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// People who hearted this outfit, as the person did, hearted it too.
    SimilarTo(OutfitKey),
    /// The person likes this tag.
    Tag(LabelKey),
    /// Many like it.
    Popular,
    /// Few have seen it: this slot finds out what it is worth.
    Explore,
}

/// One outfit of a feed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// Which outfit.
    pub outfit: OutfitKey,
    /// What it was ranked by, to be compared within one answer only; 0 in a slot that explores.
    pub score: f32,
    /// Why it is there.
    pub reason: Reason,
    /// In a slot that explores, how likely this outfit was to be picked for it, in steps of 1/16: what an
    /// off-policy estimate divides by.
    pub propensity: Option<f32>,
}

/// Some figures of an engine, for logs and metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Outfits it was told of, hidden ones too.
    pub outfits: usize,
    /// People it remembers.
    pub persons: usize,
    /// Hearts that stand.
    pub hearts: u64,
    /// Events it has learned since it was made, read or rebuilt.
    pub events: u64,
    /// About how many bytes it keeps in memory.
    pub bytes: usize,
}
