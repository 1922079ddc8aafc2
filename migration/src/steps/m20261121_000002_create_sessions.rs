//! Sessions: what stands behind every access token and cookie.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, id, index, instant, number, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut sessions = table(manager, "sessions");
        sessions
            .col(id(manager, "id"))
            .col(number("user_id").not_null())
            .col(text("user_agent", 200))
            .col(text("ip", 45))
            .col(instant("created_at").not_null())
            .col(instant("last_seen_at").not_null())
            .col(instant("expires_at").not_null())
            .foreign_key(&mut belongs_to(
                ("sessions", "user_id"),
                ("users", "id"),
                ForeignKeyAction::Cascade,
            ));
        manager.create_table(sessions).await?;
        index(manager, "sessions", &["user_id"]).await?;
        index(manager, "sessions", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("sessions").if_exists().to_owned())
            .await
    }
}
