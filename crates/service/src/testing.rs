//! What the tests of this crate share.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use domain::clock::FixedClock;
use domain::event::{BusError, Event, EventBus, Subscription};
use domain::product::{Category, Product, ProductDraft, ProductName, Size, Won};
use domain::user::{
    Credentials, Device, Identity, Name, PhoneNumber, Platform, Provider, Role, Session,
    SessionOwner, SessionRepository, Subject, User, UserId, UserStatus,
};
use domain::{Clock, IdGenerator, RepositoryError};
use parking_lot::Mutex;

use crate::notification::{Bell, Postbox};
use crate::sealing::Sealer;
use crate::throttle::{Limit, Throttle};
use crate::user::{AccessTokens, Correspondence, KeyRing, Principal, SessionGuard, TokenSettings};

/// Whose everything is.
pub(crate) const OWNER: i64 = 7;
/// Their session.
pub(crate) const SESSION: i64 = 70;

/// When all tests take place.
pub(crate) fn start() -> DateTime<Utc> {
    let start = Utc.with_ymd_and_hms(2026, 11, 21, 9, 0, 0);
    start.single().expect("a date")
}

pub(crate) fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::at(start()))
}

pub(crate) fn ids(clock: &Arc<FixedClock>) -> Arc<IdGenerator> {
    Arc::new(IdGenerator::new(1, clock.clone()))
}

pub(crate) fn failure() -> RepositoryError {
    RepositoryError::storage("the disk is full")
}

pub(crate) fn address(text: &str) -> Option<IpAddr> {
    Some(text.parse().expect("an address"))
}

pub(crate) fn phone() -> PhoneNumber {
    PhoneNumber::parse("010-1234-5678").expect("a phone number")
}

pub(crate) fn user() -> User {
    let name = Name::parse("유나").expect("a name");
    User {
        phone_number: Some(phone()),
        platform: Platform::Phone,
        ..User::new(OWNER.into(), name, start())
    }
}

/// The id of an identity.
pub(crate) const IDENTITY: i64 = 50;

/// What a provider calls somebody.
pub(crate) fn subject() -> Subject {
    Subject::parse("4242").expect("a subject")
}

/// Somebody's identity at a provider, linked.
pub(crate) fn identity(owner: i64, provider: Provider) -> Identity {
    Identity {
        id: IDENTITY.into(),
        user_id: owner.into(),
        provider,
        subject: subject(),
        email: None,
        email_verified: false,
        created_at: start(),
        last_used_at: start(),
        unlinked_at: None,
    }
}

pub(crate) fn credentials(password_hash: Option<&str>) -> Credentials {
    Credentials {
        user: user(),
        password_hash: password_hash.map(str::to_owned),
    }
}

pub(crate) fn principal() -> Principal {
    Principal {
        user_id: OWNER.into(),
        session_id: SESSION.into(),
        role: Role::User,
        signed_in_at: start(),
    }
}

/// A session that lives for another day.
pub(crate) fn session() -> Session {
    Session {
        id: SESSION.into(),
        user_id: OWNER.into(),
        device: Device::default(),
        created_at: start(),
        last_seen_at: start(),
        expires_at: start() + TimeDelta::days(1),
    }
}

pub(crate) fn living() -> SessionOwner {
    SessionOwner {
        session: session(),
        role: Role::User,
        status: UserStatus::Active,
    }
}

/// A bus that remembers what it was told, and tells nobody.
pub(crate) struct FakeBus {
    told: Mutex<Vec<Event>>,
    pub(crate) live: AtomicBool,
    pub(crate) broken: AtomicBool,
}

impl FakeBus {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            told: Mutex::default(),
            live: AtomicBool::new(true),
            broken: AtomicBool::new(false),
        })
    }

    pub(crate) fn told(&self) -> Vec<Event> {
        self.told.lock().clone()
    }
}

#[async_trait]
impl EventBus for FakeBus {
    async fn publish(&self, event: Event) -> Result<(), BusError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(BusError("the bus is gone".into()));
        }
        self.told.lock().push(event);
        Ok(())
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        Box::new(Nothing)
    }

    fn is_live(&self) -> bool {
        self.live.load(Ordering::SeqCst)
    }
}

struct Nothing;

#[async_trait]
impl Subscription for Nothing {
    async fn next(&mut self) -> Option<domain::event::Signal> {
        None
    }
}

pub(crate) fn tokens(clock: &Arc<FixedClock>) -> Arc<AccessTokens> {
    let settings = TokenSettings {
        issuer: "ensemble".into(),
        audience: "ensemble".into(),
        lifetime: Duration::from_secs(900),
    };
    let keys = KeyRing::hs256(&"a secret of at least 32 bytes, for tests".into(), &[]);
    Arc::new(AccessTokens::new(keys, settings, clock.clone()))
}

/// A guard that keeps what it knows for a minute.
pub(crate) fn guard(
    sessions: impl SessionRepository + 'static,
    bus: &Arc<FakeBus>,
    clock: &Arc<FixedClock>,
) -> Arc<SessionGuard> {
    Arc::new(SessionGuard::new(
        tokens(clock),
        Arc::new(sessions),
        bus.clone(),
        clock.clone(),
        Some(Duration::from_secs(60)),
    ))
}

/// That many tries in a row, and one more each minute.
pub(crate) fn throttle(capacity: u32, clock: &Arc<FixedClock>) -> Arc<Throttle> {
    let limit = Limit {
        capacity,
        refill: Duration::from_secs(60),
    };
    Arc::new(Throttle::new(Some(limit), clock.clone()))
}

/// Seals as everybody here does.
pub(crate) fn sealer() -> Arc<Sealer> {
    Arc::new(Sealer::new(&[vec![7; 32].into()]).expect("a key"))
}

/// Mails of which nobody gets more than three.
pub(crate) fn correspondence(clock: &Arc<FixedClock>) -> Arc<Correspondence> {
    Arc::new(Correspondence {
        postbox: Arc::new(Postbox {
            sealer: sealer(),
            bell: Bell::default(),
            ids: ids(clock),
            clock: clock.clone(),
        }),
        public_url: "https://shop.example".into(),
        per_address: throttle(3, clock),
        per_client: throttle(5, clock),
    })
}

pub(crate) fn draft(name: &str) -> ProductDraft {
    ProductDraft {
        category: Category::parse("음료").expect("a category"),
        name: ProductName::parse(name).expect("a name"),
        description: None,
        price: Won::parse(4_500).expect("a price"),
        cost: Won::parse(1_200).expect("a cost"),
        barcode: None,
        expiration_date: None,
        size: Size::Small,
    }
}

pub(crate) fn product(id: i64) -> Product {
    Product::new(
        id.into(),
        UserId::from(OWNER),
        draft("슈크림 라떼"),
        clock().now(),
    )
}
