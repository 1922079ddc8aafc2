//! Messages. One that was taken back stays, without what it said.

use sea_orm_migration::prelude::*;

use crate::portable::{id, index, instant, number, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut messages = table(manager, "messages");
        messages
            .col(id(manager, "id"))
            .col(number("low_id").not_null())
            .col(number("high_id").not_null())
            .col(number("author_id").not_null())
            .col(text("content", 4000))
            .col(instant("created_at").not_null())
            .col(instant("edited_at"))
            .col(text("nonce", 64))
            .index(
                Index::create()
                    .unique()
                    .name("ux_messages_author_id_nonce")
                    .col("author_id")
                    .col("nonce"),
            );
        manager.create_table(messages).await?;
        // A conversation, in its order; and from the other side, for who leaves.
        index(manager, "messages", &["low_id", "high_id", "created_at"]).await?;
        index(manager, "messages", &["high_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("messages").if_exists().to_owned())
            .await
    }
}
