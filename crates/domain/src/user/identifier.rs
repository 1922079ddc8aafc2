//! The ways to say who is signing in.

use std::fmt;

use super::{Email, PhoneNumber};
use crate::ValueError;

/// A user name: 4 to 32 ASCII letters, digits, `_`, `.` or `-`, the first a letter or digit.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Username(String);

impl Username {
    /// Reads a user name.
    ///
    /// # Errors
    /// `length` or `username`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if !(4..=32).contains(&text.chars().count()) {
            return Err(ValueError::length(4, 32));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ValueError::new("username"))
        }
    }

    /// The user name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that uniqueness is decided by.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Hides the name: with a password's length or time of sign-in it would be personal data.
impl fmt::Debug for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Username(…)")
    }
}

/// One way to name an account at sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identifier {
    /// By mobile number.
    Phone(PhoneNumber),
    /// By e-mail address.
    Email(Email),
    /// By user name.
    Username(Username),
}

impl Identifier {
    /// The form that uniqueness is decided by, with its kind in front: a key for throttling.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Phone(number) => format!("phone:{}", number.as_str()),
            Self::Email(email) => format!("email:{}", email.key()),
            Self::Username(name) => format!("username:{}", name.key()),
        }
    }
}
