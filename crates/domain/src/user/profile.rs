//! What people say of themselves.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::ValueError;
use crate::text::single_line;

/// What somebody is called on the screen, 1 to 40 characters. Unlike a name, others may be called
/// the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nickname(String);

impl Nickname {
    /// Reads a nickname.
    ///
    /// # Errors
    /// `length` or `control_character`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        single_line(text, 1, 40).map(Self)
    }

    /// As much as fits of what another service calls somebody; `None` where nothing is left.
    #[must_use]
    pub fn from_elsewhere(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
        Self::parse(&plain).ok()
    }

    /// The nickname as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A day of birth: not in the future, not before 1900.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birthday(NaiveDate);

/// The first year anybody was born in.
const FIRST_YEAR: i32 = 1900;

impl Birthday {
    /// Reads `YYYY-MM-DD` at a time. The future begins when no place on Earth has that day yet
    /// (14 hours ahead of UTC).
    ///
    /// # Errors
    /// `date`, or `birthday` where nobody who lives can have been born.
    pub fn parse(text: &str, now: DateTime<Utc>) -> Result<Self, ValueError> {
        let is_padded = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let day = day
            .filter(|_| is_padded)
            .ok_or_else(|| ValueError::new("date"))?;
        let latest = (now + chrono::TimeDelta::hours(14)).date_naive();
        if day.year() < FIRST_YEAR || day > latest {
            return Err(ValueError::new("birthday"));
        }
        Ok(Self(day))
    }

    /// The day.
    #[must_use]
    pub fn day(self) -> NaiveDate {
        self.0
    }
}

/// A birthday as stored: it was read once.
impl From<NaiveDate> for Birthday {
    fn from(day: NaiveDate) -> Self {
        Self(day)
    }
}

/// Man or woman, as the clients know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    /// `남성`.
    Male,
    /// `여성`.
    Female,
}

impl Gender {
    /// Reads the contract's words.
    ///
    /// # Errors
    /// `person_gender`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        match text {
            "남성" => Ok(Self::Male),
            "여성" => Ok(Self::Female),
            _ => Err(ValueError::new("person_gender")),
        }
    }

    /// What another service says: `male`, `F`; `None` for whatever else.
    #[must_use]
    pub fn from_elsewhere(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "male" | "m" => Some(Self::Male),
            "female" | "f" => Some(Self::Female),
            _ => None,
        }
    }

    /// The contract's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Male => "남성",
            Self::Female => "여성",
        }
    }
}

/// A language tag (RFC 5646) of up to 16 characters, as `ko` or `en-US`: what mails are written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale(String);

impl Locale {
    /// Reads a tag.
    ///
    /// # Errors
    /// `locale`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        let mut parts = text.split('-');
        let language = parts.next().unwrap_or_default();
        let is_language =
            (2..=3).contains(&language.len()) && language.chars().all(|c| c.is_ascii_alphabetic());
        let is_part = |part: &str| {
            (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
        };
        if is_language && text.len() <= 16 && parts.all(is_part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ValueError::new("locale"))
        }
    }

    /// The tag as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether its language is Korean.
    #[must_use]
    pub fn is_korean(&self) -> bool {
        let language = self.0.split('-').next().unwrap_or_default();
        language.eq_ignore_ascii_case("ko")
    }
}

/// The door an account was made at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    /// With a phone number.
    Phone,
    /// With an e-mail address.
    Email,
    /// With a user name.
    Username,
    /// With Kakao.
    Kakao,
    /// With Google.
    Google,
    /// With Naver.
    Naver,
}

impl Platform {
    /// As clients know it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Username => "username",
            Self::Kakao => "kakao",
            Self::Google => "google",
            Self::Naver => "naver",
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn birthday(text: &str) -> Result<Birthday, ValueError> {
        let now = Utc.with_ymd_and_hms(2026, 11, 21, 9, 0, 0).single();
        Birthday::parse(text, now.expect("a time"))
    }

    #[test]
    fn a_birthday_lies_between_1900_and_today_wherever_today_is() {
        for text in ["1900-01-01", "2000-02-29", "2026-11-21"] {
            assert_eq!(
                birthday(text).map(|b| b.day().to_string()).as_deref(),
                Ok(text)
            );
        }
        for text in ["1899-12-31", "2026-11-22", "2026-11-23", "9999-12-31"] {
            assert_eq!(birthday(text), Err(ValueError::new("birthday")), "{text}");
        }
        for text in [
            "",
            "2001-02-29",
            "2001-2-3",
            "20010203",
            "2001-02-03T00:00",
            "+2001-02-3",
        ] {
            assert_eq!(birthday(text), Err(ValueError::new("date")), "{text}");
        }
    }

    #[test]
    fn late_in_the_evening_it_is_tomorrow_elsewhere() {
        let evening = Utc.with_ymd_and_hms(2026, 11, 21, 11, 0, 0).single();
        assert!(Birthday::parse("2026-11-22", evening.expect("a time")).is_ok());
    }

    #[test]
    fn what_another_service_calls_somebody_is_cut_to_fit() {
        let cut = |text: &str| Nickname::from_elsewhere(text).map(|name| name.0);
        assert_eq!(cut("유나\u{0} Kim").as_deref(), Some("유나 Kim"));
        assert_eq!(cut(&"가".repeat(60)).map(|n| n.chars().count()), Some(40));
        assert_eq!(cut(" \n"), None);
    }

    #[test]
    fn a_locale_is_a_language_tag() {
        for text in ["ko", "en-US", "zh-Hant-TW"] {
            assert!(Locale::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "k",
            "korean",
            "en_US",
            "en-",
            "ko-aaaaaaaaa",
            "en-US-x-aaaaaaaaa",
        ] {
            assert!(Locale::parse(text).is_err(), "{text}");
        }
        let is_korean = |text| Locale::parse(text).map(|locale| locale.is_korean());
        assert_eq!(is_korean("KO-kr"), Ok(true));
        assert_eq!(is_korean("kok"), Ok(false));
    }
}
