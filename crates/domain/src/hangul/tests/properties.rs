//! What holds for every text: nothing typed from a text may fail to find it, and the index may lose
//! nothing.

use std::collections::BTreeSet;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{
    super::{Pattern, SearchText, fold, jamo},
    finds,
    keyboard::{self, Key, Screen},
};

/// Syllables and initials from a few letters, so that texts and patterns often nearly agree.
fn small_hangul(length: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<char>> {
    let syllable = prop::sample::select(
        "가각갃갑값고곡과곽사삭삿소갂까바밗고가"
            .chars()
            .collect::<Vec<_>>(),
    );
    let initial = prop::sample::select(vec!['ㄱ', 'ㅅ', 'ㅂ', 'ㄲ']);
    prop::collection::vec(prop_oneof![3 => syllable, 1 => initial], length)
}

/// Any syllables, with blanks between them.
fn hangul_name() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![6 => prop::char::range('가', '힣'), 1 => Just(' ')],
        1..12,
    )
    .prop_map(|characters| characters.into_iter().collect())
}

/// A name in any mixture of scripts.
fn name() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        5 => prop::char::range('가', '힣'),
        2 => prop::char::range('ㄱ', 'ㅣ'),
        1 => prop::char::range('\u{1100}', '\u{11FF}'),
        1 => prop::char::range('\u{FFA0}', '\u{FFDC}'),
        3 => prop::char::range(' ', '~'),
        1 => any::<char>(),
    ];
    prop::collection::vec(character, 1..16).prop_map(|characters| characters.into_iter().collect())
}

/// A name and a stretch of it: as folded, and with the initials taken where the mask says so.
fn stretch(name: &str, from: usize, length: usize, mask: u32) -> (String, String) {
    let text = SearchText::new(name);
    let characters = text.characters();
    let from = from % characters.len().max(1);
    let part = characters.iter().copied().skip(from).take(length.max(1));
    let mixed = part.clone().enumerate().map(|(at, c)| {
        if mask >> at & 1 == 1 {
            jamo::initial(c)
        } else {
            c
        }
    });
    (part.collect(), mixed.collect())
}

/// The index must offer what the pattern matches.
fn index_keeps(query: &str, name: &str) -> bool {
    let stored: BTreeSet<_> = SearchText::new(name).grams().into_iter().collect();
    Pattern::parse(query).is_none_or(|pattern| {
        pattern
            .required_grams()
            .iter()
            .all(|gram| stored.contains(gram))
    })
}

/// All that may be on the screen of a person who types a part of the text and abbreviates as they
/// like.
///
/// Now and then the person ends a composition (with a blank or the mouse), so each piece is
/// composed by itself. Only the screens where a swallowed initial has a syllable behind it are left
/// out: `감자` never means `가`, `ㅁ`, `자`.
fn everything_typed(text: &[char]) -> BTreeSet<String> {
    let mut typed = BTreeSet::new();
    for (from, to) in (0..text.len()).flat_map(|from| (from..text.len()).map(move |to| (from, to)))
    {
        let part = &text[from..=to];
        for (mask, cuts) in (0u32..1 << part.len())
            .flat_map(|mask| (0u32..1 << part.len()).map(move |cuts| (mask, cuts)))
        {
            let mut before = Screen::new();
            let mut keys: Vec<Key> = Vec::new();
            for (at, character) in part.iter().enumerate() {
                let first = character.nfd().next().and_then(jamo::compatibility);
                let abbreviated = mask >> at & 1 == 1 || jamo::is_initial(*character);
                let pressed = if abbreviated { first } else { Some(*character) };
                keys.extend(
                    pressed
                        .into_iter()
                        .flat_map(|c| keyboard::keys(c, abbreviated)),
                );
                let screens = keyboard::screens(&keys);
                typed.extend(
                    screens
                        .iter()
                        .map(|screen| [before.as_slice(), screen].concat())
                        .filter_map(readable),
                );
                if cuts >> at & 1 == 1 {
                    before.extend(screens.into_iter().last().unwrap_or_default());
                    keys.clear();
                }
            }
        }
    }
    typed
}

fn readable(screen: Screen) -> Option<String> {
    let swallowed = screen
        .windows(2)
        .any(|pair| pair[0].1 && ('가'..='힣').contains(&pair[1].0));
    (!swallowed).then(|| {
        fold(
            &screen
                .into_iter()
                .map(|(shown, _)| shown)
                .collect::<String>(),
        )
    })
}

proptest! {
    #[test]
    fn every_part_of_a_name_finds_it(name in name(), from: usize, length in 1usize..9, mask: u32) {
        let (part, mixed) = stretch(&name, from, length, mask);
        let (_, initials) = stretch(&name, from, length, u32::MAX);
        for query in [part, mixed, initials] {
            let found = query.is_empty() || finds(&query, &name);
            prop_assert!(found, "{query:?} should find {name:?}");
            prop_assert!(index_keeps(&query, &name), "the index loses {name:?} to {query:?}");
        }
    }

    #[test]
    fn a_name_is_found_at_every_moment_of_typing_it(name in hangul_name(), from in 0usize..12) {
        let typed: Vec<char> = name.chars().filter(|c| *c != ' ').skip(from).collect();
        let keys: Vec<Key> = typed.iter().flat_map(|c| keyboard::keys(*c, false)).collect();
        for screen in keyboard::screens(&keys) {
            let query: String = screen.into_iter().map(|(shown, _)| shown).collect();
            prop_assert!(finds(&query, &name), "{query} should find {name}");
            prop_assert!(index_keeps(&query, &name), "the index loses {name} to {query}");
        }
    }

    #[test]
    fn what_is_found_is_what_a_keyboard_can_show(
        text in small_hangul(1..=3),
        query in small_hangul(1..=4),
    ) {
        let typed = everything_typed(&text);
        let text: String = text.into_iter().collect();
        for shown in &typed {
            prop_assert!(finds(shown, &text), "{shown} should find {text}");
            prop_assert!(index_keeps(shown, &text), "the index loses {text} to {shown}");
        }
        let query: String = query.into_iter().collect();
        prop_assert_eq!(finds(&query, &text), typed.contains(&query), "{} finding {}", query, text);
    }

    #[test]
    fn composition_makes_no_difference(query in name(), name in name()) {
        let forms = [query.nfc().collect::<String>(), query.nfd().collect()];
        for form in &forms {
            prop_assert_eq!(SearchText::new(form), SearchText::new(&query));
            prop_assert_eq!(finds(form, &name), finds(&query, &name));
            prop_assert_eq!(fold(form), fold(&query));
        }
    }

    #[test]
    fn folding_is_stable(text in any::<String>(), name in name()) {
        for text in [text, name] {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
            let once: String = SearchText::new(&text).characters().iter().collect();
            prop_assert_eq!(SearchText::new(&once), SearchText::new(&text));
            prop_assert_eq!(SearchText::new(&fold(&text)), SearchText::new(&text));
        }
    }

    #[test]
    fn without_hangul_it_is_plain_substring_search(
        text in "[ab%_\\\\ ]{0,8}",
        query in "[abAB%_\\\\]{1,3}",
    ) {
        let plain = text.replace(' ', "").contains(&query.to_lowercase());
        prop_assert_eq!(finds(&query, &text), plain);
    }

    #[test]
    fn any_input_is_taken_and_the_index_never_loses_a_hit(
        query: String,
        text: String,
        name in name(),
    ) {
        for query in [&query, &name] {
            for text in [&text, &name] {
                prop_assert!(!finds(query, text) || index_keeps(query, text));
            }
        }
    }

    #[test]
    fn grams_are_distinct_and_required_ones_few(name in name()) {
        let grams = SearchText::new(&name).grams();
        prop_assert!(grams.is_sorted() && grams.windows(2).all(|pair| pair[0] != pair[1]));
        if let Some(pattern) = Pattern::parse(&name) {
            let required = pattern.required_grams();
            prop_assert!((1..=8).contains(&required.len()));
            for (at, gram) in required.iter().enumerate() {
                let others = [&required[..at], &required[at + 1..]].concat();
                prop_assert!(!others.iter().any(|other| other.implies(gram)));
            }
        }
    }
}
