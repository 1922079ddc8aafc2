//! Which products an outfit shows, and in which order: shop the look.

use sea_orm_migration::prelude::*;

use crate::portable::{belongs_to, clustered, index, number, small};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut shown = clustered(manager, "outfit_products");
        shown
            .col(number("outfit_id").not_null())
            .col(number("product_id").not_null())
            .col(small("position").not_null())
            .primary_key(Index::create().col("outfit_id").col("product_id"))
            .foreign_key(&mut belongs_to(
                ("outfit_products", "outfit_id"),
                ("outfits", "id"),
                ForeignKeyAction::Cascade,
            ))
            .foreign_key(&mut belongs_to(
                ("outfit_products", "product_id"),
                ("products", "id"),
                ForeignKeyAction::Cascade,
            ));
        manager.create_table(shown).await?;
        // The outfits of a product.
        index(manager, "outfit_products", &["product_id", "outfit_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(
                Table::drop()
                    .table("outfit_products")
                    .if_exists()
                    .to_owned(),
            )
            .await
    }
}
