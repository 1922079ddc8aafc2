//! Instagram accounts as Meta's Graph API tells of them.

use chrono::{DateTime, Utc};

use crate::ValueError;
use crate::text::single_line;

/// Digits of an id.
const DIGITS: usize = 32;

/// An id of the Graph API: digits only, so that it is safe in a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GraphId(String);

impl GraphId {
    /// Reads an id.
    ///
    /// # Errors
    /// `id`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let is_id = (1..=DIGITS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if is_id {
            Ok(Self(text.to_owned()))
        } else {
            Err(ValueError::new("id"))
        }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an Instagram account is called, or the page it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstagramName(String);

impl InstagramName {
    /// Reads a name of up to 100 characters.
    ///
    /// # Errors
    /// `length` or `control_character`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        single_line(text, 1, 100).map(Self)
    }

    /// A name as Meta has it, cut to what we store; `None` where nothing is left.
    #[must_use]
    pub fn from_elsewhere(text: &str) -> Option<Self> {
        let clean = text.chars().filter(|c| !c.is_control()).take(100);
        Self::parse(&clean.collect::<String>()).ok()
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An account that a token may act for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstagramAccount {
    /// The Facebook page it belongs to.
    pub page_id: GraphId,
    /// What the page is called.
    pub page_name: Option<InstagramName>,
    /// The account.
    pub ig_user_id: GraphId,
    /// What the account is called.
    pub ig_username: Option<InstagramName>,
}

/// The account that was chosen for a persona.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstagramLink {
    /// The account.
    pub ig_user_id: GraphId,
    /// What it was called.
    pub ig_username: Option<InstagramName>,
    /// The Facebook page it belongs to.
    pub fb_page_id: GraphId,
    /// When it was chosen.
    pub linked_at: DateTime<Utc>,
}

/// Whether there is a token to ask Instagram with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// There is none.
    Absent,
    /// There is one.
    Connected,
    /// There is one that Meta refused: its owner has to give their consent again.
    ReconnectRequired,
}

impl Connection {
    /// As clients know it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "none",
            Self::Connected => "connected",
            Self::ReconnectRequired => "reconnect_required",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_digits() {
        assert!(GraphId::parse("17841400000000001").is_ok());
        let long = "1".repeat(DIGITS + 1);
        for text in ["", "-1", "1/2", "me", "1?fields=x", "١", "1 ", &long] {
            assert_eq!(GraphId::parse(text), Err(ValueError::new("id")), "{text}");
        }
    }

    #[test]
    fn a_name_from_elsewhere_is_cut_to_fit() {
        let cut = |text: &str| InstagramName::from_elsewhere(text).map(|name| name.0);
        assert_eq!(cut("look\u{0}\n.book").as_deref(), Some("look.book"));
        assert_eq!(cut(&"가".repeat(200)).map(|n| n.chars().count()), Some(100));
        assert_eq!(cut(" \t"), None);
    }
}
