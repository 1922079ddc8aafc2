//! An app over mocks, and what came back from it.

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::to_bytes;
use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::test::{TestRequest, init_service, try_call_service};
use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use controller::{Services, finish};
use domain::RepositoryError;
use domain::clock::FixedClock;
use domain::event::{BusError, Event, EventBus, Signal, Subscription};
use domain::product::{Category, Product, ProductDraft, ProductName, Size, Won};
use domain::user::{
    Device, Name, PhoneNumber, Role, Session, SessionId, SessionOwner, SessionRepository, User,
    UserId, UserStatus,
};
use serde_json::Value;
use service::product::MockProductService;
use service::user::{
    AccessTokens, KeyRing, MockAccountService, MockSessionService, SessionGuard, TokenSettings,
};

pub(crate) const OWNER: i64 = 7;
pub(crate) const SESSION: i64 = 70;

pub(crate) fn start() -> DateTime<Utc> {
    let start = Utc.with_ymd_and_hms(2026, 11, 21, 9, 0, 0);
    start.single().expect("a date")
}

/// What storage says of the session that every token here names.
#[derive(Clone, Copy)]
pub(crate) enum Found {
    Living,
    Ended,
    Broken,
}

/// Sessions that are looked up no faster than a database would.
struct Sessions(Found);

fn unexpected() -> RepositoryError {
    RepositoryError::storage("no test asks for this")
}

#[async_trait]
impl SessionRepository for Sessions {
    async fn insert(&self, _: &Session) -> Result<(), RepositoryError> {
        Err(unexpected())
    }

    async fn find_living(
        &self,
        _: SessionId,
        _: DateTime<Utc>,
    ) -> Result<Option<SessionOwner>, RepositoryError> {
        tokio::task::yield_now().await;
        match self.0 {
            Found::Living => Ok(Some(SessionOwner {
                session: session(SESSION),
                role: Role::User,
                status: UserStatus::Active,
            })),
            Found::Ended => Ok(None),
            Found::Broken => Err(RepositoryError::storage("a secret of the database")),
        }
    }

    async fn list_living(
        &self,
        _: UserId,
        _: DateTime<Utc>,
    ) -> Result<Vec<Session>, RepositoryError> {
        Err(unexpected())
    }

    async fn touch(&self, _: SessionId, _: DateTime<Utc>) -> Result<(), RepositoryError> {
        Err(unexpected())
    }

    async fn prolong(
        &self,
        _: SessionId,
        _: DateTime<Utc>,
        _: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        Err(unexpected())
    }

    async fn end(&self, _: UserId, _: SessionId) -> Result<bool, RepositoryError> {
        Err(unexpected())
    }

    async fn end_all(
        &self,
        _: UserId,
        _: Option<SessionId>,
    ) -> Result<Vec<SessionId>, RepositoryError> {
        Err(unexpected())
    }

    async fn purge(&self, _: DateTime<Utc>) -> Result<u64, RepositoryError> {
        Err(unexpected())
    }
}

/// A bus with nobody on it.
struct Silence;

#[async_trait]
impl EventBus for Silence {
    async fn publish(&self, _: Event) -> Result<(), BusError> {
        Ok(())
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        Box::new(Self)
    }

    fn is_live(&self) -> bool {
        true
    }
}

#[async_trait]
impl Subscription for Silence {
    async fn next(&mut self) -> Option<Signal> {
        None
    }
}

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::at(start()))
}

fn tokens_at(clock: Arc<FixedClock>) -> Arc<AccessTokens> {
    let settings = TokenSettings {
        issuer: "ensemble".into(),
        audience: "ensemble".into(),
        lifetime: Duration::from_secs(900),
    };
    let keys = KeyRing::hs256(&"a secret of at least 32 bytes, for tests".into(), &[]);
    Arc::new(AccessTokens::new(keys, settings, clock))
}

/// The owner's token, handed out that many seconds ago.
pub(crate) fn token(seconds_ago: i64) -> String {
    let clock = clock();
    clock.advance(TimeDelta::seconds(-seconds_ago));
    let token = tokens_at(clock).issue(OWNER.into(), SESSION.into());
    token.expect("a token")
}

pub(crate) fn guard(found: Found) -> Arc<SessionGuard> {
    let clock = clock();
    Arc::new(SessionGuard::new(
        tokens_at(clock.clone()),
        Arc::new(Sessions(found)),
        Arc::new(Silence),
        clock,
        None,
    ))
}

/// Services of which none may be called.
pub(crate) fn services() -> Services {
    Services {
        accounts: Arc::new(MockAccountService::new()),
        sessions: Arc::new(MockSessionService::new()),
        products: Arc::new(MockProductService::new()),
        guard: guard(Found::Living),
        tokens: tokens_at(clock()),
        body_bytes: 4_096,
        body_timeout: Duration::from_secs(30),
        import_bytes: 8_192,
        trusted_proxies: vec![],
        frontend_origin: None,
        strict_cors: false,
    }
}

pub(crate) fn with_accounts(accounts: MockAccountService) -> Services {
    Services {
        accounts: Arc::new(accounts),
        ..services()
    }
}

pub(crate) fn with_sessions(sessions: MockSessionService) -> Services {
    Services {
        sessions: Arc::new(sessions),
        ..services()
    }
}

pub(crate) fn with_products(products: MockProductService) -> Services {
    Services {
        products: Arc::new(products),
        ..services()
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Sends one request.
pub(crate) async fn ask(services: Services, request: TestRequest) -> Answer {
    send(services, request, None).await
}

/// Sends one request whose body arrives as `payload` does.
pub(crate) async fn send(
    services: Services,
    request: TestRequest,
    payload: Option<Payload>,
) -> Answer {
    let app = finish(services).expect("an app").app();
    let app = init_service(app).await;
    let mut request = request.to_request();
    if let Some(payload) = payload {
        request = request.replace_payload(payload).0;
    }
    let response = match try_call_service(&app, request).await {
        Ok(response) => response.into_parts().1.map_into_boxed_body(),
        // What actix does with a failure that reaches the outside.
        Err(error) => error.error_response(),
    };
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: to_bytes(response.into_body()).await.unwrap_or_default(),
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?;
        Some(value.to_str().expect("a readable header"))
    }

    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{:?}", self.body);
        let kind = self.header("content-type");
        assert_eq!(kind, Some("application/problem+json"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        let body = self.json();
        assert_eq!(
            (&body["code"], &body["status"]),
            (&code.into(), &status.into())
        );
        assert_eq!(body["type"], format!("urn:ensemble:problem:{code}"));
        for member in ["title", "detail", "instance"] {
            assert!(body[member].is_string(), "{member}");
        }
        assert_eq!(body["request_id"].as_str(), self.header("x-request-id"));
    }

    /// Asserts a 422 that names exactly these fields.
    #[track_caller]
    pub(crate) fn assert_invalid(&self, expected: &[(&str, &str)]) {
        self.assert_problem(422, "invalid_request");
        let body = self.json();
        let errors = body["errors"].as_array().expect("errors");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut named: Vec<_> = errors
            .iter()
            .map(|error| (text(&error["pointer"]), text(&error["code"])))
            .collect();
        named.sort();
        let expected: Vec<_> = expected
            .iter()
            .map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned()))
            .collect();
        assert_eq!(named, expected);
    }

    #[track_caller]
    pub(crate) fn assert_empty(&self, status: u16) {
        assert_eq!((self.status, &self.body), (status, &Bytes::new()));
    }
}

pub(crate) fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

pub(crate) fn post(path: &str) -> TestRequest {
    TestRequest::post().uri(path)
}

pub(crate) fn patch(path: &str) -> TestRequest {
    TestRequest::patch().uri(path)
}

pub(crate) fn delete(path: &str) -> TestRequest {
    TestRequest::delete().uri(path)
}

/// More of a request.
pub(crate) trait Asking {
    /// Sent by the owner.
    fn signed_in(self) -> Self;

    /// With this JSON body.
    fn json(self, body: impl ToString) -> Self;
}

impl Asking for TestRequest {
    fn signed_in(self) -> Self {
        self.insert_header((AUTHORIZATION, format!("Bearer {}", token(0))))
    }

    fn json(self, body: impl ToString) -> Self {
        self.insert_header(("content-type", "application/json"))
            .set_payload(body.to_string())
    }
}

pub(crate) fn session(id: i64) -> Session {
    Session {
        id: id.into(),
        user_id: OWNER.into(),
        device: Device::new(Some("a browser"), "192.0.2.1".parse().ok()),
        created_at: start(),
        last_seen_at: start(),
        expires_at: start() + TimeDelta::days(1),
    }
}

pub(crate) fn user() -> User {
    User {
        id: OWNER.into(),
        name: Name::parse("유나").expect("a name"),
        phone_number: PhoneNumber::parse("010-1234-5678").ok(),
        email: None,
        email_verified_at: None,
        username: None,
        profile_img: None,
        role: Role::User,
        status: UserStatus::Active,
        created_at: start(),
        updated_at: start(),
    }
}

pub(crate) fn draft() -> ProductDraft {
    ProductDraft {
        category: Category::parse("음료").expect("a category"),
        name: ProductName::parse("슈크림 라떼").expect("a name"),
        description: None,
        price: Won::parse(4_500).expect("a price"),
        cost: Won::parse(1_200).expect("a cost"),
        barcode: None,
        expiration_date: None,
        size: Size::Small,
    }
}

pub(crate) fn product(id: i64) -> Product {
    Product::new(id.into(), OWNER.into(), draft(), start())
}
