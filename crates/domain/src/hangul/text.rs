//! A text as search sees it.

use super::{
    fold,
    gram::{self, Gram},
};

/// Text as search sees it: a folded, space-less sequence of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText(Vec<char>);

impl SearchText {
    /// Folds a text and drops its white space and invisible characters.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(fold::compact(text))
    }

    /// Is there nothing left to search in? No pattern matches an empty text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pieces to store in the index: distinct and sorted, at most five for each character.
    #[must_use]
    pub fn grams(&self) -> Vec<Gram> {
        gram::all(&self.0)
    }

    pub(super) fn characters(&self) -> &[char] {
        &self.0
    }
}
