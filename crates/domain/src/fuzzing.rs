//! What holds whatever a stranger sends. It is stated here once, and tried twice: by property
//! tests with input that is made for it, and by the targets of `fuzz/` with libFuzzer's.
//!
//! Each function panics where its promise is broken.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use crate::hangul::{Pattern, SearchText, fold};
use crate::persona::decode_data_uri;

/// A `data:` address never holds more than was sent, and whatever file it holds is read back from
/// every way of writing it.
pub fn data_uri(text: &str) {
    let read = decode_data_uri(text);
    if !text.trim_start().starts_with("data:") {
        assert_eq!(read, None, "without the scheme it is none");
    }
    let file = read.unwrap_or_else(|| text.as_bytes().to_vec());
    assert!(
        file.len() <= text.len(),
        "a file is no longer than its address"
    );
    let percent: String = file.iter().map(|byte| format!("%{byte:02X}")).collect();
    for written in [
        format!("data:image/png;base64,{}", STANDARD.encode(&file)),
        format!("data:image/png;base64,{}", STANDARD_NO_PAD.encode(&file)),
        format!(" data:image/png,{percent}\n"),
    ] {
        assert_eq!(decode_data_uri(&written).as_ref(), Some(&file));
    }
}

/// Folding is stable, a text finds itself, the index loses no hit, and without Hangul searching is
/// plain looking for a part.
pub fn hangul(query: &str, text: &str) {
    let (searched, folded) = (SearchText::new(text), fold(text));
    assert_eq!(fold(&folded), folded, "folding is stable");
    assert_eq!(
        SearchText::new(&folded),
        searched,
        "folding changes no search"
    );
    if let Some(whole) = Pattern::parse(text) {
        assert!(whole.matches(&searched), "a text finds itself");
    }
    let Some(pattern) = Pattern::parse(query) else {
        assert!(
            SearchText::new(query).is_empty(),
            "only nothing is no pattern"
        );
        return;
    };
    let found = pattern.matches(&searched);
    let required = pattern.required_grams();
    assert!((1..=8).contains(&required.len()), "one to eight questions");
    let stored = searched.grams();
    assert!(stored.is_sorted(), "grams are sorted");
    if found {
        for gram in required {
            assert!(stored.binary_search(&gram).is_ok(), "the index loses a hit");
        }
    }
    let plain = |folded: &str| folded.replace(' ', "");
    let (part, whole) = (plain(&fold(query)), plain(&folded));
    assert!(
        stored.len() <= 5 * whole.chars().count(),
        "grams are bounded"
    );
    if !part.chars().chain(whole.chars()).any(is_hangul) {
        assert_eq!(found, whole.contains(&part), "plain looking for a part");
    }
}

/// A syllable, or a letter in whatever encoding.
fn is_hangul(character: char) -> bool {
    matches!(
        character,
        '\u{1100}'..='\u{11FF}'
            | '\u{3130}'..='\u{318F}'
            | '\u{A960}'..='\u{A97F}'
            | '\u{AC00}'..='\u{D7FF}'
            | '\u{FFA0}'..='\u{FFDC}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    fn address() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "data:[a-z/;=]{0,12}(;base64)?,[A-Za-z0-9+/=%]{0,40}",
            "[ \n]?data:(;base64)?,\\PC{0,20}",
        ]
    }

    fn name() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[가-힣ㄱ-ㅎa-c ]{0,12}",
            "[ㅅ슈크릠림ㅋㄹ ]{0,6}"
        ]
    }

    proptest! {
        #[test]
        fn a_file_is_read_back_from_every_way_of_writing_it(text in address()) {
            super::data_uri(&text);
        }

        #[test]
        fn searching_keeps_its_promises(query in name(), text in name()) {
            super::hangul(&query, &text);
        }
    }
}
