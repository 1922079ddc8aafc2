//! Labels: what outfits are found and compared by. `kind` as `LabelKind::number` says.

use sea_orm_migration::prelude::*;

use crate::portable::{id, small, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut labels = table(manager, "labels");
        labels
            .col(id(manager, "id"))
            .col(small("kind").not_null())
            .col(text("name", 64).not_null())
            .col(text("name_key", 191).not_null())
            .index(
                Index::create()
                    .unique()
                    .name("uq_labels_kind_name_key")
                    .col("kind")
                    .col("name_key"),
            );
        manager.create_table(labels).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("labels").if_exists().to_owned())
            .await
    }
}
