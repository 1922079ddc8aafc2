//! Refresh tokens, of which only hashes are kept.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, index, instant, number, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut tokens = table(manager, "refresh_tokens");
        tokens
            .col(text("hash", 43).not_null().primary_key())
            .col(number("session_id").not_null())
            .col(instant("issued_at").not_null())
            .col(instant("expires_at").not_null())
            .col(instant("used_at"))
            .foreign_key(&mut belongs_to(
                ("refresh_tokens", "session_id"),
                ("sessions", "id"),
                ForeignKeyAction::Cascade,
            ));
        manager.create_table(tokens).await?;
        index(manager, "refresh_tokens", &["session_id"]).await?;
        index(manager, "refresh_tokens", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("refresh_tokens").if_exists().to_owned())
            .await
    }
}
