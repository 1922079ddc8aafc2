//! E-mail addresses.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::ValueError;

/// An e-mail address of plausible shape, as its owner writes it.
///
/// Only the shape is checked (RFC 5321 lengths, one `@`, a dotted domain): whether mail arrives
/// is proved by sending some. Two addresses that differ in case are the same account.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Reads an address.
    ///
    /// # Errors
    /// `email` where the text is not one.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text: String = text.trim().nfc().collect();
        let error = ValueError::new("email");
        let (local, domain) = text.rsplit_once('@').ok_or(error.clone())?;
        let local_fits = (1..=64).contains(&local.len())
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && !local
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "@<>()[],;:\\\"".contains(c));
        let label_fits = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let domain_fits = domain.contains('.') && domain.split('.').all(label_fits);
        if text.len() <= 190 && local_fits && domain_fits {
            Ok(Self(text))
        } else {
            Err(error)
        }
    }

    /// The address as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that uniqueness is decided by.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Hides the address: personal data stays out of logs.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plausible_addresses_are_taken() {
        for text in [
            "a@b.co",
            " Kim.Yuna+shop@Example.CO.KR ",
            "한글@도메인.한국",
        ] {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "",
            "a",
            "a@b",
            "@b.co",
            "a@.co",
            "a b@c.co",
            "a@b..co",
            "a@-b.co",
            "a@@b.co",
            ".a@b.co",
            "a\u{0}@b.co",
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
        assert!(Email::parse(&format!("a@{}.co", "x".repeat(190))).is_err());
    }

    #[test]
    fn case_makes_no_other_account() {
        let (a, b) = (
            Email::parse("Kim@Example.com"),
            Email::parse("kim@example.COM"),
        );
        assert_eq!(a.map(|e| e.key()), b.map(|e| e.key()));
    }
}
