//! Token buckets in memory: how often something may be tried.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::Clock;
use moka::sync::Cache;
use parking_lot::Mutex;

/// How many tries a bucket holds, and how long one takes to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Tries in a row.
    pub capacity: u32,
    /// The time after which one more is allowed.
    pub refill: Duration,
}

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
    pub fn take(&self, key: &str) -> Result<(), Wait> {
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
        let time = limit.refill.mul_f64(1.0 - bucket.tokens);
        Err(Wait {
            time: time.max(Duration::from_secs(1)),
            limit,
        })
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
    use proptest::prelude::*;

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
        let wait = throttle.take("a").expect_err("a wait");
        assert_eq!(
            (wait.time, wait.limit.capacity),
            (Duration::from_secs(30), 2)
        );
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

    #[test]
    fn no_limit_lets_everything_pass() {
        let (clock, _) = throttle(1);
        let throttle = Throttle::new(None, clock);
        throttle.give_back("a");
        assert!((0..1_000).all(|_| throttle.take("a").is_ok()));
    }

    #[test]
    fn who_comes_back_when_told_to_is_let_in() {
        let (clock, throttle) = throttle(1);
        assert!(throttle.take("a").is_ok());
        clock.advance(TimeDelta::milliseconds(10_500));
        let wait = throttle.take("a").expect_err("a wait");
        assert_eq!(wait.time, Duration::from_millis(19_500));
        clock.advance(TimeDelta::from_std(wait.time).expect("a span"));
        assert!(throttle.take("a").is_ok());
    }

    #[test]
    fn a_clock_that_steps_back_takes_nothing_away_and_gives_nothing() {
        let (clock, throttle) = throttle(2);
        assert!(throttle.take("a").is_ok());
        clock.advance(TimeDelta::hours(-1));
        assert!(throttle.take("a").is_ok());
        assert!(throttle.take("a").is_err());
    }

    #[test]
    fn many_at_once_get_no_more_than_there_is() {
        let (_clock, throttle) = throttle(5);
        let taken: usize = std::thread::scope(|scope| {
            let tries = || (0..100).filter(|_| throttle.take("a").is_ok()).count();
            let workers: Vec<_> = (0..4).map(|_| scope.spawn(tries)).collect();
            workers
                .into_iter()
                .map(|w| w.join().expect("a worker"))
                .sum()
        });
        assert_eq!(taken, 5);
    }

    #[derive(Clone, Debug)]
    enum Step {
        Wait(i64),
        Take,
        GiveBack,
        Reset,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            3 => (0..200_i64).prop_map(Step::Wait),
            6 => Just(Step::Take),
            2 => Just(Step::GiveBack),
            1 => Just(Step::Reset),
        ];
        prop::collection::vec(step, 0..60)
    }

    proptest! {
        #[test]
        fn a_bucket_never_holds_more_than_its_capacity(capacity in 0..6_u32, steps in steps()) {
            let (clock, throttle) = throttle(capacity);
            for step in steps {
                match step {
                    Step::Wait(seconds) => clock.advance(TimeDelta::seconds(seconds)),
                    Step::Take => drop(throttle.take("a")),
                    Step::GiveBack => throttle.give_back("a"),
                    Step::Reset => throttle.reset("a"),
                }
            }
            let in_a_row = (0..=capacity).take_while(|_| throttle.take("a").is_ok()).count();
            prop_assert!(in_a_row <= capacity as usize);
        }

        #[test]
        fn no_more_is_let_through_than_time_gives_back(
            capacity in 1..6_u32,
            waits in prop::collection::vec(0..40_i64, 0..100),
        ) {
            let (clock, throttle) = throttle(capacity);
            let mut let_through = 0;
            for seconds in &waits {
                clock.advance(TimeDelta::seconds(*seconds));
                let_through += i64::from(throttle.take("a").is_ok());
            }
            let elapsed: i64 = waits.iter().sum();
            prop_assert!(let_through <= i64::from(capacity) + elapsed / 30);
        }
    }
}
