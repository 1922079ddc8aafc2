//! Token buckets in memory: how often something may be tried.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::Clock;
use moka::sync::Cache;
use parking_lot::Mutex;

/// How many tries a bucket holds, and how long one takes to come back.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Tries in a row.
    pub capacity: u32,
    /// The time after which one more is allowed.
    pub refill: Duration,
}

/// One bucket per key. A try is taken before it is known how it ends, so that a thousand at
/// once are no way around; one that ends well is given back.
pub struct Throttle {
    limit: Option<Limit>,
    clock: Arc<dyn Clock>,
    buckets: Cache<String, Arc<Mutex<Bucket>>>,
}

struct Bucket {
    tokens: f64,
    at: DateTime<Utc>,
}

/// Keys remembered at the same time.
const MAX_KEYS: u64 = 200_000;

impl Throttle {
    /// Buckets with that limit; `None` lets everything pass.
    #[must_use]
    pub fn new(limit: Option<Limit>, clock: Arc<dyn Clock>) -> Self {
        let mut buckets = Cache::builder().max_capacity(MAX_KEYS);
        if let Some(limit) = limit {
            // An untouched bucket is full again after this long, and need not be kept.
            buckets = buckets.time_to_idle(limit.refill * limit.capacity.max(1));
        }
        Self {
            limit,
            clock,
            buckets: buckets.build(),
        }
    }

    /// Takes a try.
    ///
    /// # Errors
    /// How long to wait where there is none left.
    pub fn take(&self, key: &str) -> Result<(), Duration> {
        let Some(limit) = self.limit else {
            return Ok(());
        };
        let bucket = self.bucket(key, limit);
        let mut bucket = bucket.lock();
        bucket.refill(limit, self.clock.now());
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        Err(limit
            .refill
            .mul_f64(1.0 - bucket.tokens)
            .max(Duration::from_secs(1)))
    }

    /// Gives a try back.
    pub fn give_back(&self, key: &str) {
        let Some(limit) = self.limit else { return };
        let bucket = self.bucket(key, limit);
        let mut bucket = bucket.lock();
        bucket.tokens = (bucket.tokens + 1.0).min(f64::from(limit.capacity));
    }

    /// Fills the bucket up.
    pub fn reset(&self, key: &str) {
        self.buckets.invalidate(key);
    }

    fn bucket(&self, key: &str, limit: Limit) -> Arc<Mutex<Bucket>> {
        self.buckets.get_with_by_ref(key, || {
            Arc::new(Mutex::new(Bucket {
                tokens: f64::from(limit.capacity),
                at: self.clock.now(),
            }))
        })
    }
}

impl Bucket {
    fn refill(&mut self, limit: Limit, now: DateTime<Utc>) {
        let elapsed = (now - self.at).to_std().unwrap_or_default();
        let gained = elapsed.as_secs_f64() / limit.refill.as_secs_f64().max(f64::EPSILON);
        self.tokens = (self.tokens + gained).min(f64::from(limit.capacity));
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};
    use domain::clock::FixedClock;

    use super::*;

    fn throttle(capacity: u32) -> (Arc<FixedClock>, Throttle) {
        let start = Utc
            .with_ymd_and_hms(2026, 1, 1, 0, 0, 0)
            .single()
            .expect("a date");
        let clock = Arc::new(FixedClock::at(start));
        let limit = Limit {
            capacity,
            refill: Duration::from_secs(30),
        };
        (clock.clone(), Throttle::new(Some(limit), clock))
    }

    #[test]
    fn tries_run_out_and_come_back_one_by_one() {
        let (clock, throttle) = throttle(2);
        assert_eq!(throttle.take("a"), Ok(()));
        assert_eq!(throttle.take("a"), Ok(()));
        assert_eq!(throttle.take("a"), Err(Duration::from_secs(30)));
        assert_eq!(throttle.take("b"), Ok(()));
        clock.advance(TimeDelta::seconds(30));
        assert_eq!(throttle.take("a"), Ok(()));
        assert!(throttle.take("a").is_err());
    }

    #[test]
    fn a_try_given_back_can_be_taken_again() {
        let (_clock, throttle) = throttle(1);
        assert!(throttle.take("a").is_ok());
        throttle.give_back("a");
        assert!(throttle.take("a").is_ok());
        throttle.reset("a");
        assert!(throttle.take("a").is_ok());
    }
}
