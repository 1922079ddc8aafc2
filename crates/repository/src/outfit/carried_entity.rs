//! The table of which outfit carries which labels.
#![expect(unreachable_pub, reason = "the entity macro wants its items public")]

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outfit_labels")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub outfit_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub label_id: i64,
    pub position: i16,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::entity::Entity",
        from = "Column::OutfitId",
        to = "super::entity::Column::Id"
    )]
    Outfit,
}

impl ActiveModelBehavior for ActiveModel {}
