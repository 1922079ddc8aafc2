//! The small values an outfit is made of.

use std::sync::Arc;

use crate::ValueError;
use crate::text::single_line;

/// Whom an outfit is worn by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gender {
    /// `F`
    Female,
    /// `M`
    Male,
}

impl Gender {
    /// Reads the letter used on the wire and in storage.
    ///
    /// # Errors
    /// `gender`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        match text {
            "F" | "f" => Ok(Self::Female),
            "M" | "m" => Ok(Self::Male),
            _ => Err(ValueError::new("gender")),
        }
    }

    /// The letter used on the wire and in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Female => "F",
            Self::Male => "M",
        }
    }
}

/// How old the person in the picture is, in years: 0 to 120.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Age(u8);

impl Age {
    /// The greatest age.
    pub const MAX: u8 = 120;

    /// Reads a number of years.
    ///
    /// # Errors
    /// `range`.
    pub fn parse(years: i64) -> Result<Self, ValueError> {
        match u8::try_from(years) {
            Ok(years) if years <= Self::MAX => Ok(Self(years)),
            _ => Err(ValueError::range(0, u64::from(Self::MAX))),
        }
    }

    /// The years.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// Where a picture or its source is: an `http` or `https` address, or a path of this server that
/// begins with one `/`; at most 2,000 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(Arc<str>);

impl Link {
    /// Reads an address. Anything else (`javascript:`, `data:`, another host's `//…`) could run or
    /// lead astray in a page that shows it.
    ///
    /// # Errors
    /// `length`, `control_character` or `url`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = single_line(text, 1, 2_000)?;
        let lower = text.get(..8).unwrap_or(&text).to_ascii_lowercase();
        let web = lower.starts_with("https://") || lower.starts_with("http://");
        let path = text.starts_with('/') && !text.starts_with("//") && !text.starts_with("/\\");
        if (web || path) && !text.contains(char::is_whitespace) {
            Ok(Self(text.into()))
        } else {
            Err(ValueError::new("url"))
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_web_or_to_this_server() {
        for good in [
            "https://a.example/1.jpg",
            "HTTP://a.example",
            "/media/1.jpg",
        ] {
            assert_eq!(
                Link::parse(good).map(|l| l.as_str().to_owned()),
                Ok(good.to_owned())
            );
        }
        for bad in [
            "javascript:alert(1)",
            "//b.example",
            "/\\b.example",
            "1.jpg",
            "https://a b",
        ] {
            assert_eq!(Link::parse(bad), Err(ValueError::new("url")), "{bad}");
        }
        assert!(Link::parse("").is_err());
        assert!(Link::parse("한글한글한글한글").is_err());
    }

    #[test]
    fn ages_are_human() {
        assert_eq!(Age::parse(120).map(Age::get), Ok(120));
        assert!(Age::parse(121).is_err() && Age::parse(-1).is_err());
    }
}
