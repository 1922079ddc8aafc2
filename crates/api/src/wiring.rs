//! Who gets what: the one place where ports meet their implementations.

mod accounts;
mod limits;
mod outfits;
mod outgoing;
mod personas;
mod pictures;
mod settings;
mod talk;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use controller::Services;
use domain::event::EventBus;
use domain::notification::{ApiKeyRepository, OutboxRepository};
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
use repository::user::{SeaGuests, SeaSessions, SeaUsers};
use repository::{Database, SeaUnitOfWorkFactory};
use service::chat::ChatPersonalData;
use service::health::{BacklogProbe, DefaultHealthService, Departure};
use service::maintenance::{Maintenance, SpentKeys};
use service::notification::{
    Bells, DefaultApiKeyService, Dispatcher, KeptAnswers, NotificationPersonalData,
    SettledMessages, SignedCalls,
};
use service::once::OnceRequests;
use service::outfit::{Memory, OutfitPersonalData, Recorder, Writer};
use service::persona::personal_data;
use service::product::{DefaultProductService, RememberedProducts};
use service::sealing::Sealer;
use service::user::{
    AccessTokens, DefaultGuestService, PersonalData, SessionCookies, SessionGuard, TokenSettings,
};

use crate::configuration::{Configuration, Engine};
use crate::keys;
use crate::metrics::Sources;
use crate::social;
use accounts::accounts;
use limits::Limiting;
use outfits::outfits;
use personas::personas;
use pictures::Pictures;
use settings::cookie_settings;
pub use settings::database_options;
use talk::talk;

/// Failed sign-ins from one address: how long until one more is allowed.
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
    /// Messages that wait to be delivered.
    pub outbox: Arc<dyn OutboxRepository>,
    /// What delivers them, a worker for each channel.
    pub dispatchers: Vec<Arc<Dispatcher>>,
    /// Where the numbers for metrics are.
    pub sources: Sources,
    /// What writes them down, until it is started.
    pub writer: Option<Writer>,
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
    let bells = Bells::default();
    let accounts = accounts(
        configuration,
        accounts::Ground {
            database: database.clone(),
            limiting: &limiting,
            bells: &bells,
            users: users.clone(),
            sessions: sessions.clone(),
            units: units.clone(),
            tokens: tokens.clone(),
            guests: guests.clone(),
            guard: guard.clone(),
            personal: personal.clone(),
            sealer: sealer.clone(),
            addresses: pictures.addresses.clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        },
    );
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
    let api_keys: Arc<dyn ApiKeyRepository> = Arc::new(SeaApiKeys::new(database.clone()));
    let once: Arc<dyn OnceRepository> = Arc::new(SeaOnce::new(database.clone()));
    let personas = personas(
        configuration,
        personas::Ground {
            database: database.clone(),
            units: units.clone(),
            once: once.clone(),
            sealer: sealer.clone(),
            mails: accounts.mails,
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
            admission: accounts.admission,
            guard: guard.clone(),
            sealer: sealer.clone(),
            confirmation: accounts.confirmation,
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
        hasher: accounts.hasher,
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
        accounts: accounts.accounts,
        sessions: accounts.sessions,
        email_accounts: accounts.email_accounts,
        email_addresses: accounts.email_addresses,
        password_resets: accounts.password_resets,
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
            accounts.stale_links,
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
