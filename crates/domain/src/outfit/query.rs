//! Asking for outfits.

use super::{Gender, LabelId, OutfitId};

/// Which outfits, the newest first (by id), from where, how many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutfitQuery {
    /// One of the labels of each of these sets.
    pub labels: Vec<Vec<LabelId>>,
    /// Worn by.
    pub gender: Option<Gender>,
    /// The hidden ones instead of the visible.
    pub hidden: bool,
    /// Only ids below this one.
    pub before: Option<OutfitId>,
    /// The most to answer.
    pub limit: u64,
}
