//! The search index of products: a posting list for each piece of a name
//! (docs/adr/0003-search-index.md).

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::portable::{number, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            // Without a row id the primary key is the table: half the size, and a posting list
            // lies in one piece.
            let sql = "CREATE TABLE IF NOT EXISTS \"product_grams\" (\
                       \"gram\" bigint NOT NULL, \"product_id\" bigint NOT NULL, \
                       PRIMARY KEY (\"gram\", \"product_id\")) WITHOUT ROWID";
            return manager
                .get_connection()
                .execute_unprepared(sql)
                .await
                .map(|_| ());
        }
        let mut grams = table(manager, "product_grams");
        grams
            .col(number("gram").not_null())
            .col(number("product_id").not_null())
            .primary_key(Index::create().col("gram").col("product_id"));
        manager.create_table(grams).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("product_grams").if_exists().to_owned())
            .await
    }
}
