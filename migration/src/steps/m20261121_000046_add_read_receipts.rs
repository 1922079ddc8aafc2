//! Whether others hear how far somebody has read.

use sea_orm_migration::prelude::*;

use crate::portable::{column, flag, remove_column};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let receipts = flag("read_receipts").not_null().default(true).to_owned();
        column(manager, "chat_people", receipts).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove_column(manager, "chat_people", "read_receipts").await
    }
}
