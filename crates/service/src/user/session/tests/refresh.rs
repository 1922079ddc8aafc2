//! Exchanging refresh tokens.

use domain::user::SessionOwner;
use mockall::predicate::always;

use super::*;
use crate::testing::{living, start};

const TOKEN: &str = "a refresh token";

/// A unit of work in which using the token up comes to `outcome`.
fn using(outcome: RefreshTokenUse) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.refresh_tokens
        .expect_use_up()
        .withf(|hash, _| *hash == RefreshTokenHash::of(TOKEN))
        .times(1)
        .returning(move |_, _| Ok(outcome.clone()));
    unit
}

/// As [`using`] a good one, for a session that can be prolonged or not.
fn prolonging(prolonged: bool) -> MockUnitOfWork {
    let mut unit = using(RefreshTokenUse::Good(living()));
    unit.sessions
        .expect_prolong()
        .with(eq(SessionId::from(SESSION)), always(), always())
        .times(1)
        .returning(move |_, _, _| Ok(prolonged));
    unit
}

fn world_of(unit: MockUnitOfWork, sessions: MockSessionRepository) -> World {
    world(MockUserRepository::new(), sessions, [unit])
}

fn is_refused(outcome: &Result<TokenPair, SignInError>) -> bool {
    matches!(outcome, Err(SignInError::InvalidRefreshToken))
}

#[tokio::test]
async fn a_session_ends_in_time_however_much_it_is_used() {
    let mut unit = using(RefreshTokenUse::Good(living()));
    let end = start() + TimeDelta::days(7);
    let prolong = unit.sessions.expect_prolong().times(1);
    prolong.returning(move |_, until, _| {
        assert_eq!(until, end);
        Ok(true)
    });
    let insert = unit.refresh_tokens.expect_insert().times(1);
    insert.returning(move |token| {
        assert_eq!(token.expires_at, end);
        Ok(())
    });
    let World { service, clock, .. } = world_of(unit, MockSessionRepository::new());
    clock.advance(TimeDelta::days(7) - TimeDelta::hours(1));
    service.refresh(&TOKEN.into()).await.expect("tokens");
}

#[tokio::test]
async fn a_good_token_is_exchanged_and_its_session_prolonged() {
    let mut unit = using(RefreshTokenUse::Good(living()));
    let later = start() + TimeDelta::hours(20);
    unit.sessions
        .expect_prolong()
        .with(
            eq(SessionId::from(SESSION)),
            eq(later + TimeDelta::days(1)),
            eq(later),
        )
        .times(1)
        .returning(|_, _, _| Ok(true));
    unit.refresh_tokens
        .expect_insert()
        .withf(move |token| {
            token.session_id.get() == SESSION
                && token.hash != RefreshTokenHash::of(TOKEN)
                && token.issued_at == later
                && token.expires_at == later + TimeDelta::days(1)
        })
        .times(1)
        .returning(|_| Ok(()));
    let committed = unit.committed();
    let World {
        service,
        clock,
        bus,
    } = world_of(unit, MockSessionRepository::new());
    clock.advance(TimeDelta::hours(20));
    let pair = service.refresh(&TOKEN.into()).await.expect("tokens");
    assert!(was_committed(&committed));
    let named = service.admission.tokens.check(&pair.access_token);
    assert!(named.is_ok_and(|named| named == (OWNER.into(), SESSION.into())));
    assert_eq!(bus.told(), []);
}

#[tokio::test]
async fn a_token_used_twice_ends_its_session_everywhere() {
    let unit = using(RefreshTokenUse::Reused(SESSION.into(), OWNER.into()));
    let committed = unit.committed();
    let World { service, bus, .. } = world_of(unit, ending(true));
    assert!(is_refused(&service.refresh(&TOKEN.into()).await));
    assert!(!was_committed(&committed));
    assert_eq!(bus.told(), [session_ended()]);
}

#[tokio::test]
async fn an_unknown_token_changes_nothing() {
    let unit = using(RefreshTokenUse::Unknown);
    let committed = unit.committed();
    let World { service, bus, .. } = world_of(unit, MockSessionRepository::new());
    assert!(is_refused(&service.refresh(&TOKEN.into()).await));
    assert!(!was_committed(&committed));
    assert_eq!(bus.told(), []);
}

#[tokio::test]
async fn a_blocked_owner_gets_no_more_tokens() {
    let unit = using(RefreshTokenUse::Good(SessionOwner {
        status: UserStatus::Blocked,
        ..living()
    }));
    let committed = unit.committed();
    let World { service, .. } = world_of(unit, MockSessionRepository::new());
    assert!(is_refused(&service.refresh(&TOKEN.into()).await));
    assert!(!was_committed(&committed));
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_is_not_prolonged() {
    let unit = prolonging(false);
    let committed = unit.committed();
    let World { service, .. } = world_of(unit, MockSessionRepository::new());
    assert!(is_refused(&service.refresh(&TOKEN.into()).await));
    assert!(!was_committed(&committed));
}

#[tokio::test]
async fn a_token_is_not_lost_where_the_next_one_cannot_be_stored() {
    let mut unit = prolonging(true);
    unit.refresh_tokens
        .expect_insert()
        .returning(|_| Err(failure()));
    let committed = unit.committed();
    let World { service, .. } = world_of(unit, MockSessionRepository::new());
    let outcome = service.refresh(&TOKEN.into()).await;
    assert!(matches!(outcome, Err(SignInError::Repository(_))));
    assert!(!was_committed(&committed));
}

#[tokio::test]
async fn a_copy_whose_session_could_not_be_ended_is_a_failure_of_ours() {
    let unit = using(RefreshTokenUse::Reused(SESSION.into(), OWNER.into()));
    let mut sessions = MockSessionRepository::new();
    sessions.expect_end().returning(|_, _| Err(failure()));
    let World { service, bus, .. } = world_of(unit, sessions);
    let outcome = service.refresh(&TOKEN.into()).await;
    assert!(matches!(outcome, Err(SignInError::Repository(_))));
    assert_eq!(bus.told(), []);
}

/// A unit of work that loses a race when it uses the token up.
fn contending() -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.refresh_tokens
        .expect_use_up()
        .times(1)
        .returning(|_, _| Err(RepositoryError::Contention));
    unit
}

#[tokio::test]
async fn an_exchange_that_lost_a_race_is_done_again_as_a_whole() {
    // One loses at its first statement, one at its last.
    let mut late = prolonging(true);
    late.refresh_tokens
        .expect_insert()
        .times(1)
        .returning(|_| Err(RepositoryError::Contention));
    let mut last = prolonging(true);
    last.refresh_tokens
        .expect_insert()
        .times(1)
        .returning(|_| Ok(()));
    let committed = last.committed();
    let units = [contending(), late, last];
    let lost: Vec<_> = units[..2].iter().map(MockUnitOfWork::committed).collect();
    let users = MockUserRepository::new();
    let World { service, .. } = world(users, MockSessionRepository::new(), units);
    assert!(service.refresh(&TOKEN.into()).await.is_ok());
    assert!(was_committed(&committed));
    assert!(!lost.iter().any(|flag| was_committed(flag)));
}

#[tokio::test]
async fn an_exchange_is_not_tried_for_ever() {
    let units = (0..5)
        .map(|_| contending())
        .chain([MockUnitOfWork::default()]);
    let users = MockUserRepository::new();
    let World { service, .. } = world(users, MockSessionRepository::new(), units);
    let outcome = service.refresh(&TOKEN.into()).await;
    assert!(matches!(
        outcome,
        Err(SignInError::Repository(RepositoryError::Contention))
    ));
}

#[tokio::test]
async fn a_copy_that_shows_only_on_the_second_try_ends_the_session_once() {
    let reused = using(RefreshTokenUse::Reused(SESSION.into(), OWNER.into()));
    let units = [contending(), reused];
    let users = MockUserRepository::new();
    let World { service, bus, .. } = world(users, ending(true), units);
    assert!(is_refused(&service.refresh(&TOKEN.into()).await));
    assert_eq!(bus.told(), [session_ended()]);
}
