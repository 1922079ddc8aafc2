//! The one row that says up to which day `outfit_days` is complete, and that whoever counts holds.

use sea_orm_migration::prelude::*;

use crate::portable::{day, id, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut counted = table(manager, "outfit_days_counted");
        counted
            .col(id(manager, "id"))
            .col(day("until_day").not_null());
        manager.create_table(counted).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(
                Table::drop()
                    .table("outfit_days_counted")
                    .if_exists()
                    .to_owned(),
            )
            .await
    }
}
