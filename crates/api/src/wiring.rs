//! Who gets what: the one place where ports meet their implementations.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use controller::{CookieSettings, SameSite, Services};
use domain::event::EventBus;
use domain::outfit::{DislikeRepository, HeartRepository, OutfitEventRepository, OutfitRepository};
use domain::product::ProductRepository;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{GuestRepository, SessionRepository, UserRepository};
use domain::{Clock, IdGenerator, SystemClock};
use gateway::SnapshotFile;
use gateway::event_bus::{InProcessBus, RedisBus, RedisBusOptions};
use repository::outfit::{SeaDislikes, SeaHearts, SeaLooks, SeaOutfitEvents, SeaOutfits};
use repository::product::SeaProducts;
use repository::user::{SeaGuests, SeaSessions, SeaUsers};
use repository::{Database, DatabaseOptions, SeaUnitOfWorkFactory, Synchronous};
use service::maintenance::Maintenance;
use service::outfit::{
    Catalogue, Common, DefaultActivityService, DefaultFeedService, DefaultHeartService,
    DefaultLookService, DefaultOutfitService, Liked, Memory, Mind, OutfitPersonalData, Recorder,
    Writer,
};
use service::product::{DefaultProductService, RememberedProducts};
use service::throttle::{Limit, Throttle};
use service::user::{
    AccessTokens, DefaultAccountService, DefaultGuestService, DefaultSessionService, GuestMerge,
    HashSettings, PasswordHasher, PersonalData, SessionCookies, SessionGuard, TokenSettings,
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
    /// Outfits.
    pub outfits: Arc<dyn OutfitRepository>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// New ids.
    pub ids: Arc<IdGenerator>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What has to be tidied up now and then.
    pub maintenance: Arc<Maintenance>,
    /// What keeps the recommender's knowledge current.
    pub memory: Arc<Memory>,
    /// Where events are handed in.
    pub recorder: Recorder,
    /// What writes them down, until it is started.
    pub writer: Option<Writer>,
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

    let outfits: Arc<dyn OutfitRepository> = Arc::new(SeaOutfits::new(database.clone()));
    let hearts: Arc<dyn HeartRepository> = Arc::new(SeaHearts::new(database.clone()));
    let events: Arc<dyn OutfitEventRepository> = Arc::new(SeaOutfitEvents::new(database.clone()));
    let dislikes: Arc<dyn DislikeRepository> = Arc::new(SeaDislikes::new(database.clone()));
    let guest_rows: Arc<dyn GuestRepository> = Arc::new(SeaGuests::new(database.clone()));

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
    let feed = &configuration.feed;
    let guests = Arc::new(DefaultGuestService::new(
        guest_rows.clone(),
        feed.guest_lifetime,
        ids.clone(),
        clock.clone(),
    ));
    let catalogue = Arc::new(Catalogue::default());
    let mind = Arc::new(Mind::new(catalogue.clone()));
    let (recorder, writer) = Recorder::new(events.clone(), mind.clone());
    let alone = configuration.database.engine == Engine::Sqlite;
    let common = Arc::new(Common::new(
        (catalogue.clone(), mind.clone()),
        recorder.clone(),
        Liked::new(hearts.clone(), alone),
        feed.experiment.clone(),
        ids.clone(),
        clock.clone(),
    ));
    let snapshot = configuration.storage.data_dir.join("recommender.snapshot");
    let memory = Memory::new(
        (catalogue, mind.clone()),
        outfits.clone(),
        events.clone(),
        Arc::new(SnapshotFile::new(snapshot)),
        clock.clone(),
    );
    let memory = Arc::new(memory.alone(alone));
    let personal: Vec<Arc<dyn PersonalData>> = vec![Arc::new(OutfitPersonalData {
        common: common.clone(),
    })];
    let services = Services {
        accounts: Arc::new(DefaultAccountService {
            users: users.clone(),
            units: units.clone(),
            hasher: hasher.clone(),
            guard: guard.clone(),
            personal: personal.clone(),
            conflicts: throttle(limits.sign_up_conflicts_per_address, CONFLICT_REFILL),
            proofs: throttle(limits.sign_in_failures_per_account, limits.sign_in_refill),
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        sessions: Arc::new(DefaultSessionService {
            users,
            sessions: sessions.clone(),
            units: units.clone(),
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
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        outfits: Arc::new(DefaultOutfitService {
            common: common.clone(),
            outfits: outfits.clone(),
        }),
        feed: Arc::new(DefaultFeedService {
            common: common.clone(),
        }),
        hearts: Arc::new(DefaultHeartService {
            common: common.clone(),
            hearts,
        }),
        activity: Arc::new(DefaultActivityService {
            common: common.clone(),
            dislikes,
        }),
        looks: Arc::new(DefaultLookService {
            common,
            looks: Arc::new(SeaLooks::new(database.clone())),
        }),
        mind,
        guests: guests.clone(),
        guest_merge: Arc::new(GuestMerge {
            units: units.clone(),
            guests,
            parts: personal.clone(),
            clock: clock.clone(),
        }),
        cookies: Arc::new(SessionCookies::new(
            &configuration.session.secret,
            auth.refresh_token_lifetime,
            feed.guest_lifetime,
            clock.clone(),
        )),
        cookie_settings: cookie_settings(configuration),
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
    let maintenance = Arc::new(Maintenance {
        sessions,
        products,
        guests: guest_rows,
        events,
        personal,
        units: units.clone(),
        view_retention: feed.view_retention,
        clock: clock.clone(),
    });
    Ok(Core {
        database,
        services,
        outfits,
        units,
        ids,
        clock,
        maintenance,
        memory,
        recorder,
        writer: Some(writer),
    })
}

/// How session cookies are set.
fn cookie_settings(configuration: &Configuration) -> CookieSettings {
    let secure = configuration.secure_cookies();
    let origin = |url: &configuration::BaseUrl| url.origin().to_string();
    CookieSettings {
        name: configuration.session.cookie_name(secure),
        secure,
        same_site: match configuration.session.same_site {
            configuration::SameSite::Lax => SameSite::Lax,
            configuration::SameSite::Strict => SameSite::Strict,
            configuration::SameSite::None => SameSite::None,
        },
        origins: vec![
            origin(&configuration.server.public_url),
            origin(configuration.frontend_url()),
        ],
    }
}
