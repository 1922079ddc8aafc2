//! The table of posting lists: which names hold which piece.
#![expect(unreachable_pub, reason = "the entity macro wants its items public")]

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_grams")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub gram: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::entity::Entity",
        from = "Column::ProductId",
        to = "super::entity::Column::Id"
    )]
    Product,
}

impl ActiveModelBehavior for ActiveModel {}
