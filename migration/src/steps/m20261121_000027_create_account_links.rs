//! Links to accounts, one an account and purpose, of which only hashes are kept. Whose they are is
//! no foreign key: for an address that nobody has, a link to nobody is stored, so that asking takes
//! the same time.

use sea_orm_migration::prelude::*;

use crate::portable::{clustered, index, instant, number, small, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut links = clustered(manager, "account_links");
        links
            .col(number("user_id").not_null())
            .col(small("purpose").not_null())
            .col(text("email", 190).not_null())
            .col(text("hash", 43).not_null().unique_key())
            .col(instant("created_at").not_null())
            .col(instant("expires_at").not_null())
            .primary_key(Index::create().col("user_id").col("purpose"));
        manager.create_table(links).await?;
        index(manager, "account_links", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("account_links").if_exists().to_owned())
            .await
    }
}
