//! The domain's own constructors as rules for `validator`, so that each rule stands once.

use chrono::NaiveDate;
use domain::ValueError;
use domain::outfit::{Age, Gender, LabelName, Link, OutfitDraft};
use domain::product::{self, Barcode, Category, Description, ProductName, Size, Won};
use domain::user::{Email, Name, NewPassword, PhoneNumber, Username};
use validator::ValidationError;

fn rule<T>(parsed: Result<T, ValueError>) -> Result<(), ValidationError> {
    let Err(error) = parsed else { return Ok(()) };
    let mut finding = ValidationError::new(error.code);
    for (name, bound) in [("min", error.min), ("max", error.max)] {
        if let Some(bound) = bound {
            finding.add_param(name.into(), &bound);
        }
    }
    Err(finding)
}

macro_rules! rules {
    ($($name:ident = $parse:expr;)*) => {$(
        pub(crate) fn $name(text: &str) -> Result<(), ValidationError> {
            rule($parse(text))
        }
    )*};
}

rules! {
    phone_number = PhoneNumber::parse;
    email = Email::parse;
    username = Username::parse;
    name = Name::parse;
    new_password = |text: &str| NewPassword::parse(&text.into());
    category = Category::parse;
    product_name = ProductName::parse;
    description = Description::parse;
    barcode = Barcode::parse;
    size = Size::parse;
    gender = Gender::parse;
    label = LabelName::parse;
    link = Link::parse;
}

pub(crate) fn expiration_date(date: &NaiveDate) -> Result<(), ValidationError> {
    rule(product::expiration_date(*date))
}

pub(crate) fn age(years: i64) -> Result<(), ValidationError> {
    rule(Age::parse(years))
}

/// Labels, of which each has to be one.
pub(crate) fn labels(texts: &[String]) -> Result<(), ValidationError> {
    if texts.len() > OutfitDraft::MAX_LABELS {
        return rule::<()>(Err(ValueError::length(0, OutfitDraft::MAX_LABELS as u64)));
    }
    texts.iter().try_for_each(|text| label(text))
}

/// The user name of the outfit contract: 4 to 12 letters or digits.
pub(crate) fn short_username(text: &str) -> Result<(), ValidationError> {
    if !(4..=12).contains(&text.chars().count()) {
        return rule::<()>(Err(ValueError::length(4, 12)));
    }
    if !text.chars().all(|c| c.is_ascii_alphanumeric()) {
        return rule::<()>(Err(ValueError::new("letters_or_digits")));
    }
    rule(Username::parse(text))
}

pub(crate) fn won(amount: i64) -> Result<(), ValidationError> {
    rule(Won::parse(amount))
}
