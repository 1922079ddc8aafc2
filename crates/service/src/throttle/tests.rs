use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use chrono::{TimeDelta, TimeZone, Utc};
use domain::clock::FixedClock;
use domain::limit::Spent;
use futures_util::FutureExt;
use proptest::prelude::*;

use super::*;

/// What nobody has to wait for.
fn now<T>(done: impl Future<Output = T>) -> T {
    done.now_or_never().expect("an answer at once")
}

fn take(throttle: &Throttle, key: &str) -> Result<(), Wait> {
    now(throttle.take(key))
}

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
    assert_eq!(take(&throttle, "a"), Ok(()));
    assert_eq!(take(&throttle, "a"), Ok(()));
    let wait = take(&throttle, "a").expect_err("a wait");
    assert_eq!(
        (wait.time, wait.limit.capacity),
        (Duration::from_secs(30), 2)
    );
    assert_eq!(take(&throttle, "b"), Ok(()));
    clock.advance(TimeDelta::seconds(30));
    assert_eq!(take(&throttle, "a"), Ok(()));
    assert!(take(&throttle, "a").is_err());
}

#[test]
fn a_try_given_back_can_be_taken_again() {
    let (_clock, throttle) = throttle(1);
    assert!(take(&throttle, "a").is_ok());
    now(throttle.give_back("a"));
    assert!(take(&throttle, "a").is_ok());
    now(throttle.reset("a"));
    assert!(take(&throttle, "a").is_ok());
}

#[test]
fn no_limit_lets_everything_pass() {
    let (clock, _) = throttle(1);
    let throttle = Throttle::new(None, clock);
    now(throttle.give_back("a"));
    assert!((0..1_000).all(|_| take(&throttle, "a").is_ok()));
}

#[test]
fn who_comes_back_when_told_to_is_let_in() {
    let (clock, throttle) = throttle(1);
    assert!(take(&throttle, "a").is_ok());
    clock.advance(TimeDelta::milliseconds(10_500));
    let wait = take(&throttle, "a").expect_err("a wait");
    assert_eq!(wait.time, Duration::from_millis(19_500));
    clock.advance(TimeDelta::from_std(wait.time).expect("a span"));
    assert!(take(&throttle, "a").is_ok());
}

#[test]
fn a_clock_that_steps_back_takes_nothing_away_and_gives_nothing() {
    let (clock, throttle) = throttle(2);
    assert!(take(&throttle, "a").is_ok());
    clock.advance(TimeDelta::hours(-1));
    assert!(take(&throttle, "a").is_ok());
    assert!(take(&throttle, "a").is_err());
}

#[test]
fn many_at_once_get_no_more_than_there_is() {
    let (_clock, throttle) = throttle(5);
    let taken: usize = std::thread::scope(|scope| {
        let tries = || (0..100).filter(|_| take(&throttle, "a").is_ok()).count();
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
                Step::Take => drop(take(&throttle, "a")),
                Step::GiveBack => now(throttle.give_back("a")),
                Step::Reset => now(throttle.reset("a")),
            }
        }
        let in_a_row = (0..=capacity).take_while(|_| take(&throttle, "a").is_ok()).count();
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
            let_through += i64::from(take(&throttle, "a").is_ok());
        }
        let elapsed: i64 = waits.iter().sum();
        prop_assert!(let_through <= i64::from(capacity) + elapsed / 30);
    }
}

/// Shared buckets in memory, which can go away.
struct Together {
    clock: Arc<FixedClock>,
    buckets: Mutex<HashMap<String, Bucket>>,
    is_away: AtomicBool,
}

impl Together {
    fn of(&self, bucket: &str) -> Result<Bucket, SharedBucketsError> {
        if self.is_away.load(Ordering::SeqCst) {
            return Err(SharedBucketsError("away".into()));
        }
        let now = self.clock.now();
        let found = self.buckets.lock().remove(bucket);
        let mut found = found.unwrap_or_else(|| Bucket::full(now));
        found.pass(now);
        Ok(found)
    }

    fn keep(&self, name: &str, bucket: Bucket) {
        self.buckets.lock().insert(name.to_owned(), bucket);
    }
}

#[async_trait]
impl SharedBuckets for Together {
    async fn take(
        &self,
        name: &str,
        limit: Limit,
        tries: u32,
    ) -> Result<Taken, SharedBucketsError> {
        let mut bucket = self.of(name)?;
        let granted = bucket.take(limit, tries);
        let owed = bucket.owed();
        self.keep(name, bucket);
        Ok(Taken { granted, owed })
    }

    async fn give_back(
        &self,
        name: &str,
        limit: Limit,
        tries: u32,
    ) -> Result<(), SharedBucketsError> {
        let mut bucket = self.of(name)?;
        bucket.give_back(limit, tries);
        self.keep(name, bucket);
        Ok(())
    }

    async fn reset(&self, name: &str) -> Result<(), SharedBucketsError> {
        self.of(name).map(|_| ())
    }

    async fn note(&self, _: &[Spent]) -> Result<Vec<Duration>, SharedBucketsError> {
        Err(SharedBucketsError("nobody notes here".into()))
    }
}

fn nodes(capacity: u32) -> (Arc<Together>, [Throttle; 2]) {
    let (clock, _) = throttle(capacity);
    let together = Arc::new(Together {
        clock: clock.clone(),
        buckets: Mutex::default(),
        is_away: AtomicBool::new(false),
    });
    let limit = Limit {
        capacity,
        refill: Duration::from_secs(30),
    };
    let node = || Throttle::new(Some(limit), clock.clone()).shared_as("tests", together.clone());
    (together.clone(), [node(), node()])
}

#[test]
fn nodes_that_share_their_buckets_count_together() {
    let (together, [one, other]) = nodes(2);
    assert!(take(&one, "a").is_ok());
    assert!(take(&other, "a").is_ok());
    for node in [&one, &other] {
        let wait = take(node, "a").expect_err("a wait");
        assert_eq!(wait.time, Duration::from_secs(30));
        assert!(take(node, "b").is_ok());
    }
    now(one.give_back("a"));
    assert!(take(&other, "a").is_ok());
    now(other.reset("a"));
    assert!(take(&one, "a").is_ok());
    assert!(together.buckets.lock().contains_key("tests a"));
}

#[test]
fn a_node_that_is_cut_off_goes_on_from_what_it_knew() {
    let (together, [one, other]) = nodes(3);
    for _ in 0..2 {
        assert!(take(&other, "a").is_ok());
    }
    assert!(take(&one, "a").is_ok());
    together.is_away.store(true, Ordering::SeqCst);
    // It knew of what the other had taken.
    assert!(take(&one, "a").is_err());
    // What nobody had tried is counted here, by each for itself.
    for node in [&one, &other] {
        assert!((0..3).all(|_| take(node, "b").is_ok()));
        assert!(take(node, "b").is_err());
        now(node.give_back("b"));
        assert!(take(node, "b").is_ok());
        now(node.reset("b"));
        assert!(take(node, "b").is_ok());
    }
    together.is_away.store(false, Ordering::SeqCst);
    assert!(take(&one, "a").is_err());
    together.clock.advance(TimeDelta::seconds(30));
    assert!(take(&one, "a").is_ok());
}

#[test]
fn several_tries_are_taken_together_or_not_at_all() {
    let (clock, throttle) = throttle(3);
    assert_eq!(now(throttle.take_many("a", 2)), Ok(()));
    let wait = now(throttle.take_many("a", 3)).expect_err("a wait");
    assert_eq!(wait.time, Duration::from_secs(60));
    assert_eq!(now(throttle.take_many("a", 1)), Ok(()));
    clock.advance(TimeDelta::seconds(60));
    assert_eq!(now(throttle.take_many("a", 2)), Ok(()));
    now(throttle.give_back_many("a", 2));
    assert_eq!(now(throttle.take_many("a", 2)), Ok(()));
}
