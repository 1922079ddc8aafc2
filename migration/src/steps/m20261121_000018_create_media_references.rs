//! What shows a picture, and so keeps it. `kind`: 0 a profile, 1 a persona; each shows one at most.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, clustered, index, number, small, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut references = clustered(manager, "media_references");
        references
            .col(small("kind").not_null())
            .col(number("holder_id").not_null())
            .col(number("member_id").not_null())
            .col(text("media_key", 46).not_null())
            .primary_key(Index::create().col("kind").col("holder_id"))
            .foreign_key(&mut belongs_to(
                ("media_references", "media_key"),
                ("media", "media_key"),
                ForeignKeyAction::Cascade,
            ));
        manager.create_table(references).await?;
        index(manager, "media_references", &["media_key"]).await?;
        index(manager, "media_references", &["member_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut drop = Table::drop();
        drop.table("media_references").if_exists();
        manager.drop_table(drop.to_owned()).await
    }
}
