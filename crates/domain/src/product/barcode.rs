//! Barcodes.

use crate::ValueError;
use crate::text::single_line;

/// A barcode, 1 to 64 characters; thirteen digits are taken for an EAN-13 and must be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barcode(String);

impl Barcode {
    /// Reads a barcode.
    ///
    /// # Errors
    /// `length`, `control_character`, or `check_digit` where an EAN-13's last digit is not the
    /// one its others ask for (GS1 General Specifications, section 7.9).
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = single_line(text, 1, 64)?;
        let looks_like_ean13 = text.len() == 13 && text.bytes().all(|b| b.is_ascii_digit());
        if looks_like_ean13 && !has_ean13_check_digit(&text) {
            return Err(ValueError::new("check_digit"));
        }
        Ok(Self(text))
    }

    /// The barcode.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Digits weigh 1, 3, 1, 3, … from the left; with the check digit the sum is a multiple of ten.
fn has_ean13_check_digit(digits: &str) -> bool {
    let weighted = digits.bytes().zip([1, 3].into_iter().cycle());
    let sum: u32 = weighted
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ean13_needs_its_check_digit() {
        assert!(Barcode::parse("8801234567893").is_ok());
        assert_eq!(
            Barcode::parse("8801234567890"),
            Err(ValueError::new("check_digit"))
        );
    }

    #[test]
    fn other_codes_are_free_text() {
        for text in ["A-1", "12345678", "88012345678901", &"x".repeat(64)] {
            assert!(Barcode::parse(text).is_ok(), "{text}");
        }
        for text in ["", "  ", &"x".repeat(65), "a\u{0}b"] {
            assert!(Barcode::parse(text).is_err(), "{text:?}");
        }
    }
}
