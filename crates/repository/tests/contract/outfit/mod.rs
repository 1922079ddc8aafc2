//! Outfits, what people make of them, and the labels they carry.

mod builders;
mod catalogue;
mod changed;
mod collection;
mod days;
mod dislikes;
mod events;
mod hearts;
mod labels;
mod lists;
mod looks;
mod merge;
mod removal;
mod unit_of_work;
