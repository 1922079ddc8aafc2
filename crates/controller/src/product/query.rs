//! The query of a list of products.

use chrono::NaiveDate;
use domain::product::{Barcode, Category, ProductId, Size, Sort, Won};
use serde::Deserialize;
use service::product::ListProducts;
use utoipa::IntoParams;
use validator::{Validate, ValidationError};

use super::dto::{broken, product_id};
use crate::http::{IdText, Problem};
use crate::rules;

/// Products a page where nothing is said.
const DEFAULT_LIMIT: u16 = 10;

/// What a list is asked for with.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// `next_cursor` of the page before, with all other parameters unchanged.
    #[validate(length(max = 1024))]
    #[param(max_length = 1024)]
    cursor: Option<String>,
    /// 1 to 100, 10 unless given.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
    /// Part of the name: `크림 라`, by initial consonants `ㅅㅋㄹ`, mixed `슈ㅋㄹ`, half-typed `슈크리`.
    #[validate(length(max = 200))]
    #[param(max_length = 200)]
    q: Option<String>,
    /// Exactly this category.
    #[validate(custom(function = "rules::category"))]
    category: Option<String>,
    /// `small` or `large`.
    #[validate(custom(function = "rules::size"))]
    #[param(pattern = "^(small|large)$")]
    size: Option<String>,
    /// At least this price.
    #[validate(custom(function = "rules::won"))]
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    price_min: Option<i64>,
    /// At most this price.
    #[validate(custom(function = "rules::won"))]
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    price_max: Option<i64>,
    /// Expiring before this day.
    #[validate(custom(function = "rules::expiration_date"))]
    expiring_before: Option<NaiveDate>,
    /// Exactly this barcode.
    #[validate(custom(function = "rules::barcode"))]
    barcode: Option<String>,
    /// `true`: what lies in the bin.
    deleted: Option<bool>,
    /// `newest` (default), `name`, `price`, `expiry`.
    #[validate(custom(function = "is_sort"))]
    #[param(pattern = "^(newest|name|price|expiry)$")]
    sort: Option<String>,
}

fn is_sort(text: &str) -> Result<(), ValidationError> {
    Sort::parse(text)
        .map(|_| ())
        .ok_or_else(|| ValidationError::new("invalid_value"))
}

impl ListQuery {
    /// The validated values. A blank filter filters nothing.
    pub(crate) fn into_list(self) -> ListProducts {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        ListProducts {
            q: self.q.filter(|q| !q.trim().is_empty()),
            category: self.category.and_then(|text| Category::parse(&text).ok()),
            size: self.size.and_then(|text| Size::parse(&text).ok()),
            price_min: self.price_min.and_then(|amount| Won::parse(amount).ok()),
            price_max: self.price_max.and_then(|amount| Won::parse(amount).ok()),
            expiring_before: self.expiring_before,
            barcode: self.barcode.and_then(|text| Barcode::parse(&text).ok()),
            deleted: self.deleted.unwrap_or_default(),
            sort: self
                .sort
                .and_then(|text| Sort::parse(&text))
                .unwrap_or_default(),
            cursor: self.cursor,
            limit: usize::from(limit),
        }
    }
}

/// Which product, in the query.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichQuery {
    /// The product's id.
    #[validate(required)]
    #[param(value_type = String, required, nullable = false)]
    product_id: Option<IdText>,
}

impl WhichQuery {
    /// The validated id.
    pub(crate) fn product_id(&self) -> Result<ProductId, Problem> {
        self.product_id.map(product_id).ok_or_else(broken)
    }
}
