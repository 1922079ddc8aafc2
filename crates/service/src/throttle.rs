//! Buckets of tries: how often something may be tried.

mod bucket;

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
pub use domain::limit::Limit;
use domain::limit::{SharedBuckets, SharedBucketsError, Taken};
use moka::sync::Cache;
use parking_lot::Mutex;
use tracing::debug;

use bucket::Bucket;

/// There is no try left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The time until there is one.
    pub time: Duration,
    /// How many there are at all.
    pub limit: Limit,
}

/// One bucket per key. A try is taken before it is known how it ends, so that a thousand at
/// once are no way around; one that ends well is given back.
///
/// Where nodes share their buckets, those decide, and how they stand is remembered here: a node
/// that is cut off goes on from there, alone.
pub struct Throttle {
    limit: Option<Limit>,
    clock: Arc<dyn Clock>,
    buckets: Cache<String, Arc<Mutex<Bucket>>>,
    shared: Option<Shared>,
}

/// The buckets of all nodes, and what ours are called among them.
struct Shared {
    name: &'static str,
    buckets: Arc<dyn SharedBuckets>,
}

impl Shared {
    fn name(&self, key: &str) -> String {
        format!("{} {key}", self.name)
    }
}

/// Keys remembered at the same time.
const MAX_KEYS: u64 = 200_000;

impl Throttle {
    /// Buckets of this node with that limit; `None` lets everything pass.
    #[must_use]
    pub fn new(limit: Option<Limit>, clock: Arc<dyn Clock>) -> Self {
        let mut buckets = Cache::builder().max_capacity(MAX_KEYS);
        if let Some(limit) = limit {
            // An untouched bucket is full again after this long, and need not be kept.
            buckets = buckets.time_to_idle(limit.window().max(limit.refill));
        }
        Self {
            limit,
            clock,
            buckets: buckets.build(),
            shared: None,
        }
    }

    /// The same for all nodes together, under a name of its own.
    #[must_use]
    pub fn shared_as(mut self, name: &'static str, buckets: Arc<dyn SharedBuckets>) -> Self {
        self.shared = Some(Shared { name, buckets });
        self
    }

    /// Takes a try.
    ///
    /// # Errors
    /// How long to wait where there is none left.
    pub async fn take(&self, key: &str) -> Result<(), Wait> {
        self.take_many(key, 1).await
    }

    /// Takes so many tries, or none at all.
    ///
    /// # Errors
    /// How long to wait where there are fewer.
    pub async fn take_many(&self, key: &str, tries: u32) -> Result<(), Wait> {
        let Some(limit) = self.limit else {
            return Ok(());
        };
        let asked = match &self.shared {
            Some(shared) => shared
                .buckets
                .take(&shared.name(key), limit, tries)
                .await
                .map_err(counting_alone)
                .ok(),
            None => None,
        };
        let bucket = self.bucket(key);
        let mut bucket = bucket.lock();
        bucket.pass(self.clock.now());
        let taken = match asked {
            Some(taken) => {
                bucket.owe(taken.owed);
                taken
            }
            None => Taken {
                granted: bucket.take(limit, tries),
                owed: bucket.owed(),
            },
        };
        if taken.granted {
            return Ok(());
        }
        let needed = taken.owed + limit.refill.saturating_mul(tries);
        Err(Wait {
            time: needed
                .saturating_sub(limit.window())
                .max(Duration::from_secs(1)),
            limit,
        })
    }

    /// Gives a try back.
    pub async fn give_back(&self, key: &str) {
        self.give_back_many(key, 1).await;
    }

    /// Gives so many tries back.
    pub async fn give_back_many(&self, key: &str, tries: u32) {
        let Some(limit) = self.limit else { return };
        {
            let bucket = self.bucket(key);
            bucket.lock().give_back(limit, tries);
        }
        if let Some(shared) = &self.shared {
            let name = shared.name(key);
            let given = shared.buckets.give_back(&name, limit, tries).await;
            // What is not given back comes back with time.
            given.unwrap_or_else(counting_alone);
        }
    }

    /// Fills the bucket up.
    pub async fn reset(&self, key: &str) {
        self.buckets.invalidate(key);
        if self.limit.is_some()
            && let Some(shared) = &self.shared
        {
            let reset = shared.buckets.reset(&shared.name(key)).await;
            reset.unwrap_or_else(counting_alone);
        }
    }

    fn bucket(&self, key: &str) -> Arc<Mutex<Bucket>> {
        self.buckets
            .get_with_by_ref(key, || Arc::new(Mutex::new(Bucket::full(self.clock.now()))))
    }
}

fn counting_alone(error: SharedBucketsError) {
    debug!(%error, "this node counts alone");
}

#[cfg(test)]
mod tests;
