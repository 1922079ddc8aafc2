//! Which outfit carries which labels, and in which order.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, clustered, index, number, small};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut carried = clustered(manager, "outfit_labels");
        carried
            .col(number("outfit_id").not_null())
            .col(number("label_id").not_null())
            .col(small("position").not_null())
            .primary_key(Index::create().col("outfit_id").col("label_id"))
            .foreign_key(&mut belongs_to(
                ("outfit_labels", "outfit_id"),
                ("outfits", "id"),
                ForeignKeyAction::Cascade,
            ))
            .foreign_key(&mut belongs_to(
                ("outfit_labels", "label_id"),
                ("labels", "id"),
                ForeignKeyAction::Restrict,
            ));
        manager.create_table(carried).await?;
        // The outfits of a label, in the order lists have.
        index(manager, "outfit_labels", &["label_id", "outfit_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("outfit_labels").if_exists().to_owned())
            .await
    }
}
