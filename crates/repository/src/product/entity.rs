//! The table of products.

use chrono::NaiveDate;
use domain::product::{
    Barcode, Category, Description, Product, ProductDraft, ProductName, Size, Won,
};
use domain::{RepositoryError, ValueError};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

/// Where a product is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Its owner sees it.
    Shelf,
    /// Its owner threw it away, and may take it out again.
    Bin,
    /// An import wrote it, and has not published it yet.
    Staged,
}

impl Status {
    /// The stored number.
    pub(crate) fn number(self) -> i16 {
        match self {
            Self::Shelf => 0,
            Self::Bin => 1,
            Self::Staged => 2,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub owner_id: i64,
    pub status: i16,
    pub import_id: Option<i64>,
    pub category: String,
    pub name: String,
    pub name_key: String,
    pub description: Option<String>,
    pub price: i64,
    pub cost: i64,
    pub barcode: Option<String>,
    pub expiration_date: Option<NaiveDate>,
    pub size: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub deleted_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The row of a product.
pub(crate) fn row(product: &Product, status: Status, import: Option<i64>) -> ActiveModel {
    let draft = &product.draft;
    ActiveModel {
        id: Set(product.id.get()),
        owner_id: Set(product.owner_id.get()),
        status: Set(status.number()),
        import_id: Set(import),
        category: Set(draft.category.as_str().to_owned()),
        name: Set(draft.name.as_str().to_owned()),
        name_key: Set(draft.name.sort_key()),
        description: Set(draft.description.as_ref().map(|d| d.as_str().to_owned())),
        price: Set(draft.price.get()),
        cost: Set(draft.cost.get()),
        barcode: Set(draft.barcode.as_ref().map(|b| b.as_str().to_owned())),
        expiration_date: Set(draft.expiration_date),
        size: Set(draft.size.as_str().to_owned()),
        version: Set(product.version.get()),
        created_at: Set(to_micros(product.created_at)),
        updated_at: Set(to_micros(product.updated_at)),
        deleted_at: Set(product.deleted_at.map(to_micros)),
    }
}

impl TryFrom<Model> for Product {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let draft =
            draft(&row).map_err(|_| RepositoryError::storage("a stored product is not valid"))?;
        Ok(Self {
            id: row.id.into(),
            owner_id: row.owner_id.into(),
            draft,
            version: row.version.into(),
            created_at: from_micros(row.created_at)?,
            updated_at: from_micros(row.updated_at)?,
            deleted_at: row.deleted_at.map(from_micros).transpose()?,
        })
    }
}

fn draft(row: &Model) -> Result<ProductDraft, ValueError> {
    Ok(ProductDraft {
        category: Category::parse(&row.category)?,
        name: ProductName::parse(&row.name)?,
        description: row
            .description
            .as_deref()
            .map(Description::parse)
            .transpose()?,
        price: Won::parse(row.price)?,
        cost: Won::parse(row.cost)?,
        barcode: row.barcode.as_deref().map(Barcode::parse).transpose()?,
        expiration_date: row.expiration_date,
        size: Size::parse(&row.size)?,
    })
}
