//! A two-set (dubeolsik) keyboard with its input method: what is on the screen after each key.
//!
//! Written from the keyboard's side (a state machine over keys, letters placed by Unicode's
//! conjoining algorithm through NFC), so that it shares neither code nor tables with what it tests.

use unicode_normalization::UnicodeNormalization;

/// A key, and whether it was pressed for an initial standing for its syllable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    letter: char,
    abbreviation: bool,
}

/// Compound letters and their two keys; the first seven are vowels.
const COMPOUNDS: [(&str, char); 18] = [
    ("ㅗㅏ", 'ㅘ'),
    ("ㅗㅐ", 'ㅙ'),
    ("ㅗㅣ", 'ㅚ'),
    ("ㅜㅓ", 'ㅝ'),
    ("ㅜㅔ", 'ㅞ'),
    ("ㅜㅣ", 'ㅟ'),
    ("ㅡㅣ", 'ㅢ'),
    ("ㄱㅅ", 'ㄳ'),
    ("ㄴㅈ", 'ㄵ'),
    ("ㄴㅎ", 'ㄶ'),
    ("ㄹㄱ", 'ㄺ'),
    ("ㄹㅁ", 'ㄻ'),
    ("ㄹㅂ", 'ㄼ'),
    ("ㄹㅅ", 'ㄽ'),
    ("ㄹㅌ", 'ㄾ'),
    ("ㄹㅍ", 'ㄿ'),
    ("ㄹㅎ", 'ㅀ'),
    ("ㅂㅅ", 'ㅄ'),
];
const LEADING: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const TRAILING: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

/// One block on the screen: up to one initial (or cluster, when alone), one vowel, two final keys.
#[derive(Debug, Clone, Default)]
struct Block {
    leading: Vec<Key>,
    vowel: Option<char>,
    trailing: Vec<Key>,
}

/// What is on the screen, and whether the final of each character was pressed for an initial.
pub(super) type Screen = Vec<(char, bool)>;

/// The keys for a syllable or a lone consonant.
pub(super) fn keys(character: char, abbreviation: bool) -> Vec<Key> {
    let letters = character.nfd().map(|part| match u32::from(part) {
        code @ 0x1100..=0x1112 => nth(LEADING, code - 0x1100),
        code @ 0x1161..=0x1175 => char::from_u32(code - 0x1161 + 0x314F).expect("a vowel"),
        code @ 0x11A8..=0x11C2 => nth(TRAILING, code - 0x11A8),
        _ => part,
    });
    letters
        .flat_map(pressed)
        .map(|letter| Key {
            letter,
            abbreviation,
        })
        .collect()
}

/// The screens while the keys are pressed one after another, the last one being the finished text.
pub(super) fn screens(keys: &[Key]) -> Vec<Screen> {
    let mut blocks = vec![Block::default()];
    let mut screens = Vec::new();
    for key in keys {
        press(&mut blocks, *key);
        screens.push(blocks.iter().flat_map(Block::show).collect());
    }
    screens
}

fn press(blocks: &mut Vec<Block>, key: Key) {
    let mut block = blocks.pop().unwrap_or_default();
    let mut next = None;
    if is_vowel(key.letter) {
        match block.vowel {
            None if block.leading.len() < 2 => block.vowel = Some(key.letter),
            // A cluster, or a final: its last consonant moves in front of the vowel.
            None => {
                next = Some(Block {
                    leading: block.leading.pop().into_iter().collect(),
                    ..Block::default()
                })
            }
            Some(vowel) if block.trailing.is_empty() => match compound(&[vowel, key.letter]) {
                Some(both) if pressed(vowel).len() == 1 => block.vowel = Some(both),
                _ => next = Some(Block::default()),
            },
            Some(_) => {
                next = Some(Block {
                    leading: block.trailing.pop().into_iter().collect(),
                    ..Block::default()
                })
            }
        }
        if let Some(next) = &mut next {
            next.vowel = Some(key.letter);
        }
    } else {
        let alone = block.vowel.is_none();
        // A vowel without an initial takes no final.
        let open = alone || !block.leading.is_empty();
        let place = if alone {
            &mut block.leading
        } else {
            &mut block.trailing
        };
        let fits = match place.as_slice() {
            [] => alone || TRAILING.contains(key.letter),
            [first] => compound(&[first.letter, key.letter]).is_some(),
            _ => false,
        };
        if fits && open {
            place.push(key);
        } else {
            next = Some(Block {
                leading: vec![key],
                ..Block::default()
            });
        }
    }
    blocks.push(block);
    blocks.extend(next);
}

impl Block {
    fn show(&self) -> Option<(char, bool)> {
        let leading = letter(&self.leading);
        let shown = match (leading, self.vowel) {
            (Some(leading), Some(vowel)) => {
                let mut parts = String::new();
                parts.extend(char::from_u32(0x1100 + index(LEADING, leading)));
                parts.extend(char::from_u32(0x1161 + u32::from(vowel) - 0x314F));
                parts.extend(
                    letter(&self.trailing)
                        .and_then(|l| char::from_u32(0x11A8 + index(TRAILING, l))),
                );
                parts.nfc().next()
            }
            (leading, vowel) => leading.or(vowel),
        };
        shown.map(|shown| (shown, self.trailing.iter().any(|key| key.abbreviation)))
    }
}

fn letter(keys: &[Key]) -> Option<char> {
    match keys {
        [] => None,
        [key] => Some(key.letter),
        several => compound(&several.iter().map(|key| key.letter).collect::<Vec<_>>()),
    }
}

fn compound(letters: &[char]) -> Option<char> {
    COMPOUNDS
        .iter()
        .find_map(|(keys, shown)| keys.chars().eq(letters.iter().copied()).then_some(*shown))
}

fn pressed(letter: char) -> Vec<char> {
    let keys = COMPOUNDS.iter().find(|(_, shown)| *shown == letter);
    keys.map_or_else(|| vec![letter], |(keys, _)| keys.chars().collect())
}

fn is_vowel(letter: char) -> bool {
    ('ㅏ'..='ㅣ').contains(&letter)
}

fn nth(letters: &str, index: u32) -> char {
    letters
        .chars()
        .nth(index as usize)
        .expect("a letter of the alphabet")
}

fn index(letters: &str, letter: char) -> u32 {
    let at = letters.chars().position(|other| other == letter);
    u32::try_from(at.expect("a letter of the alphabet")).expect("few letters")
}

#[test]
fn the_simulated_keyboard_shows_what_a_real_one_does() {
    let typed = |text: &str| -> Vec<String> {
        let keys: Vec<Key> = text.chars().flat_map(|c| keys(c, false)).collect();
        let shown = |screen: Screen| screen.into_iter().map(|(c, _)| c).collect();
        screens(&keys).into_iter().map(shown).collect()
    };
    assert_eq!(
        typed("슈크림"),
        ["ㅅ", "슈", "슠", "슈크", "슈클", "슈크리", "슈크림"]
    );
    assert_eq!(typed("달걀"), ["ㄷ", "다", "달", "닭", "달갸", "달걀"]);
    assert_eq!(typed("값"), ["ㄱ", "가", "갑", "값"]);
    assert_eq!(typed("과외"), ["ㄱ", "고", "과", "광", "과오", "과외"]);
    assert_eq!(typed("어깨"), ["ㅇ", "어", "얶", "어깨"]);
    assert_eq!(typed("ㄱㅅㅋ"), ["ㄱ", "ㄳ", "ㄳㅋ"]);
    assert_eq!(typed("슈ㅋㄹ"), ["ㅅ", "슈", "슠", "슠ㄹ"]);
}
