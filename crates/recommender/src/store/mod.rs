//! Where the engine keeps things: structures that are read while one learner writes, and grow without moving.

mod atomic;
mod decay;
mod keymap;
mod label;
mod outfit;
mod person;
mod row;
mod seen;
mod shortlist;
mod slab;

pub(crate) use atomic::AtomicF32;
pub(crate) use decay::Decay;
pub(crate) use keymap::KeyMap;
pub(crate) use label::{Kind, Labels};
pub(crate) use outfit::{Facts, Outfit, Signature, SimilarList, looks};
pub(crate) use person::{Dislikes, Mark, Person, Persons, Taste, kinds};
pub(crate) use row::Row;
pub(crate) use seen::{Filter as SeenFilter, Generation, Seen, Sight};
pub(crate) use shortlist::Shortlist;
pub(crate) use slab::Slab;
