//! The views of a page in one row: the first as before, and in `more` those that follow it.

use sea_orm_migration::prelude::*;

use crate::portable::{column, remove_column};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let more = ColumnDef::new("more").blob().to_owned();
        column(manager, "outfit_events", more).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove_column(manager, "outfit_events", "more").await
    }
}
