//! All routes, and what stands around them.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error, web};
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa_actix_web::AppExt;

use crate::built_in_page::BuiltInPage;
use crate::chat_page::chat_page;
use crate::cors::{FrontEnd, cors, credentials_for_the_front_end};
use crate::feed_page::feed_page;
use crate::http::{
    BodyLimits, ForwardedBy, InFlight, Pages, Pressure, RouteTable, SWAGGER_FILES, StrictTransport,
    Traffic, TrustedProxies, add_shared_schemas, configure_errors, count_in_flight, farewell,
    harden, identify, methods, problems, see_through, shed, unmatched,
};
use crate::identity::introduce;
use crate::limited::{document_limits, limited};
use crate::once::{OnceRoutes, document_once, once};
use crate::persona::{FrontEndAddress, UploadPlaces};
use crate::product::ImportLimit;
use crate::routes::routes;
use crate::services::Services;
use crate::user::FrontEndUrl;
use crate::{chat, notification};

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
    document_once(&mut document);
    document_limits(&mut document);
    notification::document_signatures(&mut document);
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

const DESCRIPTION: &str = "A backend for social fashion apps: accounts, a product catalogue, an outfit feed that learns taste, AI personas, friends and messages, notifications.\n\n\
    Ids are 64-bit numbers written as strings. Errors are RFC 9457 problem documents with a stable \
    `code`; their texts follow `Accept-Language` (`en`, `ko`). Lists answer `items` and `next_cursor`.";

/// The parts of the app that are made once.
#[derive(Clone)]
pub struct Finished {
    services: Services,
    pages: Pages,
    built_in: [BuiltInPage; 2],
    upload_places: web::Data<UploadPlaces>,
    once_routes: web::Data<OnceRoutes>,
    table: web::Data<RouteTable>,
    traffic: Option<web::Data<Traffic>>,
    in_flight: Option<web::Data<InFlight>>,
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
    let built_in = [feed_page(), chat_page()];
    table = built_in.iter().fold(table, |table, page| page.tell(table));
    Ok(Finished {
        services,
        pages,
        built_in,
        upload_places: web::Data::new(UploadPlaces::default()),
        once_routes: web::Data::new(OnceRoutes::of(&document)),
        table: web::Data::new(table),
        traffic: None,
        in_flight: None,
    })
}

impl Finished {
    /// Counts requests from now on; where the counts are.
    pub fn count(&mut self) -> Arc<Traffic> {
        let templates = self.table.templates().chain([SWAGGER_FILES]);
        let traffic = Arc::new(Traffic::new(templates));
        self.traffic = Some(web::Data::from(traffic.clone()));
        traffic
    }

    /// Watches from now on what is being answered; where to ask.
    pub fn watch(&mut self) -> Arc<InFlight> {
        let in_flight = Arc::new(InFlight::default());
        self.in_flight = Some(web::Data::from(in_flight.clone()));
        in_flight
    }

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
        let built_in = self.built_in.clone();
        let (traffic, in_flight) = (self.traffic.clone(), self.in_flight.clone());
        let (app, _) = routes!(App::new().into_utoipa_app()).split_for_parts();
        app.configure(configure_errors)
            .configure(|config| {
                if let Some(traffic) = traffic {
                    config.app_data(traffic);
                }
                if let Some(in_flight) = in_flight {
                    config.app_data(in_flight);
                }
                if let Some(lasting) = services.hsts {
                    config.app_data(web::Data::new(StrictTransport::lasting(lasting)));
                }
                if let Some(requests) = services.requests.clone() {
                    config.app_data(web::Data::from(requests));
                }
            })
            .app_data(web::Data::from(services.gate.clone()))
            .app_data(Pressure::watched())
            .app_data(self.table.clone())
            .app_data(BodyLimits {
                max_bytes: services.body_bytes,
                timeout: services.body_timeout,
            })
            .app_data(ImportLimit(services.import_bytes))
            .app_data(self.upload_places.clone())
            .app_data(self.once_routes.clone())
            .app_data(TrustedProxies {
                networks: services.trusted_proxies.clone(),
                header: ForwardedBy::XForwardedFor,
            })
            .app_data(web::Data::from(services.accounts.clone()))
            .app_data(web::Data::from(services.sessions.clone()))
            .app_data(web::Data::from(services.social.clone()))
            .app_data(web::Data::from(services.identities.clone()))
            .app_data(web::Data::new(FrontEndUrl(services.frontend_url.clone())))
            .app_data(web::Data::from(services.email_accounts.clone()))
            .app_data(web::Data::from(services.email_addresses.clone()))
            .app_data(web::Data::from(services.password_resets.clone()))
            .app_data(web::Data::from(services.products.clone()))
            .app_data(web::Data::from(services.outfits.clone()))
            .app_data(web::Data::from(services.feed.clone()))
            .app_data(web::Data::from(services.hearts.clone()))
            .app_data(web::Data::from(services.activity.clone()))
            .app_data(web::Data::from(services.looks.clone()))
            .app_data(web::Data::from(services.media.clone()))
            .app_data(web::Data::from(services.portraits.clone()))
            .app_data(web::Data::from(services.personas.clone()))
            .app_data(web::Data::from(services.instagram.clone()))
            .app_data(web::Data::new(FrontEndAddress(
                services.frontend_url.clone(),
            )))
            .app_data(web::Data::from(services.health.clone()))
            .app_data(web::Data::from(services.departure.clone()))
            .app_data(web::Data::from(services.friends.clone()))
            .app_data(web::Data::from(services.messages.clone()))
            .app_data(web::Data::from(services.conversations.clone()))
            .app_data(web::Data::new(chat::Desk {
                settings: services.chat_settings,
                guard: services.guard.clone(),
                hub: services.hub.clone(),
                friends: services.friends.clone(),
                messages: services.messages.clone(),
                moments: services.moments.clone(),
                conversations: services.conversations.clone(),
            }))
            .app_data(web::Data::from(services.api_keys.clone()))
            .app_data(web::Data::from(services.signed_calls.clone()))
            .app_data(web::Data::from(services.sending.clone()))
            .app_data(web::Data::from(services.subscriptions.clone()))
            .app_data(web::Data::from(services.once.clone()))
            .app_data(web::Data::from(services.guests.clone()))
            .app_data(web::Data::from(services.cookies.clone()))
            .app_data(web::Data::new(services.cookie_settings.clone()))
            .app_data(web::Data::new(FrontEnd {
                origin: services.frontend_origin.clone(),
                strict: services.strict_cors,
            }))
            .app_data(web::Data::from(services.guard.clone()))
            .app_data(web::Data::from(services.tokens.clone()))
            .configure(|config| pages.configure(config))
            .configure(|config| {
                for page in built_in {
                    page.configure(config);
                }
            })
            .default_service(web::to(unmatched))
            .wrap(from_fn(once))
            .wrap(from_fn(introduce))
            .wrap(from_fn(shed))
            .wrap(from_fn(see_through))
            .wrap(from_fn(limited))
            .wrap(from_fn(problems))
            .wrap(from_fn(methods))
            .wrap(cors(
                services.frontend_origin.as_deref(),
                services.strict_cors,
            ))
            .wrap(from_fn(credentials_for_the_front_end))
            .wrap(Compress::default())
            .wrap(from_fn(harden))
            .wrap(from_fn(farewell))
            .wrap(from_fn(identify))
            .wrap(from_fn(count_in_flight))
    }
}
