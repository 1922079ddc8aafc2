//! Mobile numbers.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::ValueError;

/// A mobile number in E.164 form (`+821012345678`).
///
/// A Korean number may be written in any usual way and is always the same number; a number of
/// another country needs its `+` and country code.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a number.
    ///
    /// # Errors
    /// `phone_number` where the text is not one.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let error = ValueError::new("phone_number");
        let mut digits = String::with_capacity(16);
        let mut plus = false;
        for c in text.trim().nfkc() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if digits.is_empty() && !plus => plus = true,
                ' ' | '-' | '.' | '(' | ')' | '\u{2010}'..='\u{2015}' => {}
                _ => return Err(error),
            }
        }
        let international = if plus {
            Some(digits.as_str())
        } else {
            digits.strip_prefix("00")
        };
        let korean = match international {
            // Writing the trunk zero after the country code is wrong but common.
            Some(number) => number
                .strip_prefix("82")
                .map(|n| n.strip_prefix('0').unwrap_or(n)),
            None => digits
                .strip_prefix('0')
                .or_else(|| digits.strip_prefix("82")),
        };
        match (korean, international) {
            (Some(number), _) if is_korean_mobile(number) => Ok(Self(format!("+82{number}"))),
            (None, Some(number))
                if (8..=15).contains(&number.len()) && !number.starts_with('0') =>
            {
                Ok(Self(format!("+{number}")))
            }
            _ => Err(error),
        }
    }

    /// The number in E.164 form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `10` and eight digits, or one of the old prefixes `11 16 17 18 19` and seven or eight.
fn is_korean_mobile(number: &str) -> bool {
    match number.len() {
        10 => number.starts_with("10") || is_old_prefix(number),
        9 => is_old_prefix(number),
        _ => false,
    }
}

fn is_old_prefix(number: &str) -> bool {
    ["11", "16", "17", "18", "19"]
        .iter()
        .any(|prefix| number.starts_with(prefix))
}

/// Hides the number: personal data stays out of logs.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_form_of_a_korean_number_is_the_same_number() {
        for text in [
            "010-1234-5678",
            "01012345678",
            "+82 10 1234 5678",
            "+82-10-1234-5678",
            "+82 (0)10-1234-5678",
            "82 10 1234 5678",
            "0082 10 1234 5678",
            "010.1234.5678",
            " (010) 1234 5678 ",
            "０１０－１２３４－５６７８",
        ] {
            let parsed = PhoneNumber::parse(text).map(|n| n.as_str().to_owned());
            assert_eq!(parsed.as_deref(), Ok("+821012345678"), "{text}");
        }
    }

    #[test]
    fn numbers_of_other_countries_need_their_code() {
        let parsed = PhoneNumber::parse("+1 415 555 2671").map(|n| n.as_str().to_owned());
        assert_eq!(parsed.as_deref(), Ok("+14155552671"));
        assert!(PhoneNumber::parse("415 555 2671").is_err());
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "010",
            "010-1234-567",
            "010-1234-56789",
            "02-123-4567",
            "010-1234-567a",
            "+",
            "++821012345678",
            "+82 2 123 4567",
        ] {
            assert!(PhoneNumber::parse(text).is_err(), "{text}");
        }
    }
}
