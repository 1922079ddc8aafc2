//! One small adapter for everything outside the process but the database. Each implements a port
//! of the `domain` crate and knows nothing of the others.

pub mod event_bus;
pub mod mail;
pub mod meta_graph;
mod outgoing;
pub mod persona;
mod private;
mod snapshot_file;
pub mod social;

pub use snapshot_file::SnapshotFile;
