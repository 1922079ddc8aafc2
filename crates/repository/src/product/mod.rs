//! Products and the index they are searched by.

pub(crate) mod entity;
mod gram_entity;
mod index;
mod list;
mod search;
mod store;

pub use store::SeaProducts;
