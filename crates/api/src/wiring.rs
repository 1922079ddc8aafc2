//! Who gets what: the one place where ports meet their implementations.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use controller::Services;
use domain::event::EventBus;
use domain::product::ProductRepository;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{SessionRepository, UserRepository};
use domain::{Clock, IdGenerator, SystemClock};
use gateway::event_bus::{InProcessBus, RedisBus, RedisBusOptions};
use repository::product::SeaProducts;
use repository::user::{SeaSessions, SeaUsers};
use repository::{Database, DatabaseOptions, SeaUnitOfWorkFactory, Synchronous};
use service::maintenance::Maintenance;
use service::product::{DefaultProductService, RememberedProducts};
use service::throttle::{Limit, Throttle};
use service::user::{
    AccessTokens, DefaultAccountService, DefaultSessionService, HashSettings, PasswordHasher,
    SessionGuard, TokenSettings,
};

use crate::configuration::{self, Configuration, Engine};
use crate::keys;

/// Sign-ups for taken identifiers: how long until one more is allowed.
const CONFLICT_REFILL: Duration = Duration::from_secs(12);
/// Failed sign-ins from one address: likewise.
const ADDRESS_REFILL: Duration = Duration::from_secs(3);

/// Everything that was put together.
pub struct Core {
    /// The database.
    pub database: Database,
    /// What the routes are given.
    pub services: Services,
    /// What has to be tidied up now and then.
    pub maintenance: Arc<Maintenance>,
}

/// How the database is connected to.
#[must_use]
pub fn database_options(configuration: &Configuration) -> DatabaseOptions {
    let database = &configuration.database;
    DatabaseOptions {
        url: database.url.expose().to_owned(),
        max_connections: database.max_connections,
        sqlite_readers: database.sqlite_readers,
        acquire_timeout: database.acquire_timeout,
        synchronous: match database.sqlite_synchronous {
            configuration::Synchronous::Normal => Synchronous::Normal,
            configuration::Synchronous::Full => Synchronous::Full,
        },
    }
}

/// Connects, brings the schema up to date, and puts everything together.
///
/// # Errors
/// Where the database, a key file or Redis cannot be used.
pub async fn build(configuration: &Configuration) -> Result<Core, Box<dyn Error + Send + Sync>> {
    let database = Database::connect(&database_options(configuration)).await?;
    migration::up(database.write()).await?;
    build_on(configuration, database)
}

/// Puts everything together over a migrated database.
///
/// # Errors
/// Where a key file or Redis cannot be used.
pub fn build_on(
    configuration: &Configuration,
    database: Database,
) -> Result<Core, Box<dyn Error + Send + Sync>> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids = Arc::new(IdGenerator::new(
        configuration.server.node_id,
        clock.clone(),
    ));
    let bus: Arc<dyn EventBus> = match &configuration.redis.url {
        Some(url) => Arc::new(RedisBus::connect(
            &url.expose().into(),
            RedisBusOptions::default(),
        )?),
        None => Arc::new(InProcessBus::new()),
    };
    let users: Arc<dyn UserRepository> = Arc::new(SeaUsers::new(database.clone()));
    let sessions: Arc<dyn SessionRepository> = Arc::new(SeaSessions::new(database.clone()));
    let products: Arc<dyn ProductRepository> = Arc::new(SeaProducts::new(database.clone()));
    // One node sees every change, and may remember what it read.
    let products: Arc<dyn ProductRepository> = match configuration.database.engine {
        Engine::Sqlite => Arc::new(RememberedProducts::new(products)),
        Engine::Postgres | Engine::Mysql => products,
    };
    let units: Arc<dyn UnitOfWorkFactory> = Arc::new(SeaUnitOfWorkFactory::new(database.clone()));

    let auth = &configuration.auth;
    let settings = TokenSettings {
        issuer: auth.jwt_issuer.clone(),
        audience: auth.jwt_audience.clone(),
        lifetime: auth.access_token_lifetime,
    };
    let tokens = Arc::new(AccessTokens::new(
        keys::ring(auth)?,
        settings,
        clock.clone(),
    ));
    // A session may be remembered only by a node that hears when another one ends it.
    let hears_all =
        configuration.database.engine == Engine::Sqlite || configuration.redis.url.is_some();
    let guard = Arc::new(SessionGuard::new(
        tokens.clone(),
        sessions.clone(),
        bus,
        clock.clone(),
        hears_all.then_some(auth.session_cache),
    ));

    let limits = &configuration.limits;
    let throttle = |capacity, refill| {
        let limit = limits.enabled.then_some(Limit { capacity, refill });
        Arc::new(Throttle::new(limit, clock.clone()))
    };
    let account_failures = throttle(limits.sign_in_failures_per_account, limits.sign_in_refill);
    let hasher = PasswordHasher::new(HashSettings::recommended(
        limits.hash_concurrency,
        limits.hash_wait,
    ));
    let services = Services {
        accounts: Arc::new(DefaultAccountService {
            users: users.clone(),
            units: units.clone(),
            hasher: hasher.clone(),
            guard: guard.clone(),
            conflicts: throttle(limits.sign_up_conflicts_per_address, CONFLICT_REFILL),
            proofs: throttle(limits.sign_in_failures_per_account, limits.sign_in_refill),
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        sessions: Arc::new(DefaultSessionService {
            users,
            sessions: sessions.clone(),
            units,
            hasher,
            tokens: tokens.clone(),
            guard: guard.clone(),
            account_failures,
            address_failures: throttle(limits.sign_in_failures_per_address, ADDRESS_REFILL),
            refresh_lifetime: auth.refresh_token_lifetime,
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        products: Arc::new(DefaultProductService {
            products: products.clone(),
            ids,
            clock: clock.clone(),
        }),
        guard,
        tokens,
        body_bytes: limits.body_bytes,
        body_timeout: limits.request_timeout,
        import_bytes: limits.import_bytes as u64,
        trusted_proxies: configuration.server.trusted_proxies.clone(),
        frontend_origin: configuration
            .frontend
            .url
            .as_ref()
            .map(|url| url.origin().to_string()),
        strict_cors: configuration.frontend.strict_cors,
    };
    let maintenance = Arc::new(Maintenance::new(sessions, products, clock));
    Ok(Core {
        database,
        services,
        maintenance,
    })
}
