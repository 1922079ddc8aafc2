//! Keys that may be spent once, for as long as that has to be known.

use sea_orm_migration::prelude::*;

use crate::portable::{clustered, index, instant, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut spent = clustered(manager, "spent");
        spent
            .col(text("id", 64).not_null().primary_key())
            .col(instant("until").not_null());
        manager.create_table(spent).await?;
        // Those to forget.
        index(manager, "spent", &["until"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("spent").if_exists().to_owned())
            .await
    }
}
