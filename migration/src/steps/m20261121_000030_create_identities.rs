//! Accounts elsewhere that open accounts here, at most one of each provider an account. Tokens are
//! sealed before they come here.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, flag, id, instant, number, small, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut identities = table(manager, "identities");
        identities
            .col(id(manager, "id"))
            .col(number("user_id").not_null())
            .col(small("provider").not_null())
            .col(text("subject", 191).not_null())
            .col(text("email", 190))
            .col(flag("email_verified").not_null())
            .col(text("access_token", 4_096))
            .col(instant("access_expires_at"))
            .col(text("refresh_token", 4_096))
            .col(instant("refresh_expires_at"))
            .col(text("scopes", 1_024))
            .col(instant("created_at").not_null())
            .col(instant("last_used_at").not_null())
            .col(instant("unlinked_at"))
            .index(
                Index::create()
                    .name("uq_identities_subject")
                    .unique()
                    .col("provider")
                    .col("subject"),
            )
            .index(
                Index::create()
                    .name("uq_identities_user")
                    .unique()
                    .col("user_id")
                    .col("provider"),
            )
            .foreign_key(&mut belongs_to(
                ("identities", "user_id"),
                ("users", "id"),
                ForeignKeyAction::Cascade,
            ));
        manager.create_table(identities).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("identities").if_exists().to_owned())
            .await
    }
}
