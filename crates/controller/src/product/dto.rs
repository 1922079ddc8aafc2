//! What products look like on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use domain::product::{
    Barcode, Category, Description, Product, ProductChange, ProductDraft, ProductId, ProductName,
    Size, Won,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError, ValidationErrors};

use crate::http::{IdText, Problem, not_null, nullable};
use crate::rules;

/// A product.
#[derive(Serialize, ToSchema)]
#[schema(as = Product)]
pub(crate) struct ProductDto {
    product_id: IdText,
    category: String,
    name: String,
    description: Option<String>,
    /// What a customer pays, in won.
    #[schema(example = 4500)]
    price: i64,
    /// What the seller pays, in won.
    #[schema(example = 1200)]
    cost: i64,
    barcode: Option<String>,
    expiration_date: Option<NaiveDate>,
    /// `small` or `large`.
    #[schema(example = "small")]
    size: &'static str,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<&Product> for ProductDto {
    fn from(product: &Product) -> Self {
        let draft = &product.draft;
        Self {
            product_id: IdText(product.id.get()),
            category: draft.category.as_str().into(),
            name: draft.name.as_str().into(),
            description: draft.description.as_ref().map(|text| text.as_str().into()),
            price: draft.price.get(),
            cost: draft.cost.get(),
            barcode: draft.barcode.as_ref().map(|text| text.as_str().into()),
            expiration_date: draft.expiration_date,
            size: draft.size.as_str(),
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }
}

/// A page of products.
#[derive(Serialize, ToSchema)]
pub(crate) struct Products {
    pub(crate) items: Vec<ProductDto>,
    /// Pass it on as `cursor`; `null` on the last page.
    pub(crate) next_cursor: Option<String>,
}

/// A new product.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "category": "음료", "name": "슈크림 라떼", "price": 4500, "cost": 1200, "size": "small",
    "barcode": "8801234567893", "expiration_date": "2026-12-24"
}))]
pub(crate) struct CreateProduct {
    /// 1 to 64 characters.
    #[validate(required, custom(function = "rules::category"))]
    #[schema(required, nullable = false, min_length = 1, max_length = 64)]
    category: Option<String>,
    /// 1 to 120 characters.
    #[validate(required, custom(function = "rules::product_name"))]
    #[schema(required, nullable = false, min_length = 1, max_length = 120)]
    name: Option<String>,
    /// Up to 2,000 characters.
    #[validate(custom(function = "rules::description"))]
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Won, 0 or more.
    #[validate(required, custom(function = "rules::won"))]
    #[schema(
        required,
        nullable = false,
        minimum = 0,
        maximum = 9_007_199_254_740_991_i64
    )]
    price: Option<i64>,
    /// Won, 0 or more.
    #[validate(required, custom(function = "rules::won"))]
    #[schema(
        required,
        nullable = false,
        minimum = 0,
        maximum = 9_007_199_254_740_991_i64
    )]
    cost: Option<i64>,
    /// Up to 64 characters; thirteen digits must be an EAN-13.
    #[validate(custom(function = "rules::barcode"))]
    barcode: Option<String>,
    /// The last day it may be sold.
    #[validate(custom(function = "rules::expiration_date"))]
    expiration_date: Option<NaiveDate>,
    /// `small` or `large`.
    #[validate(required, custom(function = "rules::size"))]
    #[schema(required, nullable = false, pattern = "^(small|large)$")]
    size: Option<String>,
}

/// What was validated did not give a valid value: the rules and the constructors have come apart.
pub(super) fn broken() -> Problem {
    Problem::internal("what was validated has no valid value")
}

impl CreateProduct {
    /// The validated values.
    pub(crate) fn into_draft(self) -> Result<ProductDraft, Problem> {
        Ok(ProductDraft {
            category: Category::parse(&self.category.unwrap_or_default()).map_err(|_| broken())?,
            name: ProductName::parse(&self.name.unwrap_or_default()).map_err(|_| broken())?,
            description: self
                .description
                .as_deref()
                .map(Description::parse)
                .transpose()
                .map_err(|_| broken())?,
            price: Won::parse(self.price.unwrap_or(-1)).map_err(|_| broken())?,
            cost: Won::parse(self.cost.unwrap_or(-1)).map_err(|_| broken())?,
            barcode: self
                .barcode
                .as_deref()
                .map(Barcode::parse)
                .transpose()
                .map_err(|_| broken())?,
            expiration_date: self.expiration_date,
            size: Size::parse(&self.size.unwrap_or_default()).map_err(|_| broken())?,
        })
    }
}

/// A partial change: an absent field stays, `null` clears one that may be null.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(example = json!({"price": 4800, "description": null}))]
pub(crate) struct UpdateProduct {
    /// Which product, where the path does not say it.
    product_id: Option<IdText>,
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::category"))]
    #[schema(nullable = false)]
    category: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::product_name"))]
    #[schema(nullable = false)]
    name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::description"))]
    #[schema(value_type = Option<String>)]
    description: Option<Option<String>>,
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::won"))]
    #[schema(nullable = false, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    price: Option<i64>,
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::won"))]
    #[schema(nullable = false, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    cost: Option<i64>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::barcode"))]
    #[schema(value_type = Option<String>)]
    barcode: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::expiration_date"))]
    #[schema(value_type = Option<NaiveDate>)]
    expiration_date: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::size"))]
    #[schema(nullable = false)]
    size: Option<String>,
}

impl UpdateProduct {
    /// The validated change.
    pub(crate) fn into_change(self) -> Result<ProductChange, Problem> {
        let description = self
            .description
            .map(|text| text.as_deref().map(Description::parse).transpose());
        let barcode = self
            .barcode
            .map(|text| text.as_deref().map(Barcode::parse).transpose());
        Ok(ProductChange {
            category: self
                .category
                .as_deref()
                .map(Category::parse)
                .transpose()
                .map_err(|_| broken())?,
            name: self
                .name
                .as_deref()
                .map(ProductName::parse)
                .transpose()
                .map_err(|_| broken())?,
            description: description.transpose().map_err(|_| broken())?,
            price: self
                .price
                .map(Won::parse)
                .transpose()
                .map_err(|_| broken())?,
            cost: self
                .cost
                .map(Won::parse)
                .transpose()
                .map_err(|_| broken())?,
            barcode: barcode.transpose().map_err(|_| broken())?,
            expiration_date: self.expiration_date,
            size: self
                .size
                .as_deref()
                .map(Size::parse)
                .transpose()
                .map_err(|_| broken())?,
        })
    }
}

/// A partial change that says itself which product it is about.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct UpdateNamedProduct(UpdateProduct);

impl Validate for UpdateNamedProduct {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut findings = self.0.validate().err().unwrap_or_default();
        if self.0.product_id.is_none() {
            findings.add("product_id", ValidationError::new("required"));
        }
        if findings.is_empty() {
            Ok(())
        } else {
            Err(findings)
        }
    }
}

impl UpdateNamedProduct {
    /// Which product, and the change.
    pub(crate) fn into_parts(self) -> Result<(ProductId, UpdateProduct), Problem> {
        let id = self.0.product_id.map(product_id).ok_or_else(broken)?;
        Ok((id, self.0))
    }
}

/// The product named in a body or query.
pub(super) fn product_id(id: IdText) -> ProductId {
    ProductId::from(id.0)
}
