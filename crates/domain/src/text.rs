//! Shape rules that every text from outside obeys.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::ValueError;

/// NFC-normalised, trimmed, `min` to `max` characters, no control characters.
///
/// Normalised because precomposed and conjoining Hangul compare unequal on every engine; free
/// of control characters because PostgreSQL cannot store NUL and a log line must stay a line.
pub(crate) fn single_line(text: &str, min: u64, max: u64) -> Result<String, ValueError> {
    bounded(text, min, max, |c| c.is_control())
}

/// As [`single_line`], with tabs and line breaks allowed.
pub(crate) fn multi_line(text: &str, min: u64, max: u64) -> Result<String, ValueError> {
    bounded(text, min, max, |c| {
        c.is_control() && !matches!(c, '\n' | '\r' | '\t')
    })
}

fn bounded(
    text: &str,
    min: u64,
    max: u64,
    refused: impl Fn(char) -> bool,
) -> Result<String, ValueError> {
    let text = nfc(text.trim());
    if !(min..=max).contains(&(text.chars().count() as u64)) {
        return Err(ValueError::length(min, max));
    }
    if text.chars().any(refused) {
        return Err(ValueError::new("control_character"));
    }
    Ok(text)
}

/// The text in NFC. Nearly every text is already, and looking costs a tenth of normalising.
fn nfc(text: &str) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.to_owned(),
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
    }
}
