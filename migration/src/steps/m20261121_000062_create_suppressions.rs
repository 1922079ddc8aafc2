//! Addresses, as hashes, that get no more mails of somebody's programs.

use sea_orm_migration::prelude::*;

use crate::portable::{clustered, instant, number, small, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut suppressions = clustered(manager, "suppressions");
        suppressions
            .col(number("sender_id").not_null())
            .col(text("address", 64).not_null())
            .col(small("reason").not_null())
            .col(instant("created_at").not_null())
            .primary_key(Index::create().col("sender_id").col("address"));
        manager.create_table(suppressions).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("suppressions").if_exists().to_owned())
            .await
    }
}
