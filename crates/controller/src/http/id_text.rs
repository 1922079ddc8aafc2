//! Ids on the wire: 64-bit integers written as texts, because JavaScript's numbers end at 53 bits.

use std::{
    fmt,
    future::{Ready, ready},
    marker::PhantomData,
    str::FromStr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Unexpected, Visitor},
};
use utoipa::ToSchema;

use super::{catalogue::Code, problem::Problem};

/// A 64-bit id, never negative. Written as a text of digits; read from such a text or from a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[0-9]{1,19}$", example = "7211849320960032768")]
pub struct IdText(pub i64);

/// The text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

impl FromStr for IdText {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        // i64 itself would also take a sign.
        let is_plain =
            (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let id = is_plain.then(|| text.parse().ok()).flatten();
        id.map(Self).ok_or(NotAnId)
    }
}

impl fmt::Display for IdText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for IdText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for IdText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = IdText;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an id: a text of digits, or a number")
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<IdText, E> {
        let id = i64::try_from(number).map(IdText);
        id.map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<IdText, E> {
        let id = u64::try_from(number).map(|_| IdText(number));
        id.map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<IdText, E> {
        text.parse()
            .map_err(|NotAnId| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// What a path's id names, for the code of its 404.
pub trait Named {
    /// The code to answer when it does not exist.
    const NOT_FOUND: Code;
}

/// Nothing in particular: plain `not_found`.
#[derive(Debug, Clone, Copy)]
pub struct Anything;

impl Named for Anything {
    const NOT_FOUND: Code = Code::NotFound;
}

/// The id in a route's path (the last parameter, if there are several). A text that cannot be an id names nothing, so
/// it is answered like an id that does not exist: 404, with the code of `E`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathId<E = Anything> {
    id: i64,
    names: PhantomData<E>,
}

impl<E> PathId<E> {
    /// The id; never negative.
    #[must_use]
    pub fn get(&self) -> i64 {
        self.id
    }
}

impl<E: Named> FromRequest for PathId<E> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let last = request.match_info().iter().last();
        let id = last.and_then(|(_, text)| text.parse::<IdText>().ok());
        let found = id.map(|IdText(id)| Self {
            id,
            names: PhantomData,
        });
        ready(found.ok_or_else(|| Problem::new(E::NOT_FOUND)))
    }
}
