//! Folding: many spellings of one text become one sequence of characters.

use unicode_normalization::UnicodeNormalization;

use super::jamo;

/// Folds a text for sort keys and exact filters: case, width, compatibility forms and composition
/// no longer differ.
///
/// White space is kept as single blanks between words, trimmed at both ends; characters nobody sees
/// are dropped. Letters of Hangul standing alone stay alone, and a consonant cluster (`ㄳ`) becomes
/// the two consonants which were typed. The result is stable: folding it again changes nothing.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in characters(text) {
        if !character.is_whitespace() {
            folded.push(character);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// The folded text without its white space, as search compares it.
pub(super) fn compact(text: &str) -> Vec<char> {
    // Closing the gaps can bring a letter and an accent together, hence the composition.
    characters(text)
        .into_iter()
        .filter(|character| !character.is_whitespace())
        .nfc()
        .collect()
}

/// Every folded character, white space still as it was.
fn characters(text: &str) -> Vec<char> {
    let mut folded = Vec::with_capacity(text.len());
    // Jamo wait outside: NFKC would make conjoining jamo of them and compose `ㅅㅏ` to `사`, which
    // nobody typed.
    let mut run = String::new();
    for character in text.chars().filter(|c| !is_invisible(*c)).nfc() {
        if let Some(letter) = jamo::compatibility(character) {
            fold_run(&mut run, &mut folded);
            push_jamo(letter, &mut folded);
        } else {
            run.push(character);
        }
    }
    fold_run(&mut run, &mut folded);
    folded
}

/// Folds `run`, which holds no jamo, to the end of `folded` and empties it.
fn fold_run(run: &mut String, folded: &mut Vec<char>) {
    // Through upper case, which makes `ß` equal to `ss` and both sigmas one; by way of `ß` the
    // capital `ẞ` joins them.
    let characters = run
        .nfkc()
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfkc();
    for character in characters {
        // Circled and parenthesised letters (`㉠`) come out as conjoining jamo.
        match jamo::compatibility(character) {
            Some(letter) => push_jamo(letter, folded),
            None => folded.push(character),
        }
    }
    run.clear();
}

fn push_jamo(letter: char, folded: &mut Vec<char>) {
    match jamo::split_cluster(letter) {
        Some((first, second)) => folded.extend([first, second]),
        None => folded.push(letter),
    }
}

/// Characters which leave no mark on a screen and come along by copying: controls, joiners,
/// fillers, selectors.
fn is_invisible(character: char) -> bool {
    if character.is_control() {
        return !character.is_whitespace();
    }
    matches!(
        character,
        '\u{AD}'                                      // soft hyphen
        | '\u{34F}'                                   // combining grapheme joiner
        | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' // Hangul fillers
        | '\u{180B}'..='\u{180F}'                     // Mongolian selectors
        | '\u{61C}' | '\u{200B}'..='\u{200F}'         // zero-width space, joiners, direction
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' // variation selectors
        | '\u{FEFF}' // byte order mark
    )
}
