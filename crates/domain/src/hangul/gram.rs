//! The pieces an index stores, and their keys.

use sha2::{Digest, Sha256};

use super::jamo;

/// A piece of a text that the index stores: one to three neighbouring characters, on one of two
/// levels.
///
/// A *character* gram is one or two characters as they stand, at least one of them a syllable. An
/// *initial* gram is one to three characters, each syllable reduced to its initial consonant. As
/// only character grams contain syllables, the code points alone tell the level, and a piece
/// without Hangul (`la`) is the same gram on both and stored once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gram([char; 3]);

/// Fills up short grams; folding drops controls, so no text contains it.
const NONE: char = '\0';

impl Gram {
    /// The key of this gram's posting list among those of `scope`, an owner's id.
    ///
    /// The first eight bytes (big-endian, two's complement) of the SHA-256 of `scope` (eight bytes,
    /// big-endian) and then each code point (four bytes, big-endian). Databases keep these keys, so
    /// this must never change. Two grams that shared a key would only cost a superfluous candidate.
    #[must_use]
    pub fn key(&self, scope: i64) -> i64 {
        let mut input = [0; 20];
        let (head, tail) = input.split_at_mut(8);
        head.copy_from_slice(&scope.to_be_bytes());
        for (bytes, character) in tail.chunks_exact_mut(4).zip(self.characters()) {
            bytes.copy_from_slice(&u32::from(*character).to_be_bytes());
        }
        let digest = Sha256::digest(&input[..8 + 4 * self.characters().len()]);
        digest
            .iter()
            .take(8)
            .fold(0, |key, byte| key << 8 | i64::from(*byte))
    }

    /// A gram of up to three characters; more are cut off.
    pub(super) fn new(characters: impl IntoIterator<Item = char>) -> Self {
        let mut gram = [NONE; 3];
        for (place, character) in gram.iter_mut().zip(characters) {
            *place = character;
        }
        Self(gram)
    }

    pub(super) fn characters(&self) -> &[char] {
        let length = self.0.iter().take_while(|c| **c != NONE).count();
        &self.0[..length]
    }

    /// Does every text with this gram have `other` too, so that asking for both is a waste?
    pub(super) fn implies(&self, other: &Self) -> bool {
        let initials = self.0.map(jamo::initial);
        let parts = |whole: &[char]| {
            whole
                .windows(other.characters().len())
                .any(|part| part == other.characters())
        };
        parts(&self.0) || parts(&initials)
    }

    /// How selective this gram is, estimated in tenths of a bit.
    ///
    /// Product names use a thousand syllables, but hardly more than a dozen initials; Latin letters
    /// and digits lie between. So two syllables say more than three initials, and these more than
    /// one syllable.
    pub(super) fn weight(&self) -> u32 {
        let weight = |character: &char| match *character {
            c if jamo::is_initial(c) => 35,
            c if c.is_ascii() => 43,
            _ => 80,
        };
        self.characters().iter().map(weight).sum()
    }
}

/// The distinct grams of a text, sorted.
pub(super) fn all(text: &[char]) -> Vec<Gram> {
    let initials: Vec<char> = text.iter().copied().map(jamo::initial).collect();
    let mut grams = Vec::with_capacity(5 * text.len());
    for at in 0..text.len() {
        let after = |length: usize| at..(at + length).min(text.len());
        for length in 1..=3 {
            grams.push(Gram::new(initials[after(length)].iter().copied()));
        }
        for length in 1..=2 {
            let characters = &text[after(length)];
            if characters.iter().copied().any(jamo::is_syllable) {
                grams.push(Gram::new(characters.iter().copied()));
            }
        }
    }
    grams.sort_unstable();
    grams.dedup();
    grams
}
