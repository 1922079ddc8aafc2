//! Friendships, and requests for one.

use sea_orm_migration::prelude::*;

use crate::portable::{clustered, index, instant, number, small};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut ties = clustered(manager, "friendships");
        ties.col(number("low_id").not_null())
            .col(number("high_id").not_null())
            .col(small("bond").not_null())
            .col(instant("since").not_null())
            .primary_key(Index::create().col("low_id").col("high_id"));
        manager.create_table(ties).await?;
        // The same from the other side.
        index(manager, "friendships", &["high_id", "low_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("friendships").if_exists().to_owned())
            .await
    }
}
