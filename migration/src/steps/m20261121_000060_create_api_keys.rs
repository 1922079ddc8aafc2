//! Keys by which programs speak for an account. Secrets are sealed before they come here.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, id, index, instant, number, small, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut keys = table(manager, "api_keys");
        keys.col(id(manager, "id"))
            .col(number("owner_id").not_null())
            .col(text("access_key", 26).not_null().unique_key())
            .col(text("secret", 255).not_null())
            .col(text("outgoing_secret", 255))
            .col(instant("outgoing_until"))
            .col(text("memo", 100))
            .col(small("scopes").not_null())
            .col(instant("created_at").not_null())
            .col(instant("expires_at"))
            .col(instant("last_used_at"))
            .foreign_key(&mut belongs_to(
                ("api_keys", "owner_id"),
                ("users", "id"),
                ForeignKeyAction::Cascade,
            ));
        manager.create_table(keys).await?;
        index(manager, "api_keys", &["owner_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("api_keys").if_exists().to_owned())
            .await
    }
}
