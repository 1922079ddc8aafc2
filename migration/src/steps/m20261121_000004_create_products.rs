//! Products. `status`: 0 on the shelf, 1 in the bin, 2 staged by an import.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, id, index, instant, number, small, sortable, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut products = table(manager, "products");
        products
            .col(id(manager, "id"))
            .col(number("owner_id").not_null())
            .col(small("status").not_null())
            .col(number("import_id"))
            .col(text("category", 64).not_null())
            .col(text("name", 120).not_null())
            .col(sortable(manager, "name_key", 191).not_null())
            .col(text("description", 2000))
            .col(number("price").not_null())
            .col(number("cost").not_null())
            .col(text("barcode", 64))
            .col(ColumnDef::new("expiration_date").date())
            .col(text("size", 8).not_null())
            .col(number("version").not_null())
            .col(instant("created_at").not_null())
            .col(instant("updated_at").not_null())
            .col(instant("deleted_at"))
            .foreign_key(&mut belongs_to(
                ("products", "owner_id"),
                ("users", "id"),
                ForeignKeyAction::Restrict,
            ));
        manager.create_table(products).await?;
        // Each order a list can have is one index, so that a page costs the same at any size.
        index(manager, "products", &["owner_id", "status", "id"]).await?;
        index(
            manager,
            "products",
            &["owner_id", "status", "name_key", "id"],
        )
        .await?;
        index(manager, "products", &["owner_id", "status", "price", "id"]).await?;
        index(
            manager,
            "products",
            &["owner_id", "status", "expiration_date", "id"],
        )
        .await?;
        index(
            manager,
            "products",
            &["owner_id", "status", "category", "id"],
        )
        .await?;
        index(manager, "products", &["owner_id", "barcode"]).await?;
        index(manager, "products", &["import_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("products").if_exists().to_owned())
            .await
    }
}
