//! From where an API key may be used; a key without a row here may be used from anywhere.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, id, instant, number, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut networks = table(manager, "api_key_networks");
        networks
            .col(id(manager, "id"))
            .col(number("key_id").not_null())
            .col(text("network", 43).not_null())
            .col(instant("created_at").not_null())
            .index(
                Index::create()
                    .name("uq_api_key_networks_key_id_network")
                    .unique()
                    .col("key_id")
                    .col("network"),
            )
            .foreign_key(&mut belongs_to(
                ("api_key_networks", "key_id"),
                ("api_keys", "id"),
                ForeignKeyAction::Cascade,
            ));
        manager.create_table(networks).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(
                Table::drop()
                    .table("api_key_networks")
                    .if_exists()
                    .to_owned(),
            )
            .await
    }
}
