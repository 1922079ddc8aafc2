//! Whose password an address opens, and that asking tells nothing.

use std::sync::atomic::Ordering;

use domain::unit_of_work::mock::{MockUnitOfWork, MockUnitOfWorkFactory};
use domain::user::{
    Credentials, MockAccountLinkRepository, MockSessionRepository, PhoneNumber, Platform, Provider,
};

use super::*;
use crate::testing::{FakeBus, OWNER, clock, correspondence, guard, identity, ids, start, user};
use crate::user::HashSettings;

fn service(
    links: MockAccountLinkRepository,
    units: impl IntoIterator<Item = MockUnitOfWork>,
) -> DefaultPasswordResetService {
    let clock = clock();
    DefaultPasswordResetService {
        links: Arc::new(links),
        units: Arc::new(MockUnitOfWorkFactory::of(units)),
        hasher: PasswordHasher::new(HashSettings::for_tests()),
        mails: correspondence(&clock),
        guard: guard(MockSessionRepository::new(), &FakeBus::new(), &clock),
        ids: ids(&clock),
        clock: clock.clone(),
    }
}

fn email() -> Email {
    Email::parse("yuna@example.com").expect("an address")
}

fn account(is_proved: bool, phone_number: Option<PhoneNumber>) -> User {
    User {
        phone_number,
        email: Some(email()),
        email_verified_at: is_proved.then(start),
        platform: Platform::Email,
        ..user()
    }
}

#[tokio::test]
async fn the_same_is_stored_whoever_asks_and_mailed_to_owners_only() {
    let phone = || PhoneNumber::parse("010-1234-5678").ok();
    let blocked = User {
        status: UserStatus::Blocked,
        ..account(true, None)
    };
    for (held, identities, is_mailed) in [
        (Some(account(true, None)), vec![], true),
        (Some(account(true, phone())), vec![], true),
        // There is nothing else the account could be known by.
        (Some(account(false, None)), vec![], true),
        // It may be a stranger's address.
        (Some(account(false, phone())), vec![], false),
        (
            Some(account(false, None)),
            vec![identity(OWNER, Provider::Google)],
            false,
        ),
        (Some(blocked), vec![], false),
        (None, vec![], false),
    ] {
        let mut unit = MockUnitOfWork::default();
        unit.users.expect_find_by_identifier().returning(move |_| {
            Ok(held.clone().map(|user| Credentials {
                user,
                password_hash: None,
            }))
        });
        unit.identities
            .expect_list()
            .times(1)
            .returning(move |_| Ok(identities.clone()));
        unit.account_links
            .expect_replace()
            .withf(move |link| {
                link.purpose == LinkPurpose::Password && (link.user_id.get() == OWNER) == is_mailed
            })
            .times(1)
            .returning(|_| Ok(()));
        unit.outbox
            .expect_insert()
            .withf(move |message| message.is_blank != is_mailed && !message.payload.is_empty())
            .times(1)
            .returning(|_| Ok(()));
        let committed = unit.committed();
        let service = service(MockAccountLinkRepository::new(), [unit]);
        let done = service.forgot(&email(), None, Language::English).await;
        assert!(done.is_ok());
        assert!(committed.load(Ordering::SeqCst));
    }
}

#[tokio::test]
async fn nobody_makes_us_hash_without_a_link() {
    let mut links = MockAccountLinkRepository::new();
    links.expect_find().times(1).returning(|_, _, _| Ok(None));
    let service = service(links, []);
    for key in ["k".repeat(43), "short".into()] {
        let (key, password) = (key.into(), "correct horse".into());
        let refused = service.reset(&key, &password, Language::English).await;
        assert!(matches!(refused, Err(AccountError::LinkNotFound)));
    }
    assert!(!service.hasher.has_hashed());
}

#[tokio::test]
async fn a_link_to_an_address_that_went_to_somebody_else_sets_nothing() {
    let link = |hash: &LinkHash| AccountLink {
        user_id: OWNER.into(),
        purpose: LinkPurpose::Password,
        email: email(),
        hash: hash.clone(),
        created_at: start(),
        expires_at: start(),
    };
    let mut links = MockAccountLinkRepository::new();
    links
        .expect_find()
        .returning(move |hash, _, _| Ok(Some(link(hash))));
    let mut unit = MockUnitOfWork::default();
    unit.account_links
        .expect_take()
        .times(1)
        .returning(move |hash, _, _| Ok(Some(link(hash))));
    unit.users.expect_hold().returning(|_| {
        Ok(Some(Credentials {
            user: user(),
            password_hash: Some("a hash".into()),
        }))
    });
    let committed = unit.committed();
    let service = service(links, [unit]);
    let key = "k".repeat(43).into();
    let refused = service
        .reset(&key, &"correct horse".into(), Language::English)
        .await;
    assert!(matches!(refused, Err(AccountError::LinkNotFound)));
    assert!(!committed.load(Ordering::SeqCst));
}
