//! What a person typed, compiled to a sequence of small tests.

use super::{
    fold,
    gram::Gram,
    jamo::{self, Syllable},
    required,
    text::SearchText,
};

/// What a person typed, compiled: it matches when its characters stand side by side somewhere in
/// the text.
///
/// - A consonant alone stands for itself and for each syllable beginning with it; all else stands
///   for itself.
/// - The last syllable may be half-typed: `슈크리` and `슈클` are moments of typing `슈크림`, `가바` and `갑`
///   of `가방`.
/// - In a syllable before a lone consonant a final may be the initial of the next syllable: whoever
///   types `슈`, `ㅋ`, `ㄹ` to abbreviate `슈크림` sees `슠ㄹ` on the screen.
#[derive(Debug, Clone)]
pub struct Pattern(Vec<Unit>);

/// One character of a pattern.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    /// Exactly this character.
    Exact(char),
    /// This consonant, or a syllable beginning with it.
    Initial(char),
    /// The open syllable at the end, to which a second vowel and a final may still be added.
    Open(Syllable),
    /// A closed syllable whose final may belong to what follows.
    Closed(Closed),
}

/// A closed syllable and the ways to read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closed {
    syllable: Syllable,
    coda: char,
    /// At the end of the pattern the final may still become a cluster: `갑` is on the way to `값`.
    growing: bool,
}

impl Pattern {
    /// Compiles a query; none when nothing but white space and invisible characters is in it.
    #[must_use]
    pub fn parse(query: &str) -> Option<Self> {
        let characters = fold::compact(query);
        let unit = |(at, character): (usize, &char)| {
            Unit::new(*character, characters.get(at + 1).copied())
        };
        let units: Vec<Unit> = characters.iter().enumerate().map(unit).collect();
        (!units.is_empty()).then_some(Self(units))
    }

    /// Does the text contain what was typed?
    #[must_use]
    pub fn matches(&self, text: &SearchText) -> bool {
        let text = text.characters();
        (0..text.len()).any(|start| self.matches_start(&text[start..]))
    }

    /// The grams that every matching text has, most selective first: one to eight, none implied by
    /// another.
    #[must_use]
    pub fn required_grams(&self) -> Vec<Gram> {
        required::grams(&self.0)
    }

    /// Which reading of a closed syllable applies is told by the first character of the text, so
    /// one pass is enough.
    fn matches_start(&self, text: &[char]) -> bool {
        let mut rest = text;
        self.0.iter().all(|unit| {
            let after = unit.length_at(rest).and_then(|length| rest.get(length..));
            rest = after.unwrap_or_default();
            after.is_some()
        })
    }
}

impl Unit {
    fn new(character: char, next: Option<char>) -> Self {
        if jamo::is_initial(character) {
            return Self::Initial(character);
        }
        match Syllable::of(character) {
            Some(syllable) => match syllable.coda {
                Some(coda) if next.is_none_or(jamo::is_initial) => Self::Closed(Closed {
                    syllable,
                    coda,
                    growing: next.is_none(),
                }),
                None if next.is_none() => Self::Open(syllable),
                _ => Self::Exact(character),
            },
            None => Self::Exact(character),
        }
    }

    /// The initial consonant with which every text for this unit begins (any other character stands
    /// for itself).
    pub(super) fn initial(&self) -> char {
        match self {
            Self::Exact(character) => jamo::initial(*character),
            Self::Initial(consonant) => *consonant,
            Self::Open(syllable) => syllable.initial,
            Self::Closed(closed) => closed.syllable.initial,
        }
    }

    /// How many characters at the start of the text this unit takes; none when it does not match
    /// there.
    fn length_at(&self, text: &[char]) -> Option<usize> {
        let first = *text.first()?;
        let matched = match self {
            Self::Exact(character) => first == *character,
            Self::Initial(consonant) => jamo::initial(first) == *consonant,
            Self::Open(typed) => Syllable::of(first).is_some_and(|syllable| {
                syllable.initial == typed.initial
                    && jamo::vowel_leads_to(typed.vowel, syllable.vowel)
            }),
            Self::Closed(closed) => return closed.length_at(first, &text[1..]),
        };
        matched.then_some(1)
    }
}

impl Closed {
    fn length_at(&self, first: char, rest: &[char]) -> Option<usize> {
        let found = Syllable::of(first)?;
        if found.with_coda(None) != self.syllable.with_coda(None) {
            return None;
        }
        let begins = |at: usize, consonant: char| {
            rest.get(at).is_some_and(|c| jamo::initial(*c) == consonant)
        };
        let (kept, moved) = match jamo::split_cluster(self.coda) {
            Some((kept, moved)) => (Some(kept), moved),
            None => (None, self.coda),
        };
        match found.coda {
            coda if coda == self.syllable.coda => Some(1),
            // The last key was the initial of the next syllable: `닭` of `달걀`, `갑` of `가방`.
            coda if coda == kept => begins(0, moved).then_some(2),
            // Both keys were initials: `익` and `ㅅ` make `읷`, and `이ㄱㅅ` was meant.
            None => (begins(0, kept?) && begins(1, moved)).then_some(3),
            Some(coda) => {
                let grown = jamo::split_cluster(coda).is_some_and(|(begun, _)| begun == self.coda);
                (self.growing && grown).then_some(1)
            }
        }
    }
}
