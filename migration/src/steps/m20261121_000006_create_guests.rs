//! Guests, of whose secret ids only hashes are kept. Who turned out to be whom is no foreign key:
//! a guest whose member is gone must not come back to life.

use sea_orm_migration::prelude::*;

use crate::portable::{id, index, instant, number, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut guests = table(manager, "guests");
        guests
            .col(id(manager, "id"))
            .col(text("hash", 43).not_null().unique_key())
            .col(instant("created_at").not_null())
            .col(instant("expires_at").not_null())
            .col(number("merged_into"));
        manager.create_table(guests).await?;
        index(manager, "guests", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("guests").if_exists().to_owned())
            .await
    }
}
