//! Cells that a spreadsheet would take for formulas.
//!
//! Whoever opens an export may not be who named its products. So a text that begins like a
//! formula gets an apostrophe before it, which spreadsheets read as "this is text" (OWASP ASVS
//! 1.2.10), and an import takes that apostrophe off again.
//!
//! Nothing is lost on the way: a text that begins like a guarded one is guarded as well, so that
//! each text comes back as it was.

use std::borrow::Cow;

const GUARD: char = '\'';

/// What formulas begin with: the signs, also as wide as Hangul, and the control characters behind
/// which a spreadsheet finds them.
const BEGINNINGS: [char; 12] = [
    '=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n', '\0',
];

/// Whether a text begins like a formula, perhaps behind guards.
fn is_like_formula(text: &str) -> bool {
    text.trim_start_matches(GUARD).starts_with(BEGINNINGS)
}

/// The text as a cell that is no formula.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if is_like_formula(text) {
        format!("{GUARD}{text}").into()
    } else {
        text.into()
    }
}

/// The text of a cell: without the guard where it has one.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix(GUARD) {
        Some(text) if is_like_formula(text) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_guarded() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "＝1",
            "＋1",
            "－1",
            "＠SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\0=1",
            "=",
            "'=1",
            "''@",
        ] {
            assert_eq!(guarded(text), format!("'{text}"), "{text:?}");
            assert_eq!(unguarded(&guarded(text)), text, "{text:?}");
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in [
            "",
            "'",
            "라떼",
            "'라떼' = latte",
            "1=1",
            " =1",
            "a-b",
            "''",
            "\"=1\"",
        ] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "['=+@\t\n\0＝a -]{0,6}") {
            let cell = guarded(&text);
            prop_assert!(!cell.starts_with(BEGINNINGS));
            prop_assert_eq!(unguarded(&cell), text.as_str());
        }
    }
}
