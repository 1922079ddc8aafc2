//! Outfits: the catalogue, the feed, hearts, and all that teaches the feed.
//!
//! The heart of it: `feed.rs` answers a page, `mind.rs` learns, `recorder.rs` writes down what people do.

mod activity;
mod catalogue;
mod common;
pub(crate) mod cursor;
mod editor;
mod error;
mod experiment;
mod feed;
mod heart;
mod import;
mod liked;
mod look;
mod memory;
mod mind;
mod open_feeds;
mod personal;
mod recorder;
mod snapshot;
#[cfg(test)]
pub(crate) mod testing;
mod translate;

pub use activity::{ActivityService, Deed, DefaultActivityService, Report, Unwanted};
pub use catalogue::Catalogue;
pub use common::{Common, FeedFigures};
pub use editor::{DefaultOutfitService, ListOutfits, OutfitList, OutfitService};
pub use error::OutfitError;
pub use experiment::{Arm, ArmError, Experiment};
pub use feed::{
    DefaultFeedService, FeedFilter, FeedItem, FeedPage, FeedService, FeedStart, Reason, SimilarPage,
};
pub use heart::{Collection, DefaultHeartService, HeartService};
pub use import::OutfitImportOptions;
pub use liked::Liked;
pub use look::{DefaultLookService, LookError, LookService};
pub use memory::{Memory, MemoryError};
pub use mind::Mind;
pub use personal::OutfitPersonalData;
pub use recorder::{Recorder, Writer};

#[cfg(feature = "mock")]
pub use activity::MockActivityService;
#[cfg(feature = "mock")]
pub use editor::MockOutfitService;
#[cfg(feature = "mock")]
pub use feed::MockFeedService;
#[cfg(feature = "mock")]
pub use heart::MockHeartService;
#[cfg(feature = "mock")]
pub use look::MockLookService;
