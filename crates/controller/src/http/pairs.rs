//! Queries and form bodies as serde sees them.
//!
//! Unlike `serde_urlencoded`, every parameter keeps its name when it cannot be read (so that all of them can be told at
//! once), and a repeated one can be read as a list. Where a single value is wanted, the last one counts.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{
    Deserializer,
    de::{
        Error as _, IntoDeserializer, Unexpected, Visitor,
        value::{BorrowedStrDeserializer, Error, MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use url::form_urlencoded;

/// Parameters by name, each with all its values in order.
#[derive(Debug)]
pub(super) struct Pairs<'a>(pub(super) BTreeMap<Cow<'a, str>, Vec<Cow<'a, str>>>);

impl<'a> Pairs<'a> {
    /// Splits and decodes. Nothing is refused: what is not UTF-8 becomes U+FFFD.
    pub(super) fn parse(encoded: &'a [u8]) -> Self {
        let mut pairs = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in form_urlencoded::parse(encoded) {
            pairs.entry(name).or_default().push(value);
        }
        Self(pairs)
    }

    /// A serde map over the parameters.
    pub(super) fn deserializer(&self) -> impl Deserializer<'_, Error = Error> {
        let entries = self.0.iter();
        MapDeserializer::new(entries.map(|(name, values)| (name.as_ref(), Text(values))))
    }
}

/// The values of one parameter.
#[derive(Clone, Copy)]
struct Text<'a>(&'a [Cow<'a, str>]);

impl<'a> Text<'a> {
    fn last(self) -> &'a str {
        self.0.last().map_or("", AsRef::as_ref)
    }
}

impl<'a> IntoDeserializer<'a> for Text<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident $kind:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.last().parse::<$kind>() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Error::invalid_type(Unexpected::Str(""), &visitor)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = Error;

    parsed! {
        deserialize_bool visit_bool bool
        deserialize_i8 visit_i8 i8
        deserialize_i16 visit_i16 i16
        deserialize_i32 visit_i32 i32
        deserialize_i64 visit_i64 i64
        deserialize_i128 visit_i128 i128
        deserialize_u8 visit_u8 u8
        deserialize_u16 visit_u16 u16
        deserialize_u32 visit_u32 u32
        deserialize_u64 visit_u64 u64
        deserialize_u128 visit_u128 u128
        deserialize_f32 visit_f32 f32
        deserialize_f64 visit_f64 f64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.last())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let each = (0..self.0.len()).map(|place| Text(&self.0[place..=place]));
        SeqDeserializer::new(each).deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        BorrowedStrDeserializer::new(self.last()).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier
        ignored_any
    }
}
