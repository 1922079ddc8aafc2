//! Outfits, what people make of them, and the labels they carry.

mod carried_entity;
mod counted_entity;
mod day_entity;
mod days;
mod dislike_entity;
mod dislikes;
mod entity;
mod event_entity;
mod events;
mod heart_batch;
mod heart_entity;
mod hearts;
mod label_entity;
mod labels;
mod list;
mod load;
mod looks;
mod merge;
mod runs;
mod save;
mod shown_entity;
mod store;
mod together;

pub use dislikes::SeaDislikes;
pub use events::SeaOutfitEvents;
pub use hearts::SeaHearts;
pub use looks::SeaLooks;
pub use store::SeaOutfits;
