//! The rules of matching, by example.

use unicode_normalization::UnicodeNormalization;

use super::{super::Pattern, finds};

fn check(text: &str, found_by: &[&str], not_by: &[&str]) {
    for query in found_by {
        assert!(finds(query, text), "{query} should find {text}");
        assert!(
            finds(&query.nfd().collect::<String>(), text),
            "{query}, decomposed, should find {text}"
        );
        assert!(
            finds(query, &text.nfd().collect::<String>()),
            "{query} should find {text}, decomposed"
        );
    }
    for query in not_by {
        assert!(!finds(query, text), "{query} should not find {text}");
    }
}

#[test]
fn syllables_initials_and_mixtures_find_a_name() {
    check(
        "슈크림 라떼",
        &[
            "ㅅㅋㄹ",
            "슈크림",
            "크림 라떼",
            "슈ㅋㄹ",
            "슈크리",
            "ㅅㅋㄹㄹㄸ",
            "크림라",
            "ㅅ크림",
            "ㅅㅋ림",
            "슈 ㅋ ㄹ",
            "ㄸ",
            "떼",
            "ㄹ라떼",
            "림ㄹㄸ",
            "슈크림라떼",
        ],
        &[
            "ㅅㄲㄹ",
            "ㅅㄹ",
            "수크림",
            "슈림",
            "라떼슈",
            "ㄷ",
            "ㄱ",
            "슈크림 라떼 ㄹ",
            "ㅡ",
        ],
    );
}

#[test]
fn syllables_are_never_reduced_to_initials() {
    check(
        "소카레 라면",
        &["ㅅㅋㄹ", "소카레", "ㅅ카ㄹ"],
        &["슈크림", "슈ㅋㄹ", "솨", "소카라"],
    );
}

#[test]
fn doubled_consonants_are_letters_of_their_own() {
    check("까치 꽃", &["ㄲ", "ㄲㅊㄲ"], &["ㄱ", "ㄱㅊ", "가"]);
    check("가지", &["ㄱ", "ㄱㅈ"], &["ㄲ", "ㄱㅉ"]);
}

#[test]
fn letters_in_the_text_are_found_as_such() {
    check(
        "굿ㅋㅋ ㅠㅠ",
        &["ㅋ", "굿ㅋ", "ㄱㅋㅋ", "ㅠ", "ㅋㅠㅠ"],
        &["크", "유", "ㅇ"],
    );
    check("ㄱㅅ합니다", &["ㄳ", "ㄳㅎ", "ㄱㅅㅎ", "ㄱ", "ㅅ"], &["ㄲ"]);
    check("ㄳ합니다", &["ㄱㅅ", "ㅅㅎ", "ㅅ합"], &[]);
    check("값싼", &["ㄱㅆ"], &["ㄳ"]);
    check("감사", &["ㄳ", "ㄱㅅ"], &["ㅄ"]);
}

#[test]
fn an_open_syllable_at_the_end_may_go_on() {
    check("슈크림", &["슈크리", "크"], &["슈크러", "슈쿠"]);
    check(
        "과자",
        &["고", "과", "ㄱㅈ", "과자"],
        &["고자", "괴", "거", "곤"],
    );
    check("원두", &["우", "워"], &["우두", "워두", "위"]);
    check("의자", &["으", "의", "의자"], &["으자", "이"]);
    check("왜", &["오", "왜"], &["와"]);
    check("강", &["가"], &["가ㅇ"]);
}

#[test]
fn a_closed_syllable_at_the_end_may_grow_or_give_away_its_final() {
    check("슈크림", &["슈클", "슠", "슈크림"], &["슈큼", "슐"]);
    check("달걀", &["닭", "달", "달갸", "달걀"], &["닮", "닭걀"]);
    check("값", &["갑", "값", "가"], &["갓", "각"]);
    check("갑시다", &["값", "갑"], &["갃"]);
    check("가방", &["갑", "가바"], &["값", "갑방"]);
    check("어깨", &["얶"], &["억"]);
    check("깎다", &["깎"], &["깍"]);
    check("달", &["달"], &["닭", "닳"]);
    check("굳ㅋㅋ", &["굳", "구"], &["굴"]);
}

#[test]
fn a_final_before_a_lone_consonant_may_be_an_initial() {
    check("이경미", &["익", "익ㅁ"], &["읷", "읷ㅁ"]);
    check(
        "슈크림 라떼",
        &["슠ㄹ", "슠ㄹㄹ", "슠ㄹ라"],
        &["슠림", "슠ㅁ"],
    );
    check("이경수", &["익", "읷", "익ㅅ"], &["읷ㅅ"]);
    check("닭볶음", &["닭ㅂ", "닭볶", "달"], &["달볶", "달ㅂ"]);
    check("아ㄱㅅ", &["앇", "악ㅅ"], &["앇ㅅ"]);
}

#[test]
fn wildcards_are_ordinary_characters() {
    check(
        r"우유 2% 50_50 a\b",
        &["2%", "%", "_", r"a\b", r"\", "50_"],
        &["우%", "5_", "%%", r"\\"],
    );
}

#[test]
fn case_width_and_blanks_do_not_matter() {
    check(
        "Café Latte 라떼",
        &["ＬＡＴＴＥ", "CAFE\u{301}", "latte라", "é l", "e라ㄸ"],
        &["cafe"],
    );
    check("ＬＡＴＴＥ", &["latte", "Tt"], &["lat te x"]);
    check("𝒜 😀 𠮷野家", &["😀", "a😀𠮷", "𠮷野"], &["😁"]);
}

#[test]
fn a_query_of_nothing_is_no_pattern() {
    for nothing in ["", " \t\u{3000}", "\u{200B}\u{FEFF}", "\u{3164}", "\0"] {
        assert!(Pattern::parse(nothing).is_none(), "{nothing:?}");
    }
    assert!(!finds("ㅋ", ""));
}
