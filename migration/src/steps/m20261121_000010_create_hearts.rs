//! Hearts of members and guests. One that is taken back stays, marked.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, clustered, flag, index, instant, number};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut hearts = clustered(manager, "hearts");
        hearts
            .col(number("person_id").not_null())
            .col(number("outfit_id").not_null())
            .col(instant("hearted_at").not_null())
            .col(flag("is_deleted").not_null())
            .col(instant("changed_at").not_null())
            .primary_key(Index::create().col("person_id").col("outfit_id"))
            .foreign_key(&mut belongs_to(
                ("hearts", "outfit_id"),
                ("outfits", "id"),
                ForeignKeyAction::Cascade,
            ));
        manager.create_table(hearts).await?;
        // A collection, in its order.
        let collection = ["person_id", "is_deleted", "hearted_at", "outfit_id"];
        index(manager, "hearts", &collection).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("hearts").if_exists().to_owned())
            .await
    }
}
