//! Who gets what: the one place where ports meet their implementations.

mod limits;
mod outfits;
mod outgoing;
mod personas;
mod pictures;
mod talk;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use controller::{CookieSettings, SameSite, Services};
use domain::event::EventBus;
use domain::notification::{ApiKeyRepository, Channel, OutboxRepository};
use domain::once::OnceRepository;
use domain::outfit::OutfitRepository;
use domain::product::ProductRepository;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{GuestRepository, SessionRepository, UserRepository};
use domain::{Clock, IdGenerator, SystemClock};
use gateway::event_bus::{InProcessBus, RedisBus, RedisBusOptions};
use repository::notification::{SeaApiKeys, SeaOutbox};
use repository::once::{SeaAnswers, SeaOnce};
use repository::product::SeaProducts;
use repository::user::{SeaAccountLinks, SeaGuests, SeaSessions, SeaSignUpRequests, SeaUsers};
use repository::{Database, DatabaseOptions, SeaUnitOfWorkFactory, Synchronous};
use service::chat::ChatPersonalData;
use service::health::{BacklogProbe, DefaultHealthService, Departure};
use service::maintenance::{Maintenance, SpentKeys};
use service::notification::{
    Bells, DefaultApiKeyService, Dispatcher, KeptAnswers, NotificationPersonalData, Postbox,
    SettledMessages, SignedCalls,
};
use service::once::OnceRequests;
use service::outfit::{Memory, OutfitPersonalData, Recorder, Writer};
use service::persona::personal_data;
use service::product::{DefaultProductService, RememberedProducts};
use service::sealing::Sealer;
use service::user::{
    AccessTokens, Admission, Confirmation, Correspondence, DefaultAccountService,
    DefaultEmailAccountService, DefaultEmailAddressService, DefaultGuestService,
    DefaultPasswordResetService, DefaultSessionService, HashSettings, PasswordHasher, PersonalData,
    SessionCookies, SessionGuard, StaleLinks, TokenSettings,
};

use crate::configuration::{self, Configuration, Engine};
use crate::keys;
use crate::metrics::Sources;
use crate::social;
use limits::Limiting;
use outfits::outfits;
use personas::personas;
use pictures::Pictures;
use talk::talk;

/// Sign-ups for taken identifiers: how long until one more is allowed.
const CONFLICT_REFILL: Duration = Duration::from_secs(12);
/// Failed sign-ins from one address: likewise.
const ADDRESS_REFILL: Duration = Duration::from_secs(3);

/// Mails that one client causes: likewise.
const CLIENT_MAIL_REFILL: Duration = Duration::from_secs(12);

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
    /// Messages that wait to be delivered.
    pub outbox: Arc<dyn OutboxRepository>,
    /// What delivers them, a worker for each channel.
    pub dispatchers: Vec<Arc<Dispatcher>>,
    /// Where the numbers for metrics are.
    pub sources: Sources,
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
    migration::up(&database.write()).await?;
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
    let remembered = match configuration.database.engine {
        Engine::Sqlite => Some(Arc::new(RememberedProducts::new(products.clone()))),
        Engine::Postgres | Engine::Mysql => None,
    };
    let products = remembered.clone().map_or(products, |remembered| {
        remembered as Arc<dyn ProductRepository>
    });
    let units: Arc<dyn UnitOfWorkFactory> = Arc::new(SeaUnitOfWorkFactory::new(database.clone()));

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
        bus.clone(),
        clock.clone(),
        hears_all.then_some(auth.session_cache),
    ));

    let limits = &configuration.limits;
    let limiting = Limiting::new(configuration, &clock)?;
    let throttle = |name, capacity, refill| limiting.throttle(name, capacity, refill);
    let hasher = PasswordHasher::new(HashSettings::recommended(
        limits.hash_concurrency,
        limits.hash_queue,
        limits.hash_wait,
    ))
    .taking_turns(limiting.cores.clone());
    let feed = &configuration.feed;
    let guests = Arc::new(DefaultGuestService::new(
        guest_rows.clone(),
        feed.guest_lifetime,
        configuration.database.engine == Engine::Sqlite,
        ids.clone(),
        clock.clone(),
    ));
    let outfits = outfits(configuration, &database, &ids, &clock);
    let pictures: Pictures = pictures::pictures(configuration, &database, &clock, &limiting)?;
    let mut personal: Vec<Arc<dyn PersonalData>> = vec![
        Arc::new(OutfitPersonalData {
            common: outfits.common.clone(),
        }),
        Arc::new(ChatPersonalData),
        Arc::new(NotificationPersonalData),
    ];
    personal.extend(personal_data());
    let crypto = &configuration.crypto;
    let sealer = Arc::new(Sealer::new(
        std::iter::once(&crypto.key).chain(&crypto.previous_keys),
    )?);
    let outbox: Arc<dyn OutboxRepository> = Arc::new(SeaOutbox::new(database.clone()));
    let links = Arc::new(SeaAccountLinks::new(database.clone()));
    let bells = Bells::default();
    let mails = Arc::new(Correspondence {
        postbox: Arc::new(Postbox {
            sealer: sealer.clone(),
            bell: bells.of(Channel::Mail).clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        public_url: configuration.server.public_url.as_str().to_owned(),
        per_address: throttle("mails", limits.mails_per_address, limits.mail_refill),
        per_client: throttle(
            "mails_of_client",
            limits.sign_up_conflicts_per_address,
            CLIENT_MAIL_REFILL,
        ),
    });
    let admission = Arc::new(Admission {
        tokens: tokens.clone(),
        guests: guests.clone(),
        personal: personal.clone(),
        guard: guard.clone(),
        sessions_per_user: limits.sessions_per_user.into(),
        refresh_lifetime: auth.refresh_token_lifetime,
        ids: ids.clone(),
        clock: clock.clone(),
    });
    let talk = talk(
        configuration.chat,
        talk::Ground {
            database: database.clone(),
            bus: bus.clone(),
            users: users.clone(),
            units: units.clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        },
    );
    let confirmation = Arc::new(Confirmation {
        users: users.clone(),
        hasher: hasher.clone(),
        proofs: throttle(
            "proofs",
            limits.sign_in_failures_per_account,
            limits.sign_in_refill,
        ),
        clock: clock.clone(),
    });
    let api_keys: Arc<dyn ApiKeyRepository> = Arc::new(SeaApiKeys::new(database.clone()));
    let once: Arc<dyn OnceRepository> = Arc::new(SeaOnce::new(database.clone()));
    let personas = personas(
        configuration,
        personas::Ground {
            database: database.clone(),
            units: units.clone(),
            once: once.clone(),
            sealer: sealer.clone(),
            mails: mails.clone(),
            addresses: pictures.addresses.clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        },
    )?;
    let social = social::wire(
        configuration,
        social::Ground {
            database: database.clone(),
            users: users.clone(),
            units: units.clone(),
            admission: admission.clone(),
            guard: guard.clone(),
            sealer: sealer.clone(),
            confirmation: confirmation.clone(),
            failures: throttle(
                "social",
                limits.sign_in_failures_per_address,
                ADDRESS_REFILL,
            ),
            ids: ids.clone(),
            clock: clock.clone(),
        },
    )?;
    let answers = Arc::new(SeaAnswers::new(database.clone()));
    let outgoing = outgoing::wire(
        configuration,
        outgoing::Ground {
            database: database.clone(),
            outbox: outbox.clone(),
            answers: answers.clone(),
            users: users.clone(),
            units: units.clone(),
            sealer: sealer.clone(),
            talk: social.talk,
            bells,
            quota: throttle("messages", limits.messages_per_user, limits.message_refill),
            ids: ids.clone(),
            clock: clock.clone(),
        },
    )?;
    let dispatchers = outgoing.dispatchers.iter();
    let sources = Sources {
        database: database.clone(),
        probe: Arc::new(BacklogProbe::new(outbox.clone())),
        tallies: dispatchers
            .map(|one| (one.channel(), one.tally.clone()))
            .collect(),
        hub: talk.hub.clone(),
        guard: guard.clone(),
        tokens: tokens.clone(),
        hasher: hasher.clone(),
        workshop: pictures.workshop,
        gate: limiting.gate.clone(),
        products: remembered,
        common: outfits.common,
        mind: outfits.mind.clone(),
        bus: bus.clone(),
        portrait_ai: pictures.ai.clone(),
        clock: clock.clone(),
        started: clock.now(),
    };
    let accounts = Arc::new(DefaultAccountService {
        users: users.clone(),
        units: units.clone(),
        hasher: hasher.clone(),
        guard: guard.clone(),
        personal: personal.clone(),
        addresses: pictures.addresses.clone(),
        mails: mails.clone(),
        conflicts: throttle(
            "conflicts",
            limits.sign_up_conflicts_per_address,
            CONFLICT_REFILL,
        ),
        confirmation,
        ids: ids.clone(),
        clock: clock.clone(),
    });
    let departure = Arc::<Departure>::default();
    let services = Services {
        departure: departure.clone(),
        requests: limiting.requests.clone(),
        gate: limiting.gate.clone(),
        friends: talk.friends,
        messages: talk.messages,
        conversations: talk.conversations,
        moments: talk.moments,
        hub: talk.hub.clone(),
        chat_settings: talk.settings,
        once: Arc::new(OnceRequests::new(
            answers.clone(),
            sealer.clone(),
            clock.clone(),
        )),
        api_keys: Arc::new(DefaultApiKeyService {
            keys: api_keys.clone(),
            units: units.clone(),
            sealer: sealer.clone(),
            limit: limits.api_keys_per_user as usize,
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        signed_calls: Arc::new(SignedCalls {
            keys: api_keys,
            users: users.clone(),
            once: once.clone(),
            sealer: sealer.clone(),
            clock: clock.clone(),
        }),
        sending: outgoing.sending,
        subscriptions: outgoing.subscriptions,
        social: social.login,
        identities: social.identities,
        email_accounts: Arc::new(DefaultEmailAccountService {
            users: users.clone(),
            units: units.clone(),
            accounts: accounts.clone(),
            admission: admission.clone(),
            hasher: hasher.clone(),
            mails: mails.clone(),
            guard: guard.clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        email_addresses: Arc::new(DefaultEmailAddressService {
            accounts: accounts.clone(),
            units: units.clone(),
            mails: mails.clone(),
            clock: clock.clone(),
        }),
        password_resets: Arc::new(DefaultPasswordResetService {
            links: links.clone(),
            units: units.clone(),
            hasher: hasher.clone(),
            mails,
            guard: guard.clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        accounts,
        sessions: Arc::new(DefaultSessionService {
            users,
            sessions: sessions.clone(),
            units: units.clone(),
            hasher,
            admission,
            guard: guard.clone(),
            account_failures: throttle(
                "sign_in_account",
                limits.sign_in_failures_per_account,
                limits.sign_in_refill,
            ),
            address_failures: throttle(
                "sign_in_address",
                limits.sign_in_failures_per_address,
                ADDRESS_REFILL,
            ),
            clock: clock.clone(),
        }),
        products: Arc::new(DefaultProductService {
            products: products.clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        outfits: outfits.outfits,
        feed: outfits.feed,
        hearts: outfits.hearts,
        activity: outfits.activity,
        looks: outfits.looks,
        media: pictures.media,
        portraits: pictures.portraits,
        personas: personas.personas,
        instagram: personas.instagram,
        frontend_url: configuration.frontend_url().as_str().to_owned(),
        health: Arc::new(DefaultHealthService {
            departure,
            probe: sources.probe.clone(),
            bus,
            mind: outfits.mind,
            portrait_ai: pictures.ai,
            tallies: sources.tallies.clone(),
            clock: clock.clone(),
        }),
        guests,
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
        hsts: (configuration.server.is_behind_tls()).then_some(configuration.server.hsts),
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
        events: outfits.events,
        chores: vec![
            Arc::new(SpentKeys(once)),
            talk.chores,
            pictures.sweep,
            personas.reseal,
            social.reseal,
            personas.renewal,
            Arc::new(StaleLinks {
                requests: Arc::new(SeaSignUpRequests::new(database.clone())),
                links,
            }),
            Arc::new(SettledMessages(outbox.clone())),
            Arc::new(KeptAnswers(answers)),
        ],
        personal,
        units: units.clone(),
        view_retention: feed.view_retention,
        clock: clock.clone(),
    });
    Ok(Core {
        database,
        services,
        outfits: outfits.stored,
        units,
        ids,
        clock,
        maintenance,
        memory: outfits.memory,
        recorder: outfits.recorder,
        outbox,
        dispatchers: outgoing.dispatchers,
        sources,
        writer: Some(outfits.writer),
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
