//! The documentation pages: Swagger UI, Redoc and the document that both show. All of it works without the internet.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION},
    middleware::DefaultHeaders,
    web::{self, ServiceConfig},
};
use aide::redoc::Redoc;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::asset::Asset;

/// Where the document is.
pub const OPENAPI_JSON: &str = "/openapi.json";

/// The template of Swagger UI's files, which the document does not tell of.
pub(crate) const SWAGGER_FILES: &str = "/docs/{_:.*}";

/// Swagger UI loads its scripts as files, but styles its icons inline.
const SWAGGER_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'";

/// Redoc is one page with its script inside, which starts a worker from a blob. The page holds nothing that a client
/// sent, so its inline script needs no guard.
const REDOC_POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
     worker-src blob:; child-src blob:; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The pages, made once and shared by all workers.
#[derive(Debug, Clone)]
pub struct Pages {
    document: Asset,
    redoc: Asset,
}

impl Pages {
    /// Makes the pages for a document.
    ///
    /// # Errors
    /// When the document cannot be serialised.
    pub fn new(document: &OpenApi) -> Result<Self, serde_json::Error> {
        let json = serde_json::to_vec(document)?;
        // aide puts the title into the page as it is.
        let title: String = document
            .info
            .title
            .chars()
            .filter(|sign| !"<>&".contains(*sign))
            .collect();
        let redoc = Redoc::new(OPENAPI_JSON).with_title(&title).html();
        Ok(Self {
            document: Asset::new(json, "application/json", None),
            redoc: Asset::new(redoc, "text/html; charset=utf-8", Some(REDOC_POLICY)),
        })
    }

    /// Adds `/openapi.json`, `/docs` (a redirect), `/docs/` and `/redoc`; for `App::configure`.
    pub fn configure(self, config: &mut ServiceConfig) {
        let swagger = SwaggerUi::new("/{_:.*}").config(Config::new([OPENAPI_JSON]));
        config
            .route(OPENAPI_JSON, served(self.document))
            .route("/redoc", served(self.redoc))
            .route("/docs", web::get().to(to_swagger))
            .service(
                web::scope("/docs")
                    .wrap(
                        DefaultHeaders::new()
                            .add((CONTENT_SECURITY_POLICY, SWAGGER_POLICY))
                            .add((CACHE_CONTROL, "no-cache")),
                    )
                    .service(swagger),
            );
    }
}

/// Swagger UI's relative links need the slash.
async fn to_swagger() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((LOCATION, "/docs/"))
        .finish()
}

fn served(asset: Asset) -> actix_web::Route {
    web::get().to(move |request: HttpRequest| {
        let asset = asset.clone();
        async move { asset.serve(&request).await }
    })
}
