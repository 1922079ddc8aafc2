//! What a password has to be.

use passwords::analyzer::is_common_password;
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

use crate::ValueError;

/// The fewest characters a password has.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// The most characters a password has.
pub const MAX_PASSWORD_CHARS: usize = 128;

/// Words that are tried first at this very place. docs/SECURITY.md lists them, too.
const WORDS_OF_THIS_PLACE: [&str; 8] = [
    "ensemble",
    "앙상블",
    "outfit",
    "persona",
    "fashion",
    "패션",
    "instagram",
    "kakao",
];

/// A password good enough for an account: 8 to 128 characters of any kind, and not one that
/// every guesser tries first. No composition rules: they make passwords worse
/// (NIST SP 800-63B, section 5.1.1.2).
#[derive(Clone, Debug)]
pub struct NewPassword(SecretString);

impl NewPassword {
    /// Reads a password.
    ///
    /// # Errors
    /// `length` or `common_password`.
    pub fn parse(text: &SecretString) -> Result<Self, ValueError> {
        let text = normalise_password(text);
        let password = text.expose_secret();
        if !(MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&password.chars().count()) {
            return Err(ValueError::length(
                MIN_PASSWORD_CHARS as u64,
                MAX_PASSWORD_CHARS as u64,
            ));
        }
        if is_common_password(password)
            || is_common_password(password.to_lowercase())
            || is_monotone(password)
            || is_of_this_place(&password.to_lowercase())
        {
            return Err(ValueError::new("common_password"));
        }
        Ok(Self(text))
    }

    /// The normalised password, to be hashed.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.0
    }
}

/// The password as it is hashed and compared: NFKC, so that the same keys on another keyboard
/// or system (which may compose Hangul differently) give the same password.
#[must_use]
pub fn normalise_password(text: &SecretString) -> SecretString {
    text.expose_secret().nfkc().collect::<String>().into()
}

/// One character over and over, or a run of neighbours (`12345678`, `hgfedcba`).
fn is_monotone(password: &str) -> bool {
    let codes: Vec<i64> = password.chars().map(|c| i64::from(u32::from(c))).collect();
    [-1, 0, 1]
        .iter()
        .any(|step| codes.windows(2).all(|pair| pair[1] - pair[0] == *step))
}

/// Nothing but words of this place, whatever digits and marks stand around them (`Ensemble2026!`).
fn is_of_this_place(password: &str) -> bool {
    let letters: String = password.chars().filter(|c| c.is_alphabetic()).collect();
    let rest = WORDS_OF_THIS_PLACE
        .iter()
        .fold(letters.clone(), |rest, word| rest.replace(word, ""));
    rest.is_empty() && !letters.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, ValueError> {
        NewPassword::parse(&text.into()).map(|p| p.secret().expose_secret().to_owned())
    }

    #[test]
    fn common_and_monotone_passwords_are_refused() {
        for text in [
            "password",
            "PASSWORD",
            "12345678",
            "qwerty123",
            "iloveyou",
            "ㅋㅋㅋㅋㅋㅋㅋㅋ",
            "abcdefghij",
        ] {
            assert_eq!(
                parse(text),
                Err(ValueError::new("common_password")),
                "{text}"
            );
        }
    }

    #[test]
    fn words_of_this_place_are_refused() {
        for text in [
            "Ensemble2026!",
            "ensemble-outfit",
            "앙상블12345",
            "kakaokakao",
            "!!persona!!",
        ] {
            assert_eq!(
                parse(text),
                Err(ValueError::new("common_password")),
                "{text}"
            );
        }
        for text in ["my own ensemble", "personal best 7", "2026-11-21 19:45"] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(parse("일곱글자입니").is_err());
        assert!(parse("여덟글자암호네요").is_ok());
        assert!(parse(&"비밀".repeat(64)).is_ok());
        assert!(parse(&"비밀".repeat(65)).is_err());
    }

    #[test]
    fn any_character_is_welcome_and_spaces_stay() {
        assert_eq!(
            parse(" correct horse \u{1F984}").as_deref(),
            Ok(" correct horse \u{1F984}")
        );
    }

    #[test]
    fn conjoining_and_composed_hangul_are_the_same_password() {
        let decomposed: String = "슈크림라떼좋아요".nfd().collect();
        assert_eq!(parse(&decomposed), parse("슈크림라떼좋아요"));
    }
}
