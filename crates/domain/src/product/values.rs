//! The small values a product is made of.

use chrono::{Datelike, NaiveDate};

use crate::ValueError;
use crate::hangul::fold;
use crate::text::{multi_line, single_line};

/// The largest price or cost: what every JSON client can hold exactly (2⁵³ − 1).
pub const MAX_AMOUNT: i64 = 9_007_199_254_740_991;

/// Declares a text newtype with bounds.
macro_rules! define_text {
    ($(#[$doc:meta])* $name:ident, $rule:ident, $min:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Reads the text: NFC-normalised and trimmed.
            ///
            /// # Errors
            /// `length` or `control_character`.
            pub fn parse(text: &str) -> Result<Self, ValueError> {
                $rule(text, $min, $max).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

define_text! {
    /// What a product is called, 1 to 120 characters.
    ProductName, single_line, 1, 120
}

define_text! {
    /// The shelf a product stands on, 1 to 64 characters.
    Category, single_line, 1, 64
}

define_text! {
    /// What there is to say of a product, up to 2,000 characters.
    Description, multi_line, 0, 2_000
}

impl ProductName {
    /// The form names are sorted by: folded, at most 191 characters so that every engine can
    /// index it.
    #[must_use]
    pub fn sort_key(&self) -> String {
        fold(&self.0).chars().take(191).collect()
    }
}

/// An amount of money in whole won, 0 to [`MAX_AMOUNT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Won(i64);

impl Won {
    /// Reads an amount.
    ///
    /// # Errors
    /// `range`.
    pub const fn parse(amount: i64) -> Result<Self, ValueError> {
        if amount >= 0 && amount <= MAX_AMOUNT {
            Ok(Self(amount))
        } else {
            Err(ValueError::range(0, MAX_AMOUNT.unsigned_abs()))
        }
    }

    /// The amount.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// Lets a last day of sale through that every engine can store: of the years 1 to 9999.
///
/// # Errors
/// `invalid_value`.
pub fn expiration_date(date: NaiveDate) -> Result<NaiveDate, ValueError> {
    if (1..=9_999).contains(&date.year()) {
        Ok(date)
    } else {
        Err(ValueError::new("invalid_value"))
    }
}

/// How large a portion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Size {
    /// `small`
    Small,
    /// `large`
    Large,
}

impl Size {
    /// Reads the word used on the wire and in storage.
    ///
    /// # Errors
    /// `size`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        match text {
            "small" => Ok(Self::Small),
            "large" => Ok(Self::Large),
            _ => Err(ValueError::new("size")),
        }
    }

    /// The word used on the wire and in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }
}
