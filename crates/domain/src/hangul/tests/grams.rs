//! What the index stores, and what it is asked for.

use super::super::{Gram, Pattern, SearchText};

fn shown(grams: &[Gram]) -> Vec<String> {
    grams
        .iter()
        .map(|gram| gram.characters().iter().collect())
        .collect()
}

fn stored(text: &str) -> Vec<String> {
    shown(&SearchText::new(text).grams())
}

fn required(query: &str) -> Vec<String> {
    shown(&Pattern::parse(query).expect("a pattern").required_grams())
}

#[test]
fn a_text_is_stored_as_characters_and_as_initials() {
    assert_eq!(
        stored("슈크림"),
        [
            "ㄹ",
            "ㅅ",
            "ㅅㅋ",
            "ㅅㅋㄹ",
            "ㅋ",
            "ㅋㄹ",
            "림",
            "슈",
            "슈크",
            "크",
            "크림"
        ]
    );
    assert_eq!(stored("ㅋ1"), ["1", "ㅋ", "ㅋ1"]);
    assert_eq!(stored("Lala"), ["a", "al", "ala", "l", "la", "lal"]);
    assert_eq!(stored("a가"), ["a", "aㄱ", "a가", "ㄱ", "가"]);
    assert_eq!(stored("😀"), ["😀"]);
    assert!(stored(" ").is_empty());
}

#[test]
fn a_pattern_requires_what_all_its_readings_share() {
    for (query, grams) in [
        ("ㅅ", &["ㅅ"][..]),
        ("슈", &["ㅅ"]),
        ("닭", &["ㄷ"]),
        ("ㅅㅋ", &["ㅅㅋ"]),
        ("ㅅㅋㄹ", &["ㅅㅋㄹ"]),
        ("슈ㅋ", &["슈", "ㅅㅋ"]),
        ("슈크리", &["슈크", "ㅅㅋㄹ"]),
        ("슈크림", &["슈크", "ㅅㅋㄹ"]),
        ("슠ㄹㄸ", &["ㄹㄸ", "ㅅ"]),
        ("크림라ㄸ", &["림라", "크림", "ㄹㄹㄸ", "ㅋㄹㄹ"]),
        ("la", &["la"]),
        ("latte", &["att", "lat", "tte"]),
        ("a가ㄴ", &["a가", "aㄱㄴ"]),
        (
            "가나ㄴ가나ㄷ",
            &["가나", "ㄱㄴㄴ", "ㄱㄴㄷ", "ㄴㄱㄴ", "ㄴㄴㄱ"],
        ),
        ("ㅠ", &["ㅠ"]),
    ] {
        assert_eq!(required(query), grams, "{query}");
    }
}

#[test]
fn a_long_pattern_asks_for_eight_grams_from_all_over() {
    let query: String = ('가'..).step_by(28 * 3).take(64).collect();
    let grams = required(&query);
    assert_eq!(grams.len(), 8);
    for (eighth, gram) in grams.iter().enumerate() {
        let start = query.find(gram.as_str()).expect("a gram of characters");
        assert_eq!(start / 3 / 8, eighth);
    }
}

#[test]
fn keys_are_stable_and_tell_scopes_levels_and_grams_apart() {
    let key = |scope, text: &str| Gram::new(text.chars()).key(scope);
    // Computed elsewhere: sha256(scope as >q, code points as >I…)[:8] as >q. Stored in databases,
    // so these stay.
    assert_eq!(key(1, "ㅅㅋㄹ"), 5_234_892_811_878_366_110);
    assert_eq!(key(-7, "슈크"), 6_264_624_149_335_132_487);
    assert_eq!(key(i64::MAX, "😀"), 4_677_368_424_948_661_800);
    let keys = [
        key(1, "a"),
        key(1, "aa"),
        key(2, "a"),
        key(1, "ㄱ"),
        key(1, "가"),
        key(0, "a"),
    ];
    let distinct: std::collections::HashSet<i64> = keys.into();
    assert_eq!(distinct.len(), keys.len());
}
