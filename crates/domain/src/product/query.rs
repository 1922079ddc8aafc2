//! Asking for products.

use chrono::NaiveDate;

use super::{Barcode, Category, ProductId, Size, Won};
use crate::hangul::Pattern;

/// The order of a list. Ties are broken by id, so that an order is always total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The newest first.
    #[default]
    Newest,
    /// By folded name.
    Name,
    /// The cheapest first.
    Price,
    /// The first to expire first, those that never do last.
    Expiry,
}

impl Sort {
    /// Reads the word used on the wire.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "newest" => Some(Self::Newest),
            "name" => Some(Self::Name),
            "price" => Some(Self::Price),
            "expiry" => Some(Self::Expiry),
            _ => None,
        }
    }
}

/// Where in an order a list goes on: the sort key and id of the last product seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// In [`Sort::Newest`].
    Newest(ProductId),
    /// In [`Sort::Name`]: after this sort key and id.
    Name(String, ProductId),
    /// In [`Sort::Price`].
    Price(Won, ProductId),
    /// In [`Sort::Expiry`]; `None` among those that never expire.
    Expiry(Option<NaiveDate>, ProductId),
}

impl Position {
    /// Whether this is a position in that order.
    #[must_use]
    pub fn fits(&self, sort: Sort) -> bool {
        matches!(
            (self, sort),
            (Self::Newest(_), Sort::Newest)
                | (Self::Name(..), Sort::Name)
                | (Self::Price(..), Sort::Price)
                | (Self::Expiry(..), Sort::Expiry)
        )
    }
}

/// Which products, in which order, from where, how many.
#[derive(Clone, Debug)]
pub struct ProductQuery {
    /// What the name has to match.
    pub search: Option<Pattern>,
    /// Exactly this category.
    pub category: Option<Category>,
    /// Exactly this size.
    pub size: Option<Size>,
    /// At least this price.
    pub price_min: Option<Won>,
    /// At most this price.
    pub price_max: Option<Won>,
    /// Expiring before this day.
    pub expiring_before: Option<NaiveDate>,
    /// Exactly this barcode.
    pub barcode: Option<Barcode>,
    /// The bin instead of the shelf.
    pub deleted: bool,
    /// The order.
    pub sort: Sort,
    /// Only what comes after this position.
    pub after: Option<Position>,
    /// The most to answer.
    pub limit: usize,
}

impl ProductQuery {
    /// The newest products, nothing filtered.
    #[must_use]
    pub fn newest(limit: usize) -> Self {
        Self {
            search: None,
            category: None,
            size: None,
            price_min: None,
            price_max: None,
            expiring_before: None,
            barcode: None,
            deleted: false,
            sort: Sort::Newest,
            after: None,
            limit,
        }
    }
}
