//! One row: up to which day the daily counts are complete.
#![expect(unreachable_pub, reason = "the entity macro wants its items public")]

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// The id of the row.
pub(super) const ROW: i64 = 1;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outfit_days_counted")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub until_day: NaiveDate,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
