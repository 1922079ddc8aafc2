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
mod m20261121_000016_create_media;
mod m20261121_000017_create_media_owners;
mod m20261121_000018_create_media_references;
mod m20261121_000019_create_media_usage;
mod m20261121_000020_create_personas;
mod m20261121_000025_create_outbox;
mod m20261121_000026_create_sign_up_requests;
mod m20261121_000027_create_account_links;
mod m20261121_000030_create_identities;
mod m20261121_000035_add_user_profile;
mod m20261121_000036_create_spent;
mod m20261121_000040_add_more_to_outfit_events;
mod m20261121_000041_create_friendships;
mod m20261121_000042_create_messages;
mod m20261121_000043_create_chat_people;
mod m20261121_000044_create_chat_log;
mod m20261121_000045_create_conversations;
mod m20261121_000046_add_read_receipts;
mod m20261121_000060_create_api_keys;
mod m20261121_000061_create_api_key_networks;
mod m20261121_000062_create_suppressions;
mod m20261121_000063_create_kept_answers;
mod m20261121_000064_add_trace_to_outbox;

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
        Box::new(m20261121_000016_create_media::Migration),
        Box::new(m20261121_000017_create_media_owners::Migration),
        Box::new(m20261121_000018_create_media_references::Migration),
        Box::new(m20261121_000019_create_media_usage::Migration),
        Box::new(m20261121_000020_create_personas::Migration),
        Box::new(m20261121_000025_create_outbox::Migration),
        Box::new(m20261121_000026_create_sign_up_requests::Migration),
        Box::new(m20261121_000027_create_account_links::Migration),
        Box::new(m20261121_000030_create_identities::Migration),
        Box::new(m20261121_000035_add_user_profile::Migration),
        Box::new(m20261121_000036_create_spent::Migration),
        Box::new(m20261121_000040_add_more_to_outfit_events::Migration),
        Box::new(m20261121_000041_create_friendships::Migration),
        Box::new(m20261121_000042_create_messages::Migration),
        Box::new(m20261121_000043_create_chat_people::Migration),
        Box::new(m20261121_000044_create_chat_log::Migration),
        Box::new(m20261121_000045_create_conversations::Migration),
        Box::new(m20261121_000046_add_read_receipts::Migration),
        Box::new(m20261121_000060_create_api_keys::Migration),
        Box::new(m20261121_000061_create_api_key_networks::Migration),
        Box::new(m20261121_000062_create_suppressions::Migration),
        Box::new(m20261121_000063_create_kept_answers::Migration),
        Box::new(m20261121_000064_add_trace_to_outbox::Migration),
    ]
}
