//! An app over mocks, and what came back from it.

mod doubles;

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::to_bytes;
use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::test::{TestRequest, init_service, try_call_service};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use controller::http::Gate;
use controller::{ChatSettings, CookieSettings, SameSite, Services, finish};
use domain::clock::FixedClock;
use domain::notification::{MockApiKeyRepository, MockSuppressionRepository};
use domain::once::{MockAnswerRepository, MockOnceRepository};
use domain::product::{Category, Product, ProductDraft, ProductName, Size, Won};
use domain::user::{Device, MockUserRepository, Name, PhoneNumber, Platform, Role, Session, User};
use serde_json::Value;
use service::chat::{
    Hub, MockConversationService, MockFriendService, MockMessageService, MockMomentService,
};
use service::health::MockHealthService;
use service::notification::{MockApiKeyService, MockSendService, SignedCalls, Subscriptions};
use service::once::OnceRequests;
use service::outfit::{
    MockActivityService, MockFeedService, MockHeartService, MockLookService, MockOutfitService,
};
use service::persona::{
    MockInstagramService, MockMediaService, MockPersonaService, MockPortraitService,
};
use service::product::MockProductService;
use service::sealing::Sealer;
use service::throttle::{Limit, Wait};
use service::user::{
    AccessTokens, KeyRing, MockAccountService, MockEmailAccountService, MockEmailAddressService,
    MockGuestService, MockIdentityService, MockPasswordResetService, MockSessionService,
    MockSocialLoginService, SessionCookies, SessionGuard, TokenSettings,
};

pub(crate) use doubles::Found;
use doubles::{Sessions, Silence};

pub(crate) const OWNER: i64 = 7;
pub(crate) const SESSION: i64 = 70;

pub(crate) fn start() -> DateTime<Utc> {
    let start = Utc.with_ymd_and_hms(2026, 11, 21, 9, 0, 0);
    start.single().expect("a date")
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
    guard_of(found, Role::User)
}

/// A guard that finds the owner in this role.
pub(crate) fn guard_of(found: Found, role: Role) -> Arc<SessionGuard> {
    let clock = clock();
    Arc::new(SessionGuard::new(
        tokens_at(clock.clone()),
        Arc::new(Sessions(found, role)),
        Arc::new(Silence),
        clock,
        None,
    ))
}

/// Cookies as every test here makes and reads them.
pub(crate) fn cookies() -> Arc<SessionCookies> {
    let secret = "another secret of at least 32 bytes, for tests".into();
    let lifetime = Duration::from_secs(86_400);
    Arc::new(SessionCookies::new(&secret, lifetime, lifetime, clock()))
}

/// Services of which none may be called.
pub(crate) fn services() -> Services {
    Services {
        requests: None,
        gate: Arc::new(Gate::new(1_000)),
        accounts: Arc::new(MockAccountService::new()),
        sessions: Arc::new(MockSessionService::new()),
        social: Arc::new(MockSocialLoginService::new()),
        identities: Arc::new(MockIdentityService::new()),
        email_accounts: Arc::new(MockEmailAccountService::new()),
        email_addresses: Arc::new(MockEmailAddressService::new()),
        password_resets: Arc::new(MockPasswordResetService::new()),
        products: Arc::new(MockProductService::new()),
        outfits: Arc::new(MockOutfitService::new()),
        feed: Arc::new(MockFeedService::new()),
        hearts: Arc::new(MockHeartService::new()),
        activity: Arc::new(MockActivityService::new()),
        looks: Arc::new(MockLookService::new()),
        media: Arc::new(MockMediaService::new()),
        portraits: Arc::new(MockPortraitService::new()),
        personas: Arc::new(MockPersonaService::new()),
        instagram: Arc::new(MockInstagramService::new()),
        frontend_url: "https://front.example".into(),
        departure: Arc::default(),
        health: Arc::new(MockHealthService::new()),
        friends: Arc::new(MockFriendService::new()),
        messages: Arc::new(MockMessageService::new()),
        moments: Arc::new(MockMomentService::new()),
        conversations: Arc::new(MockConversationService::new()),
        hub: Hub::new(Arc::new(Silence)),
        chat_settings: ChatSettings {
            auth: Duration::from_secs(10),
            heartbeat: Duration::from_secs(45),
            ping: Duration::from_secs(20),
            frames_per_second: 50,
            zone: chrono::FixedOffset::east_opt(9 * 3_600).expect("an offset"),
        },
        once: Arc::new(OnceRequests::new(
            Arc::new(MockAnswerRepository::new()),
            Arc::new(Sealer::new([&vec![7; 32].into()]).expect("a key")),
            clock(),
        )),
        api_keys: Arc::new(MockApiKeyService::new()),
        signed_calls: Arc::new(SignedCalls {
            keys: Arc::new(MockApiKeyRepository::new()),
            users: Arc::new(MockUserRepository::new()),
            once: Arc::new(MockOnceRepository::new()),
            sealer: Arc::new(Sealer::new([&vec![7; 32].into()]).expect("a key")),
            clock: clock(),
        }),
        sending: Arc::new(MockSendService::new()),
        subscriptions: Arc::new(Subscriptions {
            suppressions: Arc::new(MockSuppressionRepository::new()),
            users: Arc::new(MockUserRepository::new()),
            sealer: Arc::new(Sealer::new([&vec![7; 32].into()]).expect("a key")),
            public_url: "https://shop.example".into(),
            clock: clock(),
        }),
        guests: Arc::new(MockGuestService::new()),
        cookies: cookies(),
        cookie_settings: CookieSettings {
            name: "sid".into(),
            secure: false,
            same_site: SameSite::Lax,
            origins: vec!["https://front.example".into()],
        },
        guard: guard(Found::Living),
        tokens: tokens_at(clock()),
        body_bytes: 4_096,
        body_timeout: Duration::from_secs(30),
        import_bytes: 8_192,
        hsts: None,
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

/// Told to wait so long, where ten tries come back one every half minute.
pub(crate) fn wait(time: Duration) -> Wait {
    let limit = Limit {
        capacity: 10,
        refill: Duration::from_secs(30),
    };
    Wait { time, limit }
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
    let name = Name::parse("유나").expect("a name");
    User {
        phone_number: PhoneNumber::parse("010-1234-5678").ok(),
        platform: Platform::Phone,
        ..User::new(OWNER.into(), name, start())
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
