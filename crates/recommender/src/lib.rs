//! Which outfits a person would like to see next, and which outfits resemble another.
//!
//! Plain data in, plain data out: no I/O, no clock, no chance but what comes from a seed. The caller tells an
//! [`Engine`] of outfits and of what people do, in the order of its event log, and asks it for feeds. How it ranks and
//! why is told in `docs/RECOMMENDER.md`; the heart of it is `engine/rank`.

pub mod bucket;
mod engine;
mod event;
mod facts;
mod key;
mod parameters;
mod request;
mod session;
mod store;

pub use engine::{Engine, SnapshotError};
pub use event::{Action, Event};
pub use facts::{Gender, OutfitFacts};
pub use key::{LabelKey, OutfitKey, PersonKey};
pub use parameters::{ParameterError, Parameters, Policy};
pub use request::{Filter, RankRequest, Ranked, Reason, Statistics};
pub use session::{FeedSession, Page};
