//! What the engine is told of an outfit.

use crate::{LabelKey, OutfitKey};

/// Whom an outfit is worn by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gender {
    /// Women.
    Female,
    /// Men.
    Male,
}

/// Everything the engine knows of an outfit beside what people did with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutfitFacts {
    /// Which outfit.
    pub id: OutfitKey,
    /// Its tags, in any order; repetitions count once.
    pub tags: Vec<LabelKey>,
    /// The brands that are worn.
    pub brands: Vec<LabelKey>,
    /// Who photographed it. At most two of one reporter are shown in ten.
    pub reporter: Option<LabelKey>,
    /// Whom it is worn by, if known.
    pub gender: Option<Gender>,
    /// Years of age of who wears it, if known.
    pub age: Option<u8>,
    /// Its style.
    pub style: Option<LabelKey>,
    /// The season it is for.
    pub season: Option<LabelKey>,
    /// Where it was seen.
    pub region: Option<LabelKey>,
    /// What its wearer does.
    pub occupation: Option<LabelKey>,
    /// When it was published, in microseconds since 1970.
    pub created_at: i64,
    /// Whether anybody may be shown it.
    pub visible: bool,
}
