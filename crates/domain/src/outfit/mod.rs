//! Outfits, what people make of them, and the labels they carry.

mod dislike;
mod entity;
mod event;
mod heart;
mod label;
mod look;
mod query;
mod repository;
mod snapshot;
mod values;

pub use dislike::{Dislike, DislikeRepository, Disliked};
pub use entity::{Outfit, OutfitChange, OutfitDraft, OutfitId};
pub use event::{Action, EventId, FeedId, OutfitEvent, OutfitEventRepository, Place};
pub use heart::{Heart, HeartOutcome, HeartRepository};
pub use label::{Label, LabelId, LabelKind, LabelName};
pub use look::{LookOutcome, LookRepository};
pub use query::OutfitQuery;
pub use repository::{OutfitOutcome, OutfitRepository};
pub use snapshot::{SnapshotError, SnapshotStore};
pub use values::{Age, Gender, Link};

#[cfg(feature = "mock")]
pub use dislike::MockDislikeRepository;
#[cfg(feature = "mock")]
pub use event::MockOutfitEventRepository;
#[cfg(feature = "mock")]
pub use heart::MockHeartRepository;
#[cfg(feature = "mock")]
pub use look::MockLookRepository;
#[cfg(feature = "mock")]
pub use repository::MockOutfitRepository;
#[cfg(feature = "mock")]
pub use snapshot::MockSnapshotStore;
