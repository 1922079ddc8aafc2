//! Outfits. `hearts` counts the living rows of the table of that name.

use sea_orm_migration::prelude::*;

use crate::portable::{day, flag, id, index, instant, number, small, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut outfits = table(manager, "outfits");
        outfits
            .col(id(manager, "id"))
            .col(text("img_url", 2000).not_null())
            .col(text("gender", 1))
            .col(small("age"))
            .col(text("origin_url", 2000))
            .col(day("date"))
            .col(number("hearts").not_null())
            .col(flag("hidden").not_null())
            .col(number("version").not_null())
            .col(instant("created_at").not_null())
            .col(instant("updated_at").not_null());
        manager.create_table(outfits).await?;
        index(manager, "outfits", &["hidden", "id"]).await?;
        index(manager, "outfits", &["updated_at", "id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("outfits").if_exists().to_owned())
            .await
    }
}
