//! How often what was done with an outfit on a day (UTC), a row for each bucket.

use sea_orm_migration::prelude::*;

use crate::portable::{clustered, day, number, small};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut days = clustered(manager, "outfit_days");
        days.col(day("day").not_null())
            .col(number("outfit_id").not_null())
            .col(small("bucket").not_null())
            .col(number("views").not_null())
            .col(number("seen").not_null())
            .col(number("clicks").not_null())
            .col(number("hearts").not_null())
            .col(number("unhearts").not_null())
            .col(number("shares").not_null())
            .col(number("similar_clicks").not_null())
            .primary_key(Index::create().col("day").col("outfit_id").col("bucket"));
        manager.create_table(days).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("outfit_days").if_exists().to_owned())
            .await
    }
}
