//! The persona itself.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{Connection, InstagramLink, Parameters, PersonaImage};
use crate::id::define_id;
use crate::user::UserId;

define_id! {
    /// Identifies a persona.
    PersonaId
}

/// What its owner calls a persona by: 1, 2, … A number becomes free again when its persona goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonaNumber(u16);

impl PersonaNumber {
    /// The highest number there can be.
    pub const MAX: u16 = 1_000;

    /// Reads a number; `None` where no persona can have it.
    #[must_use]
    pub fn new(number: i64) -> Option<Self> {
        let number = u16::try_from(number).ok()?;
        (1..=Self::MAX).contains(&number).then_some(Self(number))
    }

    /// The lowest number that is not among those taken.
    #[must_use]
    pub fn lowest_free(taken: &[Self]) -> Option<Self> {
        (1..=Self::MAX)
            .map(Self)
            .find(|number| !taken.contains(number))
    }

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for PersonaNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which of somebody's personas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichPersona {
    /// The one with this number.
    Number(PersonaNumber),
    /// The one with this id.
    Id(PersonaId),
}

impl WhichPersona {
    /// What a number in an address means: every id is far larger than the highest number.
    #[must_use]
    pub fn of(number: i64) -> Self {
        match PersonaNumber::new(number) {
            Some(number) => Self::Number(number),
            None => Self::Id(number.into()),
        }
    }
}

/// What a persona shows.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonaDraft {
    /// Its picture.
    pub image: PersonaImage,
    /// What its owner says of it.
    pub parameters: Parameters,
}

/// A partial change: `None` leaves a thing as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersonaChange {
    /// Another picture.
    pub image: Option<PersonaImage>,
    /// Members to be added, replaced, or (with `null`) removed.
    pub parameters: Option<Parameters>,
}

/// One self of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Persona {
    /// Its id, which no other persona ever has.
    pub id: PersonaId,
    /// Whose it is.
    pub owner_id: UserId,
    /// What its owner calls it by.
    pub number: PersonaNumber,
    /// What it shows.
    pub draft: PersonaDraft,
    /// The Instagram account that was chosen for it.
    pub instagram: Option<InstagramLink>,
    /// Whether there is a token to ask Instagram with.
    pub connection: Connection,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Persona {
    /// A persona made at `now`, linked with nothing.
    #[must_use]
    pub fn new(
        id: PersonaId,
        owner_id: UserId,
        number: PersonaNumber,
        draft: PersonaDraft,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            owner_id,
            number,
            draft,
            instagram: None,
            connection: Connection::Absent,
            created_at: now,
            updated_at: now,
        }
    }

    /// What to call it: `name` of its parameters, else `프로필` and its number.
    #[must_use]
    pub fn name(&self) -> String {
        match self.draft.parameters.name() {
            Some(name) => name.to_owned(),
            None => format!("프로필 {}", self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use serde_json::json;

    use super::*;

    fn number(number: i64) -> PersonaNumber {
        PersonaNumber::new(number).expect("a number")
    }

    #[test]
    fn the_lowest_free_number_is_taken_next() {
        let lowest = |taken: &[i64]| {
            let taken: Vec<_> = taken.iter().copied().map(number).collect();
            PersonaNumber::lowest_free(&taken).map(PersonaNumber::get)
        };
        assert_eq!(lowest(&[]), Some(1));
        assert_eq!(lowest(&[1, 2, 4]), Some(3));
        assert_eq!(lowest(&[2, 3]), Some(1));
        let all: Vec<_> = (1..=1_000).collect();
        assert_eq!(lowest(&all), None);
    }

    #[test]
    fn small_numbers_are_numbers_and_large_ones_ids() {
        assert_eq!(WhichPersona::of(4), WhichPersona::Number(number(4)));
        for id in [0, 1_001, 7_211_849_320_960_032_768] {
            assert_eq!(WhichPersona::of(id), WhichPersona::Id(id.into()));
        }
    }

    #[test]
    fn a_persona_without_a_name_is_called_by_its_number() {
        let called = |parameters| {
            let now = Utc.with_ymd_and_hms(2026, 11, 21, 9, 0, 0).single();
            let draft = PersonaDraft {
                image: PersonaImage::parse("/media/1.png").expect("a picture"),
                parameters: Parameters::parse(&parameters).expect("parameters"),
            };
            Persona::new(1.into(), 7.into(), number(2), draft, now.expect("a time")).name()
        };
        assert_eq!(called(json!({"name": "유나"})), "유나");
        for nameless in [json!({}), json!({"name": "  "}), json!({"name": 3})] {
            assert_eq!(called(nameless), "프로필 2");
        }
    }
}
