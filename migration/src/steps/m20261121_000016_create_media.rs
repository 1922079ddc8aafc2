//! Stored pictures, by name. `state`: 0 its file is being written, 1 it is there, 2 it is being
//! removed.

use sea_orm_migration::prelude::*;

use crate::portable::{clustered, index, instant, number, small, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut media = clustered(manager, "media");
        media
            .col(text("media_key", 46).not_null().primary_key())
            .col(number("bytes").not_null())
            .col(number("width").not_null())
            .col(number("height").not_null())
            .col(small("state").not_null())
            .col(instant("created_at").not_null())
            .col(instant("kept_at").not_null())
            .col(instant("changed_at").not_null());
        manager.create_table(media).await?;
        index(manager, "media", &["state", "kept_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("media").if_exists().to_owned())
            .await
    }
}
