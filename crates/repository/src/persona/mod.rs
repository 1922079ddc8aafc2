//! Stored pictures.

mod media;
mod media_doom;
mod media_entity;
mod media_list;
mod media_owner_entity;
mod media_owners;
mod media_reference_entity;
mod media_usage;
mod media_usage_entity;

pub use media::SeaMedia;

mod entity;
mod store;
mod tokens;

pub use store::SeaPersonas;
pub use tokens::SeaInstagramTokens;
