//! Search the way a Korean types: by syllables, by initial consonants, half-typed, and case- and
//! width-blind.
//!
//! A product called `슈크림 라떼` is found by `크림 라`, by `ㅅㅋㄹ`, by the mixture `슈ㅋㄹ`, and at every
//! moment while its name is being typed on a two-set (dubeolsik) keyboard. The work is divided so
//! that no search scans a table:
//!
//! 1. [`SearchText`] folds a name, and [`SearchText::grams`] lists the pieces the index stores for
//!    it.
//! 2. [`Pattern`] compiles what was typed, and [`Pattern::required_grams`] lists the pieces every
//!    hit must have: the index intersects their posting lists.
//! 3. [`Pattern::matches`] decides about the few candidates which are left. The index may offer too
//!    many, never too few.
//!
//! [`fold`] is the same folding with blanks kept, for sort keys and exact filters.

mod fold;
mod gram;
mod jamo;
mod pattern;
mod required;
mod text;

#[cfg(test)]
mod tests;

pub use fold::fold;
pub use gram::Gram;
pub use pattern::Pattern;
pub use text::SearchText;
