//! The domain's own constructors as rules for `validator`, so that each rule stands once.

use chrono::NaiveDate;
use domain::ValueError;
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
}

pub(crate) fn expiration_date(date: &NaiveDate) -> Result<(), ValidationError> {
    rule(product::expiration_date(*date))
}

pub(crate) fn won(amount: i64) -> Result<(), ValidationError> {
    rule(Won::parse(amount))
}
