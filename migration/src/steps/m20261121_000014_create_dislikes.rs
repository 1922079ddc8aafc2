//! What people want to see no more of. `kind`: 0 an outfit, 1 every outfit with a label.

use sea_orm_migration::prelude::*;

use crate::portable::{clustered, instant, number, small};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut dislikes = clustered(manager, "dislikes");
        dislikes
            .col(number("person_id").not_null())
            .col(small("kind").not_null())
            .col(number("target_id").not_null())
            .col(instant("at").not_null())
            .primary_key(
                Index::create()
                    .col("person_id")
                    .col("kind")
                    .col("target_id"),
            );
        manager.create_table(dislikes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("dislikes").if_exists().to_owned())
            .await
    }
}
