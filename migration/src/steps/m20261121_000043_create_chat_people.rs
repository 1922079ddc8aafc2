//! How far each person's log has come, and who may write to them.

use sea_orm_migration::prelude::*;

use crate::portable::{id, number, small, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut people = table(manager, "chat_people");
        people
            .col(id(manager, "id"))
            .col(number("last_seq").not_null())
            .col(number("removed_seq").not_null())
            .col(small("dm_from").not_null());
        manager.create_table(people).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("chat_people").if_exists().to_owned())
            .await
    }
}
