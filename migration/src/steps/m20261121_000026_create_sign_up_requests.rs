//! Accounts that were asked for, one an address; of the links to them only hashes are kept.

use sea_orm_migration::prelude::*;

use crate::portable::{index, instant, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut requests = table(manager, "sign_up_requests");
        requests
            .col(text("email_key", 191).not_null().primary_key())
            .col(text("email", 190).not_null())
            .col(text("name", 40).not_null())
            .col(text("password_hash", 255).not_null())
            .col(text("hash", 43).not_null().unique_key())
            .col(instant("created_at").not_null())
            .col(instant("expires_at").not_null());
        manager.create_table(requests).await?;
        index(manager, "sign_up_requests", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(
                Table::drop()
                    .table("sign_up_requests")
                    .if_exists()
                    .to_owned(),
            )
            .await
    }
}
