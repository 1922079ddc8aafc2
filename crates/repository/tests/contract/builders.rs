//! Valid things with good defaults; a test says only what it is about. Ids are unique and
//! increase, names are unique, and every time is relative to [`noon`].

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::product::{
    Barcode, Category, Description, Product, ProductChange, ProductDraft, ProductName, Size, Won,
};
use domain::user::{
    Device, Email, Guest, GuestIdHash, Name, PhoneNumber, RefreshToken, RefreshTokenHash, Session,
    User, UserId, Username,
};
use domain::{IdGenerator, SystemClock};

static IDS: LazyLock<IdGenerator> = LazyLock::new(|| IdGenerator::new(1, Arc::new(SystemClock)));

/// What stands for a password's hash.
pub(crate) const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g";

/// A new id, larger than every one before.
pub(crate) fn id<Id: From<i64>>() -> Id {
    IDS.next()
}

/// The present of every test; its last digit is a microsecond.
pub(crate) fn noon() -> DateTime<Utc> {
    let noon = DateTime::from_timestamp_micros(1_795_262_400_123_457);
    noon.expect("a time")
}

/// So many minutes after [`noon`].
pub(crate) fn minutes(minutes: i64) -> DateTime<Utc> {
    noon() + TimeDelta::minutes(minutes)
}

/// An account that nothing but its name identifies.
pub(crate) fn user() -> User {
    let id: UserId = id();
    User::new(id, name(&format!("user {id}")), noon())
}

/// A session that lives for an hour.
pub(crate) fn session(owner: &User) -> Session {
    Session {
        id: id(),
        user_id: owner.id,
        device: Device::default(),
        created_at: noon(),
        last_seen_at: noon(),
        expires_at: minutes(60),
    }
}

/// A guest who lives for an hour.
pub(crate) fn guest(secret: &str) -> Guest {
    Guest {
        id: id(),
        hash: GuestIdHash::of(secret),
        created_at: noon(),
        expires_at: minutes(60),
        merged_into: None,
    }
}

/// A refresh token that is good for an hour.
pub(crate) fn token(session: &Session) -> RefreshToken {
    let secret: i64 = id();
    RefreshToken {
        hash: RefreshTokenHash::of(&secret.to_string()),
        session_id: session.id,
        issued_at: noon(),
        expires_at: minutes(60),
    }
}

/// A product on the shelf.
pub(crate) fn product(owner: &User, draft: ProductDraft) -> Product {
    Product::new(id(), owner.id, draft, noon())
}

/// What has to be said of a product, and no more.
pub(crate) fn draft(name: &str) -> ProductDraft {
    ProductDraft {
        category: category("음료"),
        name: product_name(name),
        description: None,
        price: won(5_000),
        cost: won(1_200),
        barcode: None,
        expiration_date: None,
        size: Size::Small,
    }
}

/// A product of which everything is said.
pub(crate) fn full_draft() -> ProductDraft {
    ProductDraft {
        category: category("디저트"),
        name: product_name("슈크림 라떼 🍰"),
        description: Some(description("달고\n진하다 👩🏽‍🍳")),
        price: won(6_500),
        cost: won(2_100),
        barcode: Some(barcode("8801234567893")),
        expiration_date: Some(day("2028-02-29")),
        size: Size::Large,
    }
}

/// Another name for a product.
pub(crate) fn renamed(name: &str) -> ProductChange {
    ProductChange {
        name: Some(product_name(name)),
        ..ProductChange::default()
    }
}

/// Another price for a product.
pub(crate) fn repriced(price: i64) -> ProductChange {
    ProductChange {
        price: Some(won(price)),
        ..ProductChange::default()
    }
}

pub(crate) fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

pub(crate) fn phone(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text).expect("a number")
}

pub(crate) fn email(text: &str) -> Email {
    Email::parse(text).expect("an address")
}

pub(crate) fn username(text: &str) -> Username {
    Username::parse(text).expect("a user name")
}

pub(crate) fn product_name(text: &str) -> ProductName {
    ProductName::parse(text).expect("a product's name")
}

pub(crate) fn category(text: &str) -> Category {
    Category::parse(text).expect("a category")
}

pub(crate) fn description(text: &str) -> Description {
    Description::parse(text).expect("a description")
}

pub(crate) fn barcode(text: &str) -> Barcode {
    Barcode::parse(text).expect("a barcode")
}

pub(crate) fn won(amount: i64) -> Won {
    Won::parse(amount).expect("an amount")
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}
