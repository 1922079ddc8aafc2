//! Accounts.

use sea_orm_migration::prelude::*;

use crate::portable::{id, instant, small, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut users = table(manager, "users");
        users
            .col(id(manager, "id"))
            .col(text("name", 40).not_null())
            .col(text("name_key", 191).not_null().unique_key())
            .col(text("phone_number", 20).unique_key())
            .col(text("email", 190))
            .col(text("email_key", 191).unique_key())
            .col(instant("email_verified_at"))
            .col(text("username", 32))
            .col(text("username_key", 32).unique_key())
            .col(text("password_hash", 255))
            .col(text("profile_img", 2048))
            .col(small("role").not_null())
            .col(small("status").not_null())
            .col(instant("created_at").not_null())
            .col(instant("updated_at").not_null());
        manager.create_table(users).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("users").if_exists().to_owned())
            .await
    }
}
