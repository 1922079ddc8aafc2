//! What people say of themselves, and the door their account was made at.

use sea_orm_migration::prelude::*;

use crate::portable::{column, day, number, remove_column, small, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for added in [
            text("nickname", 40),
            day("birthday"),
            small("gender"),
            text("locale", 16),
            small("platform"),
            number("credit").not_null().default(0).to_owned(),
        ] {
            column(manager, "users", added).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for added in [
            "credit", "platform", "locale", "gender", "birthday", "nickname",
        ] {
            remove_column(manager, "users", added).await?;
        }
        Ok(())
    }
}
