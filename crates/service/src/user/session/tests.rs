//! Signing in, staying in, signing out.

mod refresh;
mod replaced;
mod sign_in;
mod throttling;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use domain::clock::FixedClock;
use domain::event::Event;
use domain::unit_of_work::mock::{MockUnitOfWork, MockUnitOfWorkFactory};
use domain::user::{MockSessionRepository, MockUserRepository};
use mockall::predicate::eq;

use super::*;
use crate::testing::{
    self, FakeBus, OWNER, SESSION, failure, guard, ids, principal, throttle, tokens,
};
use crate::user::HashSettings;
use crate::user::guest::MockGuestService;

const DAY: Duration = Duration::from_secs(86_400);

/// A service over mocks, and what a test looks at.
struct World {
    service: DefaultSessionService,
    clock: Arc<FixedClock>,
    bus: Arc<FakeBus>,
}

fn world(
    users: MockUserRepository,
    sessions: MockSessionRepository,
    units: impl IntoIterator<Item = MockUnitOfWork>,
) -> World {
    let clock = testing::clock();
    let bus = FakeBus::new();
    // One place and no patience: who holds it makes everybody else find the service busy.
    let hashing = HashSettings {
        concurrency: 1,
        wait: Duration::ZERO,
        ..HashSettings::for_tests()
    };
    let service = DefaultSessionService {
        users: Arc::new(users),
        sessions: Arc::new(sessions),
        units: Arc::new(MockUnitOfWorkFactory::of(units)),
        hasher: PasswordHasher::new(hashing),
        admission: Arc::new(Admission {
            tokens: tokens(&clock),
            guests: Arc::new(MockGuestService::new()),
            personal: Vec::new(),
            guard: guard(MockSessionRepository::new(), &bus, &clock),
            sessions_per_user: 100,
            refresh_lifetime: DAY,
            session_lifetime: 7 * DAY,
            ids: ids(&clock),
            clock: clock.clone(),
        }),
        guard: guard(MockSessionRepository::new(), &bus, &clock),
        account_failures: throttle(2, &clock),
        address_failures: throttle(3, &clock),
        clock: clock.clone(),
    };
    World {
        service,
        clock,
        bus,
    }
}

fn was_committed(flag: &AtomicBool) -> bool {
    flag.load(Ordering::SeqCst)
}

fn session_ended() -> Event {
    Event::SessionEnded {
        session: SESSION.into(),
    }
}

/// Sessions of which ending the owner's comes to `outcome`.
fn ending(outcome: bool) -> MockSessionRepository {
    let mut sessions = MockSessionRepository::new();
    sessions
        .expect_end()
        .with(eq(UserId::from(OWNER)), eq(SessionId::from(SESSION)))
        .times(1)
        .returning(move |_, _| Ok(outcome));
    sessions
}

#[tokio::test]
async fn signing_out_ends_the_session_and_tells_every_node() {
    let World { service, bus, .. } = world(MockUserRepository::new(), ending(true), []);
    assert!(service.sign_out(principal()).await.is_ok());
    assert_eq!(bus.told(), [session_ended()]);
}

#[tokio::test]
async fn signing_out_twice_is_no_fault_and_no_news() {
    let World { service, bus, .. } = world(MockUserRepository::new(), ending(false), []);
    assert!(service.sign_out(principal()).await.is_ok());
    assert_eq!(bus.told(), []);
}

#[tokio::test]
async fn ending_one_session_says_whether_there_was_one() {
    for outcome in [true, false] {
        let World { service, bus, .. } = world(MockUserRepository::new(), ending(outcome), []);
        let ended = service.end(OWNER.into(), SESSION.into()).await;
        assert!(ended.is_ok_and(|ended| ended == outcome));
        assert_eq!(bus.told().len(), usize::from(outcome));
    }
}

#[tokio::test]
async fn nobody_is_told_of_an_end_that_failed() {
    let mut sessions = MockSessionRepository::new();
    sessions.expect_end().returning(|_, _| Err(failure()));
    sessions.expect_end_all().returning(|_, _| Err(failure()));
    let World { service, bus, .. } = world(MockUserRepository::new(), sessions, []);
    assert!(service.sign_out(principal()).await.is_err());
    assert!(service.end_all(OWNER.into(), None).await.is_err());
    assert_eq!(bus.told(), []);
}

#[tokio::test]
async fn ending_all_sessions_is_told_once_and_only_where_one_ended() {
    for others in [vec![], vec![71.into()], vec![71.into(), 72.into()]] {
        let count = others.len();
        let mut sessions = MockSessionRepository::new();
        sessions
            .expect_end_all()
            .with(eq(UserId::from(OWNER)), eq(Some(SESSION.into())))
            .times(1)
            .returning(move |_, _| Ok(others.clone()));
        let World { service, bus, .. } = world(MockUserRepository::new(), sessions, []);
        let ended = service.end_all(OWNER.into(), Some(SESSION.into())).await;
        assert!(ended.is_ok_and(|ended| ended == count));
        assert_eq!(bus.told().len(), count.min(1));
    }
}

#[tokio::test]
async fn living_sessions_are_listed_as_of_now() {
    let mut sessions = MockSessionRepository::new();
    sessions
        .expect_list_living()
        .with(eq(UserId::from(OWNER)), eq(testing::start()))
        .returning(|_, _| Ok(vec![testing::session()]));
    let World { service, .. } = world(MockUserRepository::new(), sessions, []);
    let listed = service.list(OWNER.into()).await;
    assert!(listed.is_ok_and(|listed| listed == [testing::session()]));
}

#[test]
fn a_network_of_64_bits_counts_as_one_address() {
    let key = |text: &str| address_key(testing::address(text));
    assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:ffff:ffff:ffff"));
    assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
    assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    // A v4 address in v6 clothes is that v4 address.
    assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    assert_ne!(key("::ffff:192.0.2.1"), key("::ffff:192.0.2.2"));
    assert_ne!(address_key(None), key("0.0.0.0"));
}
