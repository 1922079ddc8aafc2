//! How often something may be done, and the port over which nodes count together.

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

/// How many tries a bucket holds, and how long one takes to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Tries in a row.
    pub capacity: u32,
    /// The time after which one more is allowed.
    pub refill: Duration,
}

impl Limit {
    /// The time after which an empty bucket is full again.
    #[must_use]
    pub fn window(&self) -> Duration {
        self.refill.saturating_mul(self.capacity)
    }
}

/// How a shared bucket answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Whether the tries were there, and have been taken.
    pub granted: bool,
    /// The time after which the bucket is full again, as it is now.
    pub owed: Duration,
}

/// Tries that were spent already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    /// The bucket's name.
    pub bucket: String,
    /// How much it holds.
    pub limit: Limit,
    /// How many were spent.
    pub tries: u32,
}

/// The buckets cannot be asked now. Whoever asked counts alone.
#[derive(Debug, Error)]
#[error("the shared buckets cannot be asked")]
pub struct SharedBucketsError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Buckets of tries that all nodes of an installation share.
///
/// An implementation answers within a short bounded time or fails; it reads its own clock, so that
/// nodes need not agree on the time. A bucket that nobody knows is full.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SharedBuckets: Send + Sync {
    /// Takes so many tries, or none where there are fewer.
    async fn take(
        &self,
        bucket: &str,
        limit: Limit,
        tries: u32,
    ) -> Result<Taken, SharedBucketsError>;

    /// Gives tries back. No bucket holds more than it can.
    async fn give_back(
        &self,
        bucket: &str,
        limit: Limit,
        tries: u32,
    ) -> Result<(), SharedBucketsError>;

    /// Fills a bucket up.
    async fn reset(&self, bucket: &str) -> Result<(), SharedBucketsError>;

    /// Notes what was spent already, be it more than there was; in the same order, the time after
    /// which each bucket is full again.
    async fn note(&self, spent: &[Spent]) -> Result<Vec<Duration>, SharedBucketsError>;
}
