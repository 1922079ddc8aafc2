//! Where a node keeps what its recommender has learned, so as not to learn it again.

use async_trait::async_trait;
use thiserror::Error;

/// The store did not do what it was asked.
#[derive(Debug, Error)]
#[error("the snapshot store failed")]
pub struct SnapshotError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Keeps one snapshot: a copy that may be lost, for the log of events is the truth.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SnapshotStore: Send + Sync {
    /// The latest snapshot.
    async fn read(&self) -> Result<Option<Vec<u8>>, SnapshotError>;

    /// Replaces the snapshot: whoever reads gets the old one or the new one, never a part.
    async fn write(&self, snapshot: Vec<u8>) -> Result<(), SnapshotError>;
}
