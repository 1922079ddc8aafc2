//! How much each person keeps, so that a quota is held by one conditional update.

use sea_orm_migration::prelude::*;

use crate::portable::{id, number, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut usage = table(manager, "media_usage");
        usage
            .col(id(manager, "owner_id"))
            .col(number("files").not_null())
            .col(number("bytes").not_null());
        manager.create_table(usage).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("media_usage").if_exists().to_owned())
            .await
    }
}
