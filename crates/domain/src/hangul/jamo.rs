//! The arithmetic of Hangul: syllables are numbered by initial, vowel and final, and letters have
//! four encodings.

/// The 19 consonants a syllable can begin with, in the order Unicode numbers them.
const INITIALS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];

/// The 27 consonants and clusters a syllable can end with, in the order Unicode numbers them.
const FINALS: [char; 27] = [
    'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ', 'ㄵ', 'ㄶ', 'ㄷ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ',
    'ㅂ', 'ㅄ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ',
];

const FIRST_SYLLABLE: u32 = 0xAC00;
const LAST_SYLLABLE: u32 = 0xD7A3;
const FIRST_VOWEL: u32 = 0x314F;
const VOWELS: u32 = 21;
/// The 27 finals, and none.
const CODAS: u32 = 28;

/// A modern syllable, taken apart into compatibility jamo (U+3131–U+3163).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syllable {
    pub(super) initial: char,
    pub(super) vowel: char,
    /// The final consonant or cluster, none in an open syllable.
    pub(super) coda: Option<char>,
}

impl Syllable {
    /// Takes a precomposed syllable apart; none for every other character.
    pub(super) fn of(character: char) -> Option<Self> {
        let index = syllable_index(character)?;
        let coda = (index % CODAS).checked_sub(1);
        Some(Self {
            initial: initial_at(index / (VOWELS * CODAS))?,
            vowel: char::from_u32(FIRST_VOWEL + index / CODAS % VOWELS)?,
            coda: coda.and_then(|coda| FINALS.get(coda as usize).copied()),
        })
    }

    /// The same syllable with another final.
    pub(super) fn with_coda(self, coda: Option<char>) -> Self {
        Self { coda, ..self }
    }
}

/// Is this one of the 11,172 precomposed syllables?
pub(super) fn is_syllable(character: char) -> bool {
    syllable_index(character).is_some()
}

/// What initial-consonant search sees: the first consonant of a syllable; every other character
/// stands for itself.
pub(super) fn initial(character: char) -> char {
    syllable_index(character)
        .and_then(|index| initial_at(index / (VOWELS * CODAS)))
        .unwrap_or(character)
}

/// Is this a consonant, standing alone, which could begin a syllable?
pub(super) fn is_initial(character: char) -> bool {
    INITIALS.contains(&character)
}

/// The two keys behind a consonant cluster. Doubled consonants (`ㄲ`) are one key and letters of
/// their own.
pub(super) fn split_cluster(consonant: char) -> Option<(char, char)> {
    Some(match consonant {
        'ㄳ' => ('ㄱ', 'ㅅ'),
        'ㄵ' => ('ㄴ', 'ㅈ'),
        'ㄶ' => ('ㄴ', 'ㅎ'),
        'ㄺ' => ('ㄹ', 'ㄱ'),
        'ㄻ' => ('ㄹ', 'ㅁ'),
        'ㄼ' => ('ㄹ', 'ㅂ'),
        'ㄽ' => ('ㄹ', 'ㅅ'),
        'ㄾ' => ('ㄹ', 'ㅌ'),
        'ㄿ' => ('ㄹ', 'ㅍ'),
        'ㅀ' => ('ㄹ', 'ㅎ'),
        'ㅄ' => ('ㅂ', 'ㅅ'),
        _ => return None,
    })
}

/// Can `vowel` be on its way to `target`: the same vowel, or one more key away from it?
pub(super) fn vowel_leads_to(vowel: char, target: char) -> bool {
    vowel == target
        || match vowel {
            'ㅗ' => matches!(target, 'ㅘ' | 'ㅙ' | 'ㅚ'),
            'ㅜ' => matches!(target, 'ㅝ' | 'ㅞ' | 'ㅟ'),
            'ㅡ' => target == 'ㅢ',
            _ => false,
        }
}

/// The compatibility jamo for a jamo in any encoding: itself, conjoining (modern letters) or
/// half-width.
///
/// None for what is not a jamo, and for conjoining letters no longer in use, which stay as they
/// are.
pub(super) fn compatibility(character: char) -> Option<char> {
    let code = u32::from(character);
    let letter = |from: u32, to: u32| char::from_u32(code - from + to);
    match code {
        0x3131..=0x318E => Some(character),
        0x1100..=0x1112 => initial_at(code - 0x1100),
        // Two clusters that NFKC, applied elsewhere, spells with an old initial.
        0x111A => Some('ㅀ'),
        0x1121 => Some('ㅄ'),
        0x1161..=0x1175 => letter(0x1161, FIRST_VOWEL),
        0x11A8..=0x11C2 => FINALS.get((code - 0x11A8) as usize).copied(),
        0xFFA1..=0xFFBE => letter(0xFFA1, 0x3131),
        // The half-width vowels sit in columns of six with gaps between them.
        0xFFC2..=0xFFC7 => letter(0xFFC2, FIRST_VOWEL),
        0xFFCA..=0xFFCF => letter(0xFFCA, FIRST_VOWEL + 6),
        0xFFD2..=0xFFD7 => letter(0xFFD2, FIRST_VOWEL + 12),
        0xFFDA..=0xFFDC => letter(0xFFDA, FIRST_VOWEL + 18),
        _ => None,
    }
}

fn syllable_index(character: char) -> Option<u32> {
    let code = u32::from(character);
    (FIRST_SYLLABLE..=LAST_SYLLABLE)
        .contains(&code)
        .then(|| code - FIRST_SYLLABLE)
}

fn initial_at(index: u32) -> Option<char> {
    INITIALS.get(index as usize).copied()
}
