//! What is stored for whom, and who loses a claim.

use std::sync::atomic::Ordering;

use domain::clock::FixedClock;
use domain::event::Event;
use domain::unit_of_work::mock::{MockUnitOfWork, MockUnitOfWorkFactory};
use domain::user::{Credentials, MockSessionRepository, MockUserRepository};
use mockall::predicate::eq;

use super::*;
use crate::testing::{
    FakeBus, OWNER, address, clock, correspondence, guard, ids, start, tokens, user,
};
use crate::user::{HashSettings, MockAccountService, MockGuestService};

struct World {
    service: DefaultEmailAccountService,
    clock: Arc<FixedClock>,
    bus: Arc<FakeBus>,
}

fn world(units: impl IntoIterator<Item = MockUnitOfWork>) -> World {
    let clock = clock();
    let bus = FakeBus::new();
    let mut users = MockUserRepository::new();
    users.expect_find_by_name().returning(|_| Ok(None));
    let admission = Admission {
        tokens: tokens(&clock),
        guests: Arc::new(MockGuestService::new()),
        personal: vec![],
        guard: guard(MockSessionRepository::new(), &bus, &clock),
        sessions_per_user: 100,
        refresh_lifetime: std::time::Duration::from_secs(60),
        session_lifetime: std::time::Duration::from_secs(60),
        ids: ids(&clock),
        clock: clock.clone(),
    };
    let service = DefaultEmailAccountService {
        users: Arc::new(users),
        units: Arc::new(MockUnitOfWorkFactory::of(units)),
        accounts: Arc::new(MockAccountService::new()),
        admission: Arc::new(admission),
        hasher: PasswordHasher::new(HashSettings::for_tests()),
        mails: correspondence(&clock),
        guard: guard(MockSessionRepository::new(), &bus, &clock),
        ids: ids(&clock),
        clock: clock.clone(),
    };
    World {
        service,
        clock,
        bus,
    }
}

fn email() -> Email {
    Email::parse("yuna@example.com").expect("an address")
}

fn asked(password: &str) -> Registration {
    Registration {
        name: Name::parse("유나").expect("a name"),
        email: email(),
        password: password.into(),
    }
}

/// Somebody who has the address, proved or not.
fn holder(is_proved: bool) -> Credentials {
    let user = User {
        phone_number: None,
        email: Some(email()),
        email_verified_at: is_proved.then(start),
        platform: Platform::Email,
        ..user()
    };
    Credentials {
        user,
        password_hash: Some("a hash".into()),
    }
}

/// A unit of work in which the address is `held`, and a request and a mail are stored.
fn asking(held: Option<Credentials>) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.users
        .expect_find_by_identifier()
        .times(1)
        .returning(move |_| Ok(held.clone()));
    unit.sign_up_requests
        .expect_replace()
        .withf(|request| {
            request.email == email()
                && request.password_hash.starts_with("$argon2id$")
                && request.expires_at == start() + chrono::TimeDelta::hours(24)
        })
        .times(1)
        .returning(|_| Ok(()));
    unit.outbox
        .expect_insert()
        .withf(|message| !message.is_blank && message.due_at == start())
        .times(1)
        .returning(|_| Ok(()));
    unit
}

#[tokio::test]
async fn the_same_is_done_whoever_has_the_address() {
    for held in [None, Some(holder(false)), Some(holder(true))] {
        let unit = asking(held);
        let committed = unit.committed();
        let world = world([unit]);
        let from = address("192.0.2.1");
        let done = world
            .service
            .register(asked("correct horse"), from, Language::Korean);
        assert!(done.await.is_ok());
        assert!(committed.load(Ordering::SeqCst));
    }
}

#[tokio::test]
async fn what_was_refused_costs_no_mail_and_what_was_not_does() {
    let world = world((0..3).map(|_| asking(None)));
    let from = address("192.0.2.1");
    let register = |password: &str| {
        world
            .service
            .register(asked(password), from, Language::English)
    };
    for _ in 0..4 {
        let refused = register("password").await;
        assert!(matches!(refused, Err(AccountError::Password(_))));
    }
    for _ in 0..3 {
        assert!(register("correct horse").await.is_ok());
    }
    let refused = register("correct horse").await;
    assert!(matches!(refused, Err(AccountError::TooManyTries(_))));
}

/// A unit of work in which the link stands for a request.
fn opening() -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.sign_up_requests
        .expect_take()
        .times(1)
        .returning(|hash, now| {
            Ok(Some(SignUpRequest {
                email: email(),
                name: Name::parse("유나").expect("a name"),
                password_hash: "the new hash".into(),
                hash: hash.clone(),
                created_at: now,
                expires_at: now,
            }))
        });
    unit
}

fn key() -> SecretString {
    "k".repeat(43).into()
}

#[tokio::test]
async fn who_proves_an_address_ends_the_claim_of_who_has_no_other_way_in() {
    let mut unit = opening();
    let owner = UserId::from(OWNER);
    unit.users
        .expect_find_by_identifier()
        .returning(|_| Ok(Some(holder(false))));
    unit.users
        .expect_hold()
        .with(eq(owner))
        .times(1)
        .returning(|_| Ok(Some(holder(false))));
    unit.users
        .expect_drop_email_claim()
        .with(eq(owner), eq(email()), eq(start()))
        .times(1)
        .returning(|_, _, _| Ok(true));
    unit.sessions
        .expect_end_all()
        .with(eq(owner), eq(None))
        .times(1)
        .returning(|_, _| Ok(vec![]));
    unit.account_links
        .expect_remove_all()
        .with(eq(owner))
        .times(1)
        .returning(|_| Ok(()));
    unit.users
        .expect_insert()
        .withf(|new| {
            new.user.email_verified_at == Some(start())
                && new.password_hash.as_deref() == Some("the new hash")
                && new.user.id.get() != OWNER
        })
        .times(1)
        .returning(|_| Ok(()));
    let committed = unit.committed();
    let world = world([unit]);
    let opened = world.service.open_link(&key(), Language::English).await;
    assert!(matches!(opened, Ok(Opened::AccountMade(_))));
    assert!(committed.load(Ordering::SeqCst));
    assert_eq!(world.bus.told(), [Event::UserChanged { user: owner }]);
    assert_eq!(world.clock.now(), start());
}

#[tokio::test]
async fn an_address_that_was_proved_meanwhile_makes_no_second_account() {
    let mut unit = opening();
    unit.users
        .expect_find_by_identifier()
        .returning(|_| Ok(Some(holder(true))));
    unit.users
        .expect_hold()
        .returning(|_| Ok(Some(holder(true))));
    let committed = unit.committed();
    // Nor is it a link to an account.
    let mut other = MockUnitOfWork::default();
    other
        .account_links
        .expect_take()
        .times(1)
        .returning(|_, _, _| Ok(None));
    let world = world([unit, other]);
    let opened = world.service.open_link(&key(), Language::English).await;
    assert!(matches!(opened, Err(AccountError::LinkNotFound)));
    assert!(!committed.load(Ordering::SeqCst));
}

#[tokio::test]
async fn what_cannot_be_a_key_is_not_looked_up() {
    for key in ["", "short", &"k".repeat(44), &"열".repeat(43)] {
        let world = world([]);
        let key = key.into();
        let opened = world.service.open_link(&key, Language::English).await;
        assert!(matches!(opened, Err(AccountError::LinkNotFound)));
    }
}
