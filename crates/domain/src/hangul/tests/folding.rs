//! Which spellings are one text.

use unicode_normalization::UnicodeNormalization;

use super::super::{SearchText, fold};

#[test]
fn spellings_of_one_text_fold_together() {
    for (text, folded) in [
        ("  Café\u{301}  LATTE\n", "cafe\u{301}\u{301} latte"),
        ("Cafe\u{301}", "café"),
        ("ＬＡＴＴＥ　１２％", "latte 12%"),
        ("Straße", "strasse"),
        ("STRAẞE", "strasse"),
        ("ΟΔΟΣ", "οδοσ"),
        ("οδος", "οδοσ"),
        ("ﬁn ①", "fin 1"),
        ("ｶﾞ", "ガ"),
        ("a\u{200B}b\u{AD}c\u{FEFF}\0", "abc"),
        ("❤\u{FE0F}", "❤"),
        (r"50%_\", r"50%_\"),
        ("𝒜𐐀😀", "a𐐨😀"),
        ("\u{3000} \t", ""),
    ] {
        assert_eq!(fold(text), fold(folded), "{text:?}");
        assert_eq!(fold(text), folded.nfc().collect::<String>(), "{text:?}");
    }
}

#[test]
fn lone_letters_stay_letters_in_every_encoding() {
    for (text, folded) in [
        ("ㅅㅏ", "ㅅㅏ"),
        ("\u{1109}\u{1172}", "슈"),
        ("\u{1109}\u{110F}", "ㅅㅋ"),
        ("\u{1161}\u{11A8}", "ㅏㄱ"),
        ("가\u{11A8}", "각"),
        ("가각\u{11A8}", "가각ㄱ"),
        ("\u{FFA1}\u{FFB5}\u{FFBE}\u{FFC2}\u{FFCC}", "ㄱㅅㅎㅏㅗ"),
        ("㉠㉮", "ㄱ가"),
        ("ㄲㄸㅃㅆㅉ", "ㄲㄸㅃㅆㅉ"),
        ("ㄳㄵㄶ", "ㄱㅅㄴㅈㄴㅎ"),
        ("ㄺㄻㄼㄽㄾㄿㅀㅄ", "ㄹㄱㄹㅁㄹㅂㄹㅅㄹㅌㄹㅍㄹㅎㅂㅅ"),
        ("\u{11AA}ﾣ", "ㄱㅅㄱㅅ"),
        ("ㄱ\u{3164}ﾠㅏ", "ㄱㅏ"),
    ] {
        assert_eq!(fold(text), folded, "{text:?}");
    }
}

#[test]
fn white_space_is_one_blank_for_sorting_and_nothing_for_search() {
    assert_eq!(fold(" 슈크림 \t\u{3000} 라떼\u{200B} "), "슈크림 라떼");
    assert_eq!(SearchText::new("슈 크\n림"), SearchText::new("슈크림"));
    assert_eq!(SearchText::new("e \u{301}"), SearchText::new("é"));
    assert!(SearchText::new(" \u{200B}\u{3164}").is_empty());
    assert!(!SearchText::new("ㅋ").is_empty());
}

#[test]
fn every_character_folds_to_something_stable() {
    let unstable = |character: &char| {
        let once = fold(character.encode_utf8(&mut [0; 4]));
        fold(&once) != once || once.contains('\0')
    };
    // All but the ideographs and syllables, which are many and fold to themselves.
    let characters = ('\0'..='\u{33FF}')
        .chain('\u{A000}'..='\u{AC00}')
        .chain('\u{D7A3}'..='\u{1FFFF}');
    let unstable: Vec<char> = characters.filter(unstable).collect();
    assert!(unstable.is_empty(), "{unstable:?}");
}

#[test]
fn letters_which_were_normalised_elsewhere_are_the_same_letters() {
    for letter in ('ㄱ'..='ㅣ').chain('\u{FFA1}'..='\u{FFDC}') {
        let conjoining: String = letter.nfkd().collect();
        assert_eq!(fold(letter.encode_utf8(&mut [0; 4])), fold(&conjoining));
    }
}
