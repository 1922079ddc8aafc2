//! On whose account a message waits, so that its delivery belongs to the same trace.

use sea_orm_migration::prelude::*;

use crate::portable::{column, remove_column, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Empty in what an older node writes, and wherever nothing is traced.
        column(manager, "outbox", text("trace", 568)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove_column(manager, "outbox", "trace").await
    }
}
