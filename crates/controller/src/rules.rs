//! The domain's own constructors as rules for `validator`, so that each rule stands once.

use chrono::NaiveDate;
use domain::chat::{Content, DmFrom, FriendEvent, Nonce};
use domain::notification::{KeyMemo, Recipient};
use domain::outfit::{Age, Gender, LabelName, Link, OutfitDraft};
use domain::persona::{InstagramName, Parameters, PersonaImage};
use domain::product::{self, Barcode, Category, Description, ProductName, Size, Won};
use domain::user::{
    self, Birthday, Email, FrontEndPath, Locale, Name, NewPassword, Nickname, PhoneNumber,
    Provider, Username,
};
use domain::{Clock, SystemClock, ValueError};
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
    nickname = Nickname::parse;
    birthday = |text: &str| Birthday::parse(text, SystemClock.now());
    person_gender = user::Gender::parse;
    locale = Locale::parse;
    content = Content::parse;
    nonce = Nonce::parse;
    friend_event = |text: &str| FriendEvent::parse(text).ok_or(ValueError::new("choice"));
    dm_from = |text: &str| DmFrom::parse(text).ok_or(ValueError::new("choice"));
    persona_image = PersonaImage::parse;
    instagram_name = InstagramName::parse;
    front_end_path = FrontEndPath::parse;
    provider = Provider::parse;
    key_memo = KeyMemo::parse;
    recipient_name = Recipient::parse_name;
}

pub(crate) fn parameters(value: &serde_json::Value) -> Result<(), ValidationError> {
    rule(Parameters::parse(value))
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

/// A code or token of a provider: what a header or a form can carry, of bounded length.
pub(crate) fn credential(text: &str) -> Result<(), ValidationError> {
    let fits =
        (1..=8_192).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(())
    } else {
        Err(ValidationError::new("invalid_value"))
    }
}
