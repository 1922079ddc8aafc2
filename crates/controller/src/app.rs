//! All routes, and what stands around them.

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error, web};
use ipnet::IpNet;
use service::outfit::{
    ActivityService, FeedService, HeartService, LookService, Mind, OutfitService,
};
use service::product::ProductService;
use service::user::{
    AccessTokens, AccountService, GuestMerge, GuestService, SessionCookies, SessionGuard,
    SessionService,
};
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa_actix_web::AppExt;

use crate::cors::{FrontEnd, cors, credentials_for_the_front_end};
use crate::feed_page::FeedPage;
use crate::http::{
    BodyLimits, ForwardedBy, Pages, RouteTable, TrustedProxies, add_shared_schemas,
    configure_errors, identify, methods, problems, see_through, unmatched,
};
use crate::identity::{CookieSettings, introduce};
use crate::product::ImportLimit;
use crate::{demo, outfit, product, system, user};

/// What the routes are given. Made once and shared by all workers.
#[derive(Clone)]
pub struct Services {
    /// Accounts.
    pub accounts: Arc<dyn AccountService>,
    /// Sessions.
    pub sessions: Arc<dyn SessionService>,
    /// Products.
    pub products: Arc<dyn ProductService>,
    /// Outfits.
    pub outfits: Arc<dyn OutfitService>,
    /// The feed.
    pub feed: Arc<dyn FeedService>,
    /// Hearts.
    pub hearts: Arc<dyn HeartService>,
    /// What people do with outfits.
    pub activity: Arc<dyn ActivityService>,
    /// Which outfits show which products.
    pub looks: Arc<dyn LookService>,
    /// What the recommender knows: whether it is up to date.
    pub mind: Arc<Mind>,
    /// Guests.
    pub guests: Arc<dyn GuestService>,
    /// What makes a guest a member.
    pub guest_merge: Arc<GuestMerge>,
    /// What session cookies say.
    pub cookies: Arc<SessionCookies>,
    /// How session cookies are set.
    pub cookie_settings: CookieSettings,
    /// Who is let in.
    pub guard: Arc<SessionGuard>,
    /// Access tokens.
    pub tokens: Arc<AccessTokens>,
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// The largest file to import, in bytes.
    pub import_bytes: u64,
    /// Proxies whose word on the client's address is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The origin of the front end, whose pages may always read answers.
    pub frontend_origin: Option<String>,
    /// Whether pages of any other origin are refused.
    pub strict_cors: bool,
}

/// Collects every route with its documentation.
///
/// `app` must be fresh; the document is the same each time, so make it once with [`finish`].
macro_rules! routes {
    ($app:expr) => {
        $app.service(system::welcome)
            .service(system::health)
            .service(system::healthz)
            .service(system::readyz)
            .service(demo::demo_picture)
            .service(system::jwks)
            .service(user::sign_up)
            .service(user::sign_in)
            .service(user::refresh)
            .service(user::sign_out)
            .service(user::me)
            .service(user::update_me)
            .service(user::delete_me)
            .service(user::change_password)
            .service(user::list_sessions)
            .service(user::end_sessions)
            .service(user::end_session)
            .service(product::create)
            .service(product::list)
            .service(product::update_by_body)
            .service(product::delete_by_query)
            .service(product::import)
            .service(product::export)
            .service(product::find)
            .service(product::update_by_path)
            .service(product::delete_by_path)
            .service(product::restore)
            .service(outfit::images)
            .service(outfit::image)
            .service(outfit::hearted)
            .service(outfit::give_heart)
            .service(outfit::take_heart)
            .service(outfit::shared)
            .service(outfit::similar_clicked)
            .service(outfit::login)
            .service(outfit::flat_sign_up)
            .service(outfit::flat_sign_up_misspelt)
            .service(outfit::begin_guest)
            .service(outfit::feed_page)
            .service(outfit::collection)
            .service(outfit::dislikes)
            .service(outfit::dislike)
            .service(outfit::undislike)
            .service(outfit::report_many)
            .service(outfit::import_outfits)
            .service(outfit::list_outfits)
            .service(outfit::create_outfit)
            .service(outfit::labels)
            .service(outfit::similar)
            .service(outfit::heart)
            .service(outfit::unheart)
            .service(outfit::report_one)
            .service(outfit::find_outfit)
            .service(outfit::update_outfit)
            .service(outfit::shown_products)
            .service(outfit::show_products)
            .service(outfit::outfits_of_product)
    };
}

/// The OpenAPI document of all routes.
#[must_use]
pub fn collect() -> OpenApi {
    let (_, mut document) = routes!(App::new().into_utoipa_app()).split_for_parts();
    document.info.title = "Ensemble".into();
    document.info.version = env!("CARGO_PKG_VERSION").into();
    document.info.description = Some(DESCRIPTION.into());
    document.info.contact = None;
    document.info.license = None;
    add_shared_schemas(&mut document);
    let bearer = SecurityScheme::Http(
        Http::builder()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build(),
    );
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", bearer);
    let cookie = ApiKeyValue::with_description("sid", "Set by signing in, and for guests");
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(cookie));
    components.add_security_scheme("cookie", cookie);
    document
}

const DESCRIPTION: &str = "A backend for social fashion apps: accounts, a product catalogue, and an outfit feed that learns taste.\n\n\
    Ids are 64-bit numbers written as strings. Errors are RFC 9457 problem documents with a stable \
    `code`; their texts follow `Accept-Language` (`en`, `ko`). Lists answer `items` and `next_cursor`.";

/// The parts of the app that are made once.
#[derive(Clone)]
pub struct Finished {
    services: Services,
    pages: Pages,
    feed_page: FeedPage,
    table: web::Data<RouteTable>,
}

/// Prepares the app.
///
/// # Errors
/// Where the OpenAPI document cannot be written as JSON.
pub fn finish(services: Services) -> Result<Finished, serde_json::Error> {
    let document = collect();
    let pages = Pages::new(&document)?;
    let mut table = RouteTable::new(&document);
    for page in ["/docs", "/redoc", crate::http::OPENAPI_JSON] {
        table = table.with(page, &[Method::GET]);
    }
    let feed_page = FeedPage::new();
    table = feed_page.tell(table);
    Ok(Finished {
        services,
        pages,
        feed_page,
        table: web::Data::new(table),
    })
}

impl Finished {
    /// An app for one worker.
    pub fn app(
        &self,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<impl MessageBody + use<>>,
            Error = Error,
            InitError = (),
        > + use<>,
    > {
        let services = self.services.clone();
        let pages = self.pages.clone();
        let feed_page = self.feed_page.clone();
        let (app, _) = routes!(App::new().into_utoipa_app()).split_for_parts();
        app.configure(configure_errors)
            .app_data(self.table.clone())
            .app_data(BodyLimits {
                max_bytes: services.body_bytes,
                timeout: services.body_timeout,
            })
            .app_data(ImportLimit(services.import_bytes))
            .app_data(TrustedProxies {
                networks: services.trusted_proxies.clone(),
                header: ForwardedBy::XForwardedFor,
            })
            .app_data(web::Data::from(services.accounts.clone()))
            .app_data(web::Data::from(services.sessions.clone()))
            .app_data(web::Data::from(services.products.clone()))
            .app_data(web::Data::from(services.outfits.clone()))
            .app_data(web::Data::from(services.feed.clone()))
            .app_data(web::Data::from(services.hearts.clone()))
            .app_data(web::Data::from(services.activity.clone()))
            .app_data(web::Data::from(services.looks.clone()))
            .app_data(web::Data::from(services.mind.clone()))
            .app_data(web::Data::from(services.guests.clone()))
            .app_data(web::Data::from(services.guest_merge.clone()))
            .app_data(web::Data::from(services.cookies.clone()))
            .app_data(web::Data::new(services.cookie_settings.clone()))
            .app_data(web::Data::new(FrontEnd(services.frontend_origin.clone())))
            .app_data(web::Data::from(services.guard.clone()))
            .app_data(web::Data::from(services.tokens.clone()))
            .configure(|config| pages.configure(config))
            .configure(|config| feed_page.configure(config))
            .default_service(web::to(unmatched))
            .wrap(from_fn(introduce))
            .wrap(from_fn(see_through))
            .wrap(from_fn(problems))
            .wrap(from_fn(methods))
            .wrap(cors(
                services.frontend_origin.as_deref(),
                services.strict_cors,
            ))
            .wrap(from_fn(credentials_for_the_front_end))
            .wrap(Compress::default())
            .wrap(from_fn(identify))
    }
}
