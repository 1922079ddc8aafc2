//! One small adapter for everything outside the process but the database. Each implements a port
//! of the `domain` crate and knows nothing of the others.

pub mod event_bus;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod mail;
pub mod meta_graph;
mod outgoing;
pub mod persona;
mod private;
mod redis_link;
mod shared_buckets;
mod snapshot_file;
pub mod social;

pub use redis_link::RedisLinkError;
pub use shared_buckets::{RedisBuckets, RedisBucketsOptions};
pub use snapshot_file::SnapshotFile;
