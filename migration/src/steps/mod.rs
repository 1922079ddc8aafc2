//! The steps, one a file. A step that has been released is never changed.

use sea_orm_migration::MigrationTrait;

mod m20261121_000001_create_users;
mod m20261121_000002_create_sessions;
mod m20261121_000003_create_refresh_tokens;
mod m20261121_000004_create_products;
mod m20261121_000005_create_product_grams;
mod m20261121_000006_create_guests;
mod m20261121_000007_create_labels;
mod m20261121_000008_create_outfits;
mod m20261121_000009_create_outfit_labels;
mod m20261121_000010_create_hearts;
mod m20261121_000011_create_outfit_events;
mod m20261121_000012_create_outfit_days;
mod m20261121_000013_create_outfit_days_counted;
mod m20261121_000014_create_dislikes;
mod m20261121_000015_create_outfit_products;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261121_000001_create_users::Migration),
        Box::new(m20261121_000002_create_sessions::Migration),
        Box::new(m20261121_000003_create_refresh_tokens::Migration),
        Box::new(m20261121_000004_create_products::Migration),
        Box::new(m20261121_000005_create_product_grams::Migration),
        Box::new(m20261121_000006_create_guests::Migration),
        Box::new(m20261121_000007_create_labels::Migration),
        Box::new(m20261121_000008_create_outfits::Migration),
        Box::new(m20261121_000009_create_outfit_labels::Migration),
        Box::new(m20261121_000010_create_hearts::Migration),
        Box::new(m20261121_000011_create_outfit_events::Migration),
        Box::new(m20261121_000012_create_outfit_days::Migration),
        Box::new(m20261121_000013_create_outfit_days_counted::Migration),
        Box::new(m20261121_000014_create_dislikes::Migration),
        Box::new(m20261121_000015_create_outfit_products::Migration),
    ]
}
