//! The name friends type.

use super::UserId;
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

    /// A name made of an id: nobody is likely to have asked for it, and no two ids make the same.
    #[must_use]
    pub fn made_up(id: UserId) -> Self {
        const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let mut rest = id.get().unsigned_abs();
        let mut name = String::from("user_");
        while rest > 0 {
            name.push(char::from(DIGITS[(rest % 32) as usize]));
            rest /= 32;
        }
        Self(name)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_name_is_a_name_like_any_other() {
        for id in [0, 1, 31, 32, i64::MAX, i64::MIN] {
            let name = Name::made_up(id.into());
            assert_eq!(Name::parse(name.as_str()), Ok(name));
        }
        assert_ne!(Name::made_up(1.into()), Name::made_up(32.into()));
    }
}
