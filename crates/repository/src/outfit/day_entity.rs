//! The table of daily counts.
#![expect(unreachable_pub, reason = "the entity macro wants its items public")]

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outfit_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: NaiveDate,
    #[sea_orm(primary_key, auto_increment = false)]
    pub outfit_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub bucket: i16,
    pub views: i64,
    pub seen: i64,
    pub clicks: i64,
    pub hearts: i64,
    pub unhearts: i64,
    pub shares: i64,
    pub similar_clicks: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
