//! The part of the wiring for what is too much.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use controller::http::Gate;
use domain::Clock;
use domain::limit::SharedBuckets;
use gateway::{RedisBuckets, RedisBucketsOptions};
use service::requests::{RequestLimits, RequestSettings};
use service::throttle::{Limit, Throttle};
use tokio::sync::Semaphore;

use crate::configuration::Configuration;

/// What was put together for limits.
pub(super) struct Limiting {
    is_on: bool,
    shared: Option<Arc<dyn SharedBuckets>>,
    clock: Arc<dyn Clock>,
    /// How many requests anybody may send.
    pub(super) requests: Option<Arc<RequestLimits>>,
    /// How many requests are in hand.
    pub(super) gate: Arc<Gate>,
    /// Places for all work that keeps a core busy.
    pub(super) cores: Arc<Semaphore>,
}

impl Limiting {
    /// Puts limits together; nodes that have a Redis count together.
    ///
    /// # Errors
    /// Where the URL of Redis is no good.
    pub(super) fn new(
        configuration: &Configuration,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let limits = &configuration.limits;
        let shared = match &configuration.redis.url {
            Some(url) if limits.enabled => {
                let buckets = RedisBuckets::connect(
                    &url.expose().into(),
                    &configuration.session.secret,
                    RedisBucketsOptions::default(),
                )?;
                Some(Arc::new(buckets) as Arc<dyn SharedBuckets>)
            }
            _ => None,
        };
        let settings = RequestSettings {
            per_account: limits.requests_per_account,
            per_key: limits.requests_per_key,
            per_address: limits.requests_per_address,
        };
        let requests = limits
            .enabled
            .then(|| RequestLimits::new(settings, clock.clone(), shared.clone()))
            .flatten();
        // Who sets either by hand has thought of it.
        let cores = limits.hash_concurrency.max(configuration.media.concurrency);
        Ok(Self {
            is_on: limits.enabled,
            shared,
            clock: clock.clone(),
            requests: requests.map(Arc::new),
            gate: Arc::new(Gate::new(limits.requests_in_flight)),
            cores: Arc::new(Semaphore::new(cores)),
        })
    }

    /// A throttle under a name of its own, by which all nodes know it.
    pub(super) fn throttle(
        &self,
        name: &'static str,
        capacity: u32,
        refill: Duration,
    ) -> Arc<Throttle> {
        let limit = self.is_on.then_some(Limit { capacity, refill });
        let throttle = Throttle::new(limit, self.clock.clone());
        Arc::new(match &self.shared {
            Some(shared) => throttle.shared_as(name, shared.clone()),
            None => throttle,
        })
    }
}
