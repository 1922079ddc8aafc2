//! Which account a provider's word opens, over mocks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::event::Event;
use domain::unit_of_work::mock::{MockUnitOfWork, MockUnitOfWorkFactory};
use domain::user::{Credentials, Email, MockSessionRepository, SocialProfile};
use mockall::predicate::{always, eq};

use super::*;
use crate::testing::{
    self, FakeBus, IDENTITY, OWNER, credentials, failure, guard, identity, ids, sealer, start,
    subject, tokens,
};
use crate::user::guest::MockGuestService;
use crate::user::{AccountError, IdentityError};

const OTHER: i64 = 8;

fn book(units: impl IntoIterator<Item = MockUnitOfWork>) -> (IdentityBook, Arc<FakeBus>) {
    let (clock, bus) = (testing::clock(), FakeBus::new());
    let mut guests = MockGuestService::new();
    guests.expect_forget().returning(|_| ());
    let admission = Admission {
        tokens: tokens(&clock),
        guests: Arc::new(guests),
        personal: vec![],
        guard: guard(MockSessionRepository::new(), &bus, &clock),
        sessions_per_user: 100,
        refresh_lifetime: Duration::from_secs(86_400),
        session_lifetime: Duration::from_secs(86_400),
        ids: ids(&clock),
        clock: clock.clone(),
    };
    let book = IdentityBook {
        units: Arc::new(MockUnitOfWorkFactory::of(units)),
        admission: Arc::new(admission),
        guard: guard(MockSessionRepository::new(), &bus, &clock),
        vault: TokenVault(sealer()),
        ids: ids(&clock),
        clock,
    };
    (book, bus)
}

fn vouched() -> Vouched {
    Vouched {
        profile: SocialProfile::new(subject()),
        tokens: None,
        to_us: true,
    }
}

fn with_email() -> Vouched {
    let mut vouched = vouched();
    vouched.profile.email = Email::parse("yuna@example.com").ok();
    vouched.profile.email_verified = true;
    vouched
}

fn unit(found: Option<Identity>) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.identities
        .expect_find_by_subject()
        .with(eq(Provider::Google), eq(subject()))
        .return_once(|_, _| Ok(found));
    unit
}

fn holds(unit: &mut MockUnitOfWork, held: Credentials) {
    unit.users
        .expect_hold()
        .with(eq(held.user.id))
        .return_once(|_| Ok(Some(held)));
}

/// Another account has the address, proved or not.
fn has_address(unit: &mut MockUnitOfWork, proved_at: Option<DateTime<Utc>>) {
    let mut other = credentials(Some("hash"));
    other.user.id = OTHER.into();
    other.user.email = with_email().profile.email;
    other.user.email_verified_at = proved_at;
    holds(unit, other.clone());
    unit.users
        .expect_find_by_identifier()
        .returning(move |_| Ok(Some(other.clone())));
}

fn lists(unit: &mut MockUnitOfWork, all: Vec<Identity>) {
    unit.identities.expect_list().return_once(|_| Ok(all));
}

fn notes(unit: &mut MockUnitOfWork) {
    unit.identities
        .expect_used()
        .times(1)
        .returning(|_, _| Ok(true));
}

fn opens(unit: &mut MockUnitOfWork) {
    unit.sessions.expect_insert().times(1).returning(|_| Ok(()));
    let oldest = unit.sessions.expect_end_oldest().times(1);
    oldest.returning(|_, _, _| Ok(vec![]));
    unit.refresh_tokens
        .expect_insert()
        .times(1)
        .returning(|_| Ok(()));
}

fn is_committed(flag: &Arc<AtomicBool>) -> bool {
    flag.load(Ordering::SeqCst)
}

async fn admit(book: &IdentityBook, vouched: &Vouched) -> Result<SocialAdmitted, SocialLoginError> {
    book.admit(Provider::Google, vouched, &Arrival::default())
        .await
}

#[tokio::test]
async fn somebody_new_gets_account_identity_and_session_at_once() {
    let mut unit = unit(None);
    unit.users
        .expect_insert()
        .withf(|new| {
            new.password_hash.is_none()
                && new.user.platform == Provider::Google.platform()
                && new.user.name.as_str().starts_with("user_")
        })
        .times(1)
        .returning(|_| Ok(()));
    unit.identities
        .expect_insert()
        .withf(|identity| identity.subject == subject())
        .times(1)
        .returning(|_| Ok(()));
    notes(&mut unit);
    opens(&mut unit);
    let committed = unit.committed();
    let (book, _) = book([unit]);
    let social = admit(&book, &vouched()).await.expect("a session");
    assert!(social.is_new && social.needs_consent && !social.email_elsewhere);
    assert!(is_committed(&committed));
}

#[tokio::test]
async fn who_is_blocked_gets_no_session() {
    let mut unit = unit(Some(identity(OWNER, Provider::Google)));
    let mut held = credentials(None);
    held.user.status = UserStatus::Blocked;
    holds(&mut unit, held);
    let committed = unit.committed();
    let (book, _) = book([unit]);
    let refused = admit(&book, &vouched()).await;
    assert!(matches!(refused, Err(SocialLoginError::Blocked)));
    assert!(!is_committed(&committed));
}

#[tokio::test]
async fn what_may_be_another_apps_opens_a_known_account_and_makes_none() {
    let foreign = Vouched {
        to_us: false,
        ..vouched()
    };
    let new = unit(None);
    let committed = new.committed();
    let mut known = unit(Some(identity(OWNER, Provider::Google)));
    holds(&mut known, credentials(None));
    notes(&mut known);
    opens(&mut known);
    let (book, _) = book([new, known]);
    let refused = admit(&book, &foreign).await;
    assert!(matches!(
        refused,
        Err(SocialLoginError::Provider(SocialError::Token(_)))
    ));
    assert!(!is_committed(&committed));
    assert!(admit(&book, &foreign).await.is_ok());
}

#[tokio::test]
async fn who_comes_twice_at_once_is_looked_for_again() {
    let mut lost = unit(None);
    lost.users.expect_insert().returning(|_| Ok(()));
    lost.identities
        .expect_insert()
        .returning(|_| Err(RepositoryError::Conflict));
    let first = lost.committed();
    let mut found = unit(Some(identity(OWNER, Provider::Google)));
    holds(&mut found, credentials(None));
    notes(&mut found);
    opens(&mut found);
    let second = found.committed();
    let (book, _) = book([lost, found]);
    let social = admit(&book, &vouched()).await.expect("a session");
    assert!(!social.is_new);
    assert_eq!(social.admitted.pair.user_id, OWNER.into());
    assert!(!is_committed(&first) && is_committed(&second));
}

#[tokio::test]
async fn an_address_that_another_proved_stays_there_and_is_told() {
    let mut unit = unit(Some(identity(OWNER, Provider::Google)));
    holds(&mut unit, credentials(None));
    notes(&mut unit);
    opens(&mut unit);
    has_address(&mut unit, Some(start()));
    let (book, bus) = book([unit]);
    let social = admit(&book, &with_email()).await.expect("a session");
    assert!(social.email_elsewhere);
    assert!(bus.told().is_empty());
}

#[tokio::test]
async fn a_mere_claim_to_the_address_ends_on_every_node() {
    let mut unit = unit(Some(identity(OWNER, Provider::Google)));
    holds(&mut unit, credentials(None));
    notes(&mut unit);
    opens(&mut unit);
    has_address(&mut unit, None);
    unit.account_links
        .expect_remove_all()
        .times(1)
        .returning(|_| Ok(()));
    unit.users
        .expect_drop_email_claim()
        .with(eq(UserId::from(OTHER)), always(), always())
        .times(1)
        .returning(|_, _, _| Ok(true));
    unit.sessions
        .expect_end_all()
        .with(eq(UserId::from(OTHER)), eq(None))
        .times(1)
        .returning(|_, _| Ok(vec![]));
    unit.users
        .expect_prove_email()
        .times(1)
        .returning(|_, _, _| Ok(true));
    let (book, bus) = book([unit]);
    assert!(admit(&book, &with_email()).await.is_ok());
    let user = OTHER.into();
    assert_eq!(bus.told(), [Event::UserChanged { user }]);
}

#[tokio::test]
async fn storage_that_fails_lets_nobody_in() {
    let mut unit = unit(Some(identity(OWNER, Provider::Google)));
    holds(&mut unit, credentials(None));
    notes(&mut unit);
    unit.sessions.expect_insert().returning(|_| Err(failure()));
    let committed = unit.committed();
    let (book, _) = book([unit]);
    assert!(admit(&book, &vouched()).await.is_err());
    assert!(!is_committed(&committed));
}

async fn link(unit: MockUnitOfWork, proved: Option<&str>) -> Result<bool, IdentityError> {
    let committed = unit.committed();
    let (book, _) = book([unit]);
    let linked = book
        .link(OWNER.into(), Provider::Google, &vouched(), proved)
        .await;
    assert_eq!(is_committed(&committed), linked.is_ok());
    linked.map(|(_, is_new)| is_new)
}

#[tokio::test]
async fn an_identity_is_linked_once() {
    let mut fresh = unit(None);
    holds(&mut fresh, credentials(Some("hash")));
    lists(&mut fresh, vec![identity(OWNER, Provider::Kakao)]);
    fresh
        .identities
        .expect_insert()
        .times(1)
        .returning(|_| Ok(()));
    notes(&mut fresh);
    assert!(matches!(link(fresh, Some("hash")).await, Ok(true)));
    let mut again = unit(Some(identity(OWNER, Provider::Google)));
    holds(&mut again, credentials(Some("hash")));
    notes(&mut again);
    assert!(matches!(link(again, Some("hash")).await, Ok(false)));
}

#[tokio::test]
async fn what_is_anothers_or_one_too_many_is_not_linked() {
    let mut taken = unit(Some(identity(OTHER, Provider::Google)));
    holds(&mut taken, credentials(None));
    assert!(matches!(link(taken, None).await, Err(IdentityError::Taken)));
    let mut second = unit(None);
    holds(&mut second, credentials(None));
    lists(&mut second, vec![identity(OWNER, Provider::Google)]);
    let refused = link(second, None).await;
    assert!(matches!(refused, Err(IdentityError::AlreadyLinked)));
}

#[tokio::test]
async fn one_that_was_cut_off_makes_room() {
    let mut unit = unit(None);
    holds(&mut unit, credentials(None));
    let cut_off = Identity {
        unlinked_at: Some(start()),
        ..identity(OWNER, Provider::Google)
    };
    lists(&mut unit, vec![cut_off]);
    unit.identities
        .expect_remove()
        .times(1)
        .returning(|_, _| Ok(true));
    unit.identities
        .expect_insert()
        .times(1)
        .returning(|_| Ok(()));
    notes(&mut unit);
    assert!(matches!(link(unit, None).await, Ok(true)));
}

#[tokio::test]
async fn a_password_that_was_replaced_meanwhile_confirms_nothing() {
    let mut unit = MockUnitOfWork::default();
    holds(&mut unit, credentials(Some("another")));
    let refused = link(unit, Some("hash")).await;
    assert!(matches!(
        refused,
        Err(IdentityError::Account(AccountError::ConfirmationRequired))
    ));
}

async fn unlink(held: Credentials, all: Vec<Identity>) -> Result<(), IdentityError> {
    let proved = held.password_hash.clone();
    let mut unit = MockUnitOfWork::default();
    holds(&mut unit, held);
    lists(&mut unit, all);
    unit.identities.expect_remove().returning(|_, _| Ok(true));
    let committed = unit.committed();
    let (book, _) = book([unit]);
    let unlinked = book
        .unlink(OWNER.into(), Provider::Google, proved.as_deref())
        .await;
    assert_eq!(is_committed(&committed), unlinked.is_ok());
    unlinked
}

#[tokio::test]
async fn any_but_the_last_way_in_is_unlinked() {
    let google = || identity(OWNER, Provider::Google);
    let by_password = unlink(credentials(Some("hash")), vec![google()]).await;
    assert!(by_password.is_ok());
    let by_kakao = vec![google(), identity(OWNER, Provider::Kakao)];
    assert!(unlink(credentials(None), by_kakao).await.is_ok());
    let cut_off = Identity {
        unlinked_at: Some(start()),
        ..identity(OWNER, Provider::Kakao)
    };
    // A password that nobody can be named with opens nothing.
    let mut nameless = credentials(Some("hash"));
    nameless.user.phone_number = None;
    for (held, all) in [
        (credentials(None), vec![google()]),
        (credentials(None), vec![google(), cut_off]),
        (nameless, vec![google()]),
    ] {
        let refused = unlink(held, all).await;
        assert!(matches!(refused, Err(IdentityError::LastWayIn)));
    }
    let none = unlink(credentials(None), vec![]).await;
    assert!(matches!(none, Err(IdentityError::NotFound)));
}

async fn cut_off(mut unit: MockUnitOfWork, held: Credentials) -> Vec<Event> {
    holds(&mut unit, held);
    lists(&mut unit, vec![identity(OWNER, Provider::Kakao)]);
    let committed = unit.committed();
    let (book, bus) = book([unit]);
    let done = book
        .cut_off(OWNER.into(), Provider::Kakao, &subject())
        .await;
    assert!(done.is_ok() && is_committed(&committed));
    bus.told()
}

#[tokio::test]
async fn who_is_cut_off_from_their_last_way_in_is_out_everywhere() {
    let mut last = MockUnitOfWork::default();
    last.identities
        .expect_cut_off()
        .with(eq(IdentityId::from(IDENTITY)), eq(start()))
        .times(1)
        .returning(|_, _| Ok(()));
    last.sessions
        .expect_end_all()
        .times(1)
        .returning(|_, _| Ok(vec![]));
    let user = OWNER.into();
    let told = cut_off(last, credentials(None)).await;
    assert_eq!(told, [Event::UserChanged { user }]);
    let mut one_of_two = MockUnitOfWork::default();
    one_of_two
        .identities
        .expect_remove()
        .times(1)
        .returning(|_, _| Ok(true));
    let told = cut_off(one_of_two, credentials(Some("hash"))).await;
    assert!(told.is_empty());
}
