//! The product itself.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Barcode, Category, Description, ProductName, Size, Won};
use crate::id::define_id;
use crate::user::UserId;

define_id! {
    /// Identifies a product.
    ProductId
}

/// How often a product has been changed; what an `ETag` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(i64);

impl Version {
    /// A product's first version.
    pub const FIRST: Self = Self(1);

    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The version after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl From<i64> for Version {
    fn from(version: i64) -> Self {
        Self(version)
    }
}

/// What a seller says of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductDraft {
    /// The shelf it stands on.
    pub category: Category,
    /// What it is called.
    pub name: ProductName,
    /// What there is to say of it.
    pub description: Option<Description>,
    /// What a customer pays.
    pub price: Won,
    /// What the seller pays.
    pub cost: Won,
    /// Its barcode.
    pub barcode: Option<Barcode>,
    /// The last day it may be sold.
    pub expiration_date: Option<NaiveDate>,
    /// How large it is.
    pub size: Size,
}

/// A product of a seller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Whose it is; nobody else ever sees it.
    pub owner_id: UserId,
    /// What its owner says of it.
    pub draft: ProductDraft,
    /// How often it has been changed.
    pub version: Version,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was put in the bin.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Product {
    /// A new product.
    #[must_use]
    pub fn new(id: ProductId, owner_id: UserId, draft: ProductDraft, now: DateTime<Utc>) -> Self {
        Self {
            id,
            owner_id,
            draft,
            version: Version::FIRST,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }
}
