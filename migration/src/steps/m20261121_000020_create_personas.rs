//! Personas, with the Instagram account each is linked with and the sealed token to ask with.
//! `ig_token_state`: 0 good, 1 refused by Meta.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, id, index, instant, long_text, number, small, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut personas = table(manager, "personas");
        personas
            .col(id(manager, "id"))
            .col(number("owner_id").not_null())
            .col(small("number").not_null())
            .col(long_text("image").not_null())
            .col(long_text("parameters").not_null())
            .col(text("ig_user_id", 32))
            .col(text("ig_username", 100))
            .col(text("fb_page_id", 32))
            .col(instant("ig_linked_at"))
            .col(long_text("ig_token"))
            .col(small("ig_token_state"))
            .col(instant("ig_token_expires_at"))
            .col(instant("ig_token_renew_at"))
            .col(instant("created_at").not_null())
            .col(instant("updated_at").not_null())
            .index(
                Index::create()
                    .unique()
                    .name("uq_personas_owner_id_number")
                    .col("owner_id")
                    .col("number"),
            )
            .foreign_key(&mut belongs_to(
                ("personas", "owner_id"),
                ("users", "id"),
                ForeignKeyAction::Cascade,
            ));
        manager.create_table(personas).await?;
        // Tokens that should be renewed.
        index(manager, "personas", &["ig_token_renew_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("personas").if_exists().to_owned())
            .await
    }
}
