//! Whose a picture is: one that several people handed in is everybody's of them.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, clustered, index, instant, number, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut owners = clustered(manager, "media_owners");
        owners
            .col(number("owner_id").not_null())
            .col(text("media_key", 46).not_null())
            .col(instant("owned_at").not_null())
            .primary_key(Index::create().col("owner_id").col("media_key"))
            .foreign_key(&mut belongs_to(
                ("media_owners", "media_key"),
                ("media", "media_key"),
                ForeignKeyAction::Cascade,
            ));
        manager.create_table(owners).await?;
        index(manager, "media_owners", &["media_key"]).await?;
        index(
            manager,
            "media_owners",
            &["owner_id", "owned_at", "media_key"],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("media_owners").if_exists().to_owned())
            .await
    }
}
