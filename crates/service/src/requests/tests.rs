use std::net::Ipv6Addr;

use chrono::{TimeDelta, TimeZone, Utc};
use domain::clock::FixedClock;
use domain::limit::{MockSharedBuckets, SharedBucketsError};

use super::*;

fn me() -> Asker {
    Asker::Account(7.into())
}

fn clock() -> Arc<FixedClock> {
    let start = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0);
    Arc::new(FixedClock::at(start.single().expect("a date")))
}

/// Sixty requests a minute for everybody.
fn limits(clock: &Arc<FixedClock>, shared: Option<MockSharedBuckets>) -> RequestLimits {
    let settings = RequestSettings {
        per_account: 60,
        per_key: 60,
        per_address: 60,
    };
    let shared = shared.map(|shared| Arc::new(shared) as Arc<dyn SharedBuckets>);
    RequestLimits::new(settings, clock.clone(), shared).expect("limits")
}

fn address(text: &str) -> Asker {
    Asker::Address(text.parse().expect("an address"))
}

fn ask(limits: &RequestLimits, asker: Asker) -> Result<Standing, Wait> {
    limits.take(asker).expect("a limit")
}

fn ask_often(limits: &RequestLimits, asker: Asker, times: usize) {
    for _ in 0..times {
        assert!(ask(limits, asker).is_ok());
    }
}

#[test]
fn requests_run_out_and_come_back_one_by_one() {
    let clock = clock();
    let limits = limits(&clock, None);
    let first = ask(&limits, me()).expect("a request");
    assert_eq!((first.policy, first.left), (Policy::Account, 59));
    ask_often(&limits, me(), 59);
    let wait = ask(&limits, me()).expect_err("a wait");
    assert_eq!(
        (wait.time, wait.limit.capacity),
        (Duration::from_secs(1), 60)
    );
    clock.advance(TimeDelta::milliseconds(1_500));
    let standing = ask(&limits, me()).expect("a request");
    assert_eq!(standing.left, 0);
    assert_eq!(standing.more_in, Duration::from_millis(500));
    assert!(ask(&limits, me()).is_err());
    clock.advance(TimeDelta::seconds(60));
    assert_eq!(ask(&limits, me()).expect("a request").left, 59);
}

#[test]
fn nobody_uses_up_what_is_anothers() {
    let limits = limits(&clock(), None);
    ask_often(&limits, me(), 60);
    assert!(ask(&limits, me()).is_err());
    for other in [
        Asker::Account(8.into()),
        // The same number, of another kind.
        Asker::Key(7.into()),
        address("0.0.0.7"),
        address("::7"),
    ] {
        assert!(ask(&limits, other).is_ok(), "{other:?}");
    }
}

#[test]
fn a_network_of_64_bits_is_one_address() {
    let limits = limits(&clock(), None);
    for host in 0..60_u16 {
        ask_often(&limits, address(&format!("2001:db8::{host:x}")), 1);
    }
    assert!(ask(&limits, address("2001:db8::ffff:1")).is_err());
    assert!(ask(&limits, address("2001:db8:0:1::1")).is_ok());
    // The same address in the clothes of the other version is the same.
    ask_often(&limits, address("192.0.2.1"), 60);
    assert!(ask(&limits, address("::ffff:192.0.2.1")).is_err());
}

#[test]
fn what_is_0_is_no_limit() {
    let settings = RequestSettings {
        per_account: 1,
        ..RequestSettings::default()
    };
    let limits = RequestLimits::new(settings, clock(), None).expect("limits");
    assert!(limits.take(address("192.0.2.1")).is_none());
    assert!(ask(&limits, me()).is_ok());
    assert!(ask(&limits, me()).is_err());
    assert!(RequestLimits::new(RequestSettings::default(), clock(), None).is_none());
}

#[test]
fn a_flood_of_addresses_takes_no_more_room_and_frees_nobody() {
    let clock = clock();
    let limits = limits(&clock, None);
    ask_often(&limits, me(), 60);
    for network in 0..200_000_u128 {
        let network = Ipv6Addr::from(0x2001_0db8_u128 << 96 | network << 64);
        assert!(limits.take(Asker::Address(network.into())).is_some());
    }
    // Each of them owes a second, and whoever owes a minute is kept instead.
    assert!(ask(&limits, me()).is_err());
    assert!(limits.table.owing(limits.now()) <= Table::places());
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(limits.table.owing(limits.now()), 1);
}

#[test]
fn a_clock_that_steps_back_shuts_nobody_out() {
    let clock = clock();
    let limits = limits(&clock, None);
    ask_often(&limits, me(), 60);
    clock.advance(TimeDelta::hours(-1));
    assert!(ask(&limits, me()).is_ok());
}

#[test]
fn many_at_once_get_no_more_than_there_is() {
    let limits = limits(&clock(), None);
    let through: usize = std::thread::scope(|scope| {
        let tries = || (0..100).filter(|_| ask(&limits, me()).is_ok()).count();
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(tries)).collect();
        let workers = workers.into_iter();
        workers.map(|one| one.join().expect("a worker")).sum()
    });
    assert_eq!(through, 60);
}

#[tokio::test]
async fn who_asks_a_lot_is_told_of_and_what_was_spent_elsewhere_counts() {
    let mut shared = MockSharedBuckets::new();
    shared.expect_note().times(1).returning(|spent| {
        let told: Vec<_> = spent
            .iter()
            .map(|one| (one.bucket.as_str(), one.tries))
            .collect();
        assert_eq!(told, [("requests account 7", 3)]);
        // With what the others spent it is all but five.
        Ok(vec![Duration::from_secs(55)])
    });
    let limits = limits(&clock(), Some(shared));
    ask_often(&limits, me(), 3);
    limits.share().await;
    // Nothing new, nobody is told.
    limits.share().await;
    ask_often(&limits, me(), 5);
    assert!(ask(&limits, me()).is_err());
}

#[tokio::test]
async fn where_the_others_cannot_be_told_everybody_is_counted_here() {
    let mut shared = MockSharedBuckets::new();
    let away = || SharedBucketsError("away".into());
    shared.expect_note().returning(move |_| Err(away()));
    let limits = limits(&clock(), Some(shared));
    ask_often(&limits, me(), 30);
    limits.share().await;
    ask_often(&limits, me(), 30);
    assert!(ask(&limits, me()).is_err());
}

#[test]
fn who_asks_little_is_not_told_of() {
    let limit = |capacity| Limit {
        capacity,
        refill: WINDOW / capacity,
    };
    // A hundred a second, of which ten nodes may let a tenth through each.
    assert_eq!(sharing::worth_telling(limit(6_000)), 10);
    assert_eq!(sharing::worth_telling(limit(60)), 1);
}
