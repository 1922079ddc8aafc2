//! What decides where nothing was said.

use sha2::{Digest, Sha256};

/// A hash of all that was said, from which choices are drawn by name: what is decided for one part
/// of the face never depends on how much was decided before.
#[derive(Clone, Debug)]
pub(crate) struct Seed([u8; 32]);

impl Seed {
    pub(crate) fn of<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // Lengths keep the parts apart: "a", "b" is not "ab", "".
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// A number below `bound` for this purpose.
    pub(crate) fn below(&self, purpose: &str, bound: usize) -> usize {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(purpose);
        let digest = hash.finalize();
        let number = digest
            .iter()
            .take(4)
            .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        number % bound.max(1)
    }

    /// One of these for this purpose; the first where there are none to choose from.
    pub(crate) fn one_of<T: Copy>(&self, purpose: &str, first: T, others: &[T]) -> T {
        match self.below(purpose, others.len() + 1) {
            0 => first,
            index => others.get(index - 1).copied().unwrap_or(first),
        }
    }

    /// Yes in so many of a hundred cases.
    pub(crate) fn percent(&self, purpose: &str, percent: usize) -> bool {
        self.below(purpose, 100) < percent
    }
}
