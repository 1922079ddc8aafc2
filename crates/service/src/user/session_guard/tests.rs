//! Who is let in, and what is remembered of it.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use domain::RepositoryError;
use domain::clock::FixedClock;
use domain::event::{BusError, Subscription};
use domain::user::MockSessionRepository;
use mockall::predicate::eq;
use parking_lot::Mutex;

use super::*;
use crate::testing::{self, FakeBus, OWNER, SESSION, failure, living, principal, start, tokens};

struct World {
    guard: Arc<SessionGuard>,
    clock: Arc<FixedClock>,
    bus: Arc<FakeBus>,
    token: String,
}

fn world(sessions: MockSessionRepository) -> World {
    let clock = testing::clock();
    let bus = FakeBus::new();
    World {
        guard: testing::guard(sessions, &bus, &clock),
        token: token(&clock, OWNER),
        clock,
        bus,
    }
}

fn token(clock: &Arc<FixedClock>, user: i64) -> String {
    let issued = tokens(clock).issue(user.into(), SESSION.into());
    issued.expect("a token")
}

/// Sessions of which the owner's is found, `times` times.
fn found(times: usize) -> MockSessionRepository {
    let mut sessions = MockSessionRepository::new();
    sessions
        .expect_find_living()
        .times(times)
        .returning(|id, _| Ok((id.get() == SESSION).then(living)));
    sessions
}

fn ended() -> Signal {
    Signal::Event(Event::SessionEnded {
        session: SESSION.into(),
    })
}

impl World {
    async fn ask(&self) -> Result<Principal, AuthenticationError> {
        self.guard.authenticate(&self.token).await
    }

    async fn lets_in(&self) -> bool {
        self.ask().await.is_ok()
    }

    async fn refuses(&self) -> bool {
        matches!(self.ask().await, Err(AuthenticationError::InvalidToken))
    }
}

#[tokio::test]
async fn a_session_is_looked_up_once() {
    let world = world(found(1));
    for _ in 0..3 {
        assert!(world.ask().await.is_ok_and(|who| who == principal()));
    }
}

#[tokio::test]
async fn a_session_that_ended_here_is_refused_at_once_and_the_others_are_told() {
    let mut sessions = found(1);
    sessions.expect_find_living().returning(|_, _| Ok(None));
    let world = world(sessions);
    assert!(world.lets_in().await);
    world.guard.session_ended(SESSION.into()).await;
    assert!(world.refuses().await);
    let Signal::Event(told) = ended() else { return };
    assert_eq!(world.bus.told(), [told]);
}

#[tokio::test]
async fn whatever_is_heard_of_a_session_makes_it_looked_up_again() {
    let changed = Signal::Event(Event::UserChanged { user: OWNER.into() });
    for signal in [ended(), changed, Signal::Missed] {
        let world = world(found(2));
        assert!(world.lets_in().await);
        world.guard.hear(&signal);
        assert!(world.lets_in().await, "{signal:?}");
    }
}

#[tokio::test]
async fn another_sessions_end_forgets_nothing() {
    let world = world(found(1));
    assert!(world.lets_in().await);
    let session = 71.into();
    world
        .guard
        .hear(&Signal::Event(Event::SessionEnded { session }));
    assert!(world.lets_in().await);
}

#[tokio::test]
async fn a_session_that_ends_while_it_is_looked_up_is_not_remembered() {
    let guard = Arc::new(OnceLock::<Arc<SessionGuard>>::new());
    let itself = guard.clone();
    let mut sessions = MockSessionRepository::new();
    sessions
        .expect_find_living()
        .times(1)
        .returning(move |_, _| {
            // Read while it lived; ended before the answer arrived.
            let read = living();
            if let Some(guard) = itself.get() {
                guard.hear(&ended());
            }
            Ok(Some(read))
        });
    sessions
        .expect_find_living()
        .times(1)
        .returning(|_, _| Ok(None));
    let world = world(sessions);
    assert!(guard.set(world.guard.clone()).is_ok());
    assert!(world.lets_in().await);
    assert!(world.refuses().await);
}

#[tokio::test]
async fn nothing_is_remembered_while_the_bus_is_down() {
    let world = world(found(4));
    world.bus.live.store(false, Ordering::SeqCst);
    assert!(world.lets_in().await);
    assert!(world.lets_in().await);
    world.bus.live.store(true, Ordering::SeqCst);
    assert!(world.lets_in().await);
    assert!(world.lets_in().await);
    // What was remembered before is not trusted either.
    world.bus.live.store(false, Ordering::SeqCst);
    assert!(world.lets_in().await);
}

#[tokio::test]
async fn nothing_is_remembered_where_that_is_switched_off() {
    for keep in [None, Some(Duration::ZERO)] {
        let clock = testing::clock();
        let sessions = Arc::new(found(2));
        let guard = SessionGuard::new(
            tokens(&clock),
            sessions,
            FakeBus::new(),
            clock.clone(),
            keep,
        );
        for _ in 0..2 {
            assert!(guard.authenticate(&token(&clock, OWNER)).await.is_ok());
        }
    }
}

#[tokio::test]
async fn absence_is_not_remembered() {
    let mut sessions = MockSessionRepository::new();
    sessions
        .expect_find_living()
        .times(1)
        .returning(|_, _| Ok(None));
    sessions
        .expect_find_living()
        .times(1)
        .returning(|_, _| Ok(Some(living())));
    let world = world(sessions);
    assert!(world.refuses().await);
    assert!(world.lets_in().await);
}

/// A session with only a minute left, and what storage says of it later.
fn nearly_over(later: Option<SessionOwner>) -> MockSessionRepository {
    let mut sessions = MockSessionRepository::new();
    let mut dying = living();
    dying.session.expires_at = start() + TimeDelta::seconds(60);
    sessions
        .expect_find_living()
        .times(1)
        .returning(move |_, _| Ok(Some(dying.clone())));
    sessions
        .expect_find_living()
        .returning(move |_, _| Ok(later.clone()));
    sessions.expect_touch().returning(|_, _| Ok(()));
    sessions
}

#[tokio::test]
async fn what_is_remembered_of_a_session_does_not_outlive_it() {
    let world = world(nearly_over(None));
    assert!(world.lets_in().await);
    world.clock.advance(TimeDelta::seconds(60));
    assert!(world.refuses().await);
    assert!(world.refuses().await);
}

#[tokio::test]
async fn a_session_prolonged_since_it_was_remembered_is_let_in() {
    let world = world(nearly_over(Some(living())));
    assert!(world.lets_in().await);
    world.clock.advance(TimeDelta::seconds(60));
    assert!(world.lets_in().await);
}

#[tokio::test]
async fn a_token_that_names_anothers_session_is_refused() {
    let world = world(found(1));
    let forged = token(&world.clock, 8);
    let refused = world.guard.authenticate(&forged).await;
    assert!(matches!(refused, Err(AuthenticationError::InvalidToken)));
}

#[tokio::test]
async fn an_expired_or_foreign_token_asks_no_storage() {
    let world = world(found(0));
    assert!(world.guard.authenticate("a.b.c").await.is_err());
    world.clock.advance(TimeDelta::seconds(900));
    assert!(world.refuses().await);
}

#[tokio::test]
async fn a_blocked_owner_is_refused() {
    let mut sessions = MockSessionRepository::new();
    sessions.expect_find_living().returning(|_, _| {
        Ok(Some(SessionOwner {
            status: UserStatus::Blocked,
            ..living()
        }))
    });
    assert!(world(sessions).refuses().await);
}

#[tokio::test]
async fn storage_that_fails_is_no_verdict_on_the_token() {
    let mut sessions = MockSessionRepository::new();
    sessions
        .expect_find_living()
        .returning(|_, _| Err(failure()));
    let asked = world(sessions).ask().await;
    assert!(matches!(asked, Err(AuthenticationError::Repository(_))));
}

/// Sessions last used that many seconds ago.
fn used(seconds_ago: i64) -> MockSessionRepository {
    let mut sessions = MockSessionRepository::new();
    sessions.expect_find_living().returning(move |_, _| {
        let mut owner = living();
        owner.session.last_seen_at = start() - TimeDelta::seconds(seconds_ago);
        Ok(Some(owner))
    });
    sessions
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute() {
    let mut sessions = used(59);
    sessions.expect_touch().never();
    assert!(world(sessions).lets_in().await);
    let mut sessions = used(60);
    sessions
        .expect_touch()
        .with(eq(SessionId::from(SESSION)), eq(start()))
        .times(1)
        .returning(|_, _| Ok(()));
    assert!(world(sessions).lets_in().await);
}

#[tokio::test]
async fn a_use_that_cannot_be_noted_is_let_in_all_the_same() {
    let mut sessions = used(3_600);
    sessions
        .expect_touch()
        .returning(|_, _| Err(RepositoryError::Contention));
    assert!(world(sessions).lets_in().await);
}

#[tokio::test]
async fn a_bus_that_takes_nothing_does_not_keep_this_node_from_forgetting() {
    let world = world(found(2));
    world.bus.broken.store(true, Ordering::SeqCst);
    assert!(world.lets_in().await);
    world.guard.user_changed(OWNER.into()).await;
    assert!(world.lets_in().await);
    assert_eq!(world.bus.told(), []);
}

/// A bus that tells these signals and is gone.
struct Telling(Mutex<Vec<Signal>>);

#[async_trait::async_trait]
impl EventBus for Telling {
    async fn publish(&self, _: Event) -> Result<(), BusError> {
        Ok(())
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        Box::new(Told(std::mem::take(&mut *self.0.lock())))
    }

    fn is_live(&self) -> bool {
        true
    }
}

struct Told(Vec<Signal>);

#[async_trait::async_trait]
impl Subscription for Told {
    async fn next(&mut self) -> Option<Signal> {
        self.0.pop()
    }
}

#[tokio::test]
async fn what_the_other_nodes_tell_is_heard_until_the_bus_is_gone() {
    let clock = testing::clock();
    let bus = Arc::new(Telling(Mutex::new(vec![ended()])));
    let guard = Arc::new(SessionGuard::new(
        tokens(&clock),
        Arc::new(found(2)),
        bus,
        clock.clone(),
        Some(Duration::from_secs(60)),
    ));
    let token = token(&clock, OWNER);
    assert!(guard.authenticate(&token).await.is_ok());
    guard.clone().listen().await;
    assert!(guard.authenticate(&token).await.is_ok());
}
