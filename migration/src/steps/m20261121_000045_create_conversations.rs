//! Conversations: when something was last said, and up to where each of the two has read.

use sea_orm_migration::prelude::*;

use crate::portable::{clustered, index, instant, number};

/// What was written before there were conversations. Taken again it adds nothing. All of it counts
/// as read: nobody wants to find years of it unread.
const FILL: &str = "INSERT INTO conversations \
    (low_id, high_id, last_id, last_at, low_read_at, high_read_at) \
    SELECT m.low_id, m.high_id, m.id, m.created_at, m.created_at, m.created_at FROM messages m \
    WHERE m.created_at = (SELECT MAX(n.created_at) FROM messages n \
        WHERE n.low_id = m.low_id AND n.high_id = m.high_id) \
    AND NOT EXISTS (SELECT 1 FROM conversations c \
        WHERE c.low_id = m.low_id AND c.high_id = m.high_id)";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut conversations = clustered(manager, "conversations");
        conversations
            .col(number("low_id").not_null())
            .col(number("high_id").not_null())
            .col(number("last_id").not_null())
            .col(instant("last_at").not_null())
            .col(instant("low_read_at").not_null())
            .col(instant("high_read_at").not_null())
            .primary_key(Index::create().col("low_id").col("high_id"));
        manager.create_table(conversations).await?;
        // Somebody's, the latest first, from either side.
        index(manager, "conversations", &["low_id", "last_at", "high_id"]).await?;
        index(manager, "conversations", &["high_id", "last_at", "low_id"]).await?;
        let connection = manager.get_connection();
        connection.execute_unprepared(FILL).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("conversations").if_exists().to_owned())
            .await
    }
}
