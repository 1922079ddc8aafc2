//! One small adapter for everything outside the process but the database. Each implements a port
//! of the `domain` crate and knows nothing of the others.

pub mod event_bus;
mod snapshot_file;

pub use snapshot_file::SnapshotFile;
