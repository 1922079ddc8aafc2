//! The name friends type.

use crate::ValueError;
use crate::hangul::fold;
use crate::text::single_line;

/// A person's public name, 1 to 40 characters, unique when case- and width-folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// `length` or `control_character`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let name = Self(single_line(text, 1, 40)?);
        // Invisible characters alone would make a name nobody can type.
        if name.key().is_empty() {
            Err(ValueError::length(1, 40))
        } else {
            Ok(name)
        }
    }

    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that uniqueness is decided by: at most 191 bytes' worth of characters, so that
    /// every engine can index it.
    #[must_use]
    pub fn key(&self) -> String {
        fold(&self.0).chars().take(191).collect()
    }
}
