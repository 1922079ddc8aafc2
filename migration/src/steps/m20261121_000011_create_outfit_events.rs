//! What people do with outfits, append-only. `action` as `Action::number` says. Without foreign
//! keys: a page of views is ten rows, and what they point at was just shown.

use sea_orm_migration::prelude::*;

use crate::portable::{id, index, instant, number, small, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut events = table(manager, "outfit_events");
        events
            .col(id(manager, "id"))
            .col(number("person_id").not_null())
            .col(number("outfit_id").not_null())
            .col(small("action").not_null())
            .col(number("subject"))
            .col(number("feed_id"))
            .col(ColumnDef::new("position").integer())
            .col(ColumnDef::new("propensity").float())
            .col(small("bucket").not_null())
            .col(instant("at").not_null());
        manager.create_table(events).await?;
        index(manager, "outfit_events", &["person_id"]).await?;
        // A day of events to be counted, and views that are old, are ranges of it.
        index(manager, "outfit_events", &["action", "at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("outfit_events").if_exists().to_owned())
            .await
    }
}
