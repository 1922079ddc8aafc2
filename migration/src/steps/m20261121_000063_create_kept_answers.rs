//! Answers to requests that were sent under an `Idempotency-Key`, for when they come again.

use sea_orm_migration::prelude::*;

use crate::portable::{clustered, index, instant, number, text, unlimited_text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut answers = clustered(manager, "kept_answers");
        answers
            .col(text("id", 64).not_null().primary_key())
            .col(number("owner_id").not_null())
            .col(text("request", 64).not_null())
            .col(unlimited_text(manager, "answer").not_null())
            .col(instant("until").not_null());
        manager.create_table(answers).await?;
        index(manager, "kept_answers", &["owner_id"]).await?;
        // Those to forget.
        index(manager, "kept_answers", &["until"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("kept_answers").if_exists().to_owned())
            .await
    }
}
