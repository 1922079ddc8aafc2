//! What happened to each person, in order.

use sea_orm_migration::prelude::*;

use crate::portable::{clustered, index, instant, number, small};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut log = clustered(manager, "chat_log");
        log.col(number("person_id").not_null())
            .col(number("seq").not_null())
            .col(small("kind").not_null())
            .col(number("subject_id").not_null())
            .col(instant("at").not_null())
            .primary_key(Index::create().col("person_id").col("seq"));
        manager.create_table(log).await?;
        // The oldest, to be removed.
        index(manager, "chat_log", &["at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("chat_log").if_exists().to_owned())
            .await
    }
}
