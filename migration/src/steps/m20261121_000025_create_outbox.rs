//! Messages that wait to be delivered, and what became of them. What they say is sealed.

use sea_orm_migration::prelude::*;

use crate::portable::{id, index, instant, number, small, table, text, unlimited_text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut outbox = table(manager, "outbox");
        outbox
            .col(id(manager, "id"))
            .col(small("channel").not_null())
            .col(small("priority").not_null())
            .col(small("status").not_null())
            .col(number("owner_id"))
            .col(unlimited_text(manager, "payload").not_null())
            .col(number("attempts").not_null())
            // When it may be tried next; while it is being tried, when that try is given up.
            .col(instant("due_at").not_null())
            .col(instant("expires_at"))
            .col(instant("created_at").not_null())
            .col(instant("settled_at"))
            .col(text("reason", 64));
        manager.create_table(outbox).await?;
        // What is due next, in the order it is taken.
        index(
            manager,
            "outbox",
            &["status", "channel", "priority", "due_at"],
        )
        .await?;
        index(manager, "outbox", &["owner_id", "id"]).await?;
        index(manager, "outbox", &["settled_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("outbox").if_exists().to_owned())
            .await
    }
}
