//! The steps, one a file. A step that has been released is never changed.

use sea_orm_migration::MigrationTrait;

mod m20261121_000001_create_users;
mod m20261121_000002_create_sessions;
mod m20261121_000003_create_refresh_tokens;
mod m20261121_000004_create_products;
mod m20261121_000005_create_product_grams;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261121_000001_create_users::Migration),
        Box::new(m20261121_000002_create_sessions::Migration),
        Box::new(m20261121_000003_create_refresh_tokens::Migration),
        Box::new(m20261121_000004_create_products::Migration),
        Box::new(m20261121_000005_create_product_grams::Migration),
    ]
}
