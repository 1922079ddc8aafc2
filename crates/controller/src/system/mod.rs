//! Routes about the server itself.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use service::outfit::Mind;
use service::user::AccessTokens;
use utoipa::ToSchema;

/// The server is up.
#[derive(Serialize, ToSchema)]
struct Health {
    #[schema(example = "ok")]
    status: &'static str,
    version: &'static str,
}

/// What is here.
#[derive(Serialize, ToSchema)]
struct Welcome {
    message: &'static str,
    docs: &'static str,
    feed: &'static str,
    chat: &'static str,
    openapi: &'static str,
}

/// Says hello
#[utoipa::path(tag = "system", responses((status = 200, body = Welcome)))]
#[get("/")]
pub(crate) async fn welcome() -> HttpResponse {
    HttpResponse::Ok().json(Welcome {
        message: "Welcome to Ensemble",
        docs: "/docs/",
        feed: "/feed",
        chat: "/chat",
        openapi: crate::http::OPENAPI_JSON,
    })
}

/// Whether the server is up
#[utoipa::path(tag = "system", responses((status = 200, body = Health)))]
#[get("/health")]
pub(crate) async fn health() -> HttpResponse {
    HttpResponse::Ok().json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Whether the server is up, in the old clients' words.
#[derive(Serialize, ToSchema)]
struct Healthz {
    ok: bool,
}

/// Whether the server is up, for old clients
#[utoipa::path(tag = "system", responses((status = 200, body = Healthz)))]
#[get("/healthz")]
pub(crate) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(Healthz { ok: true })
}

/// Whether the server does all it can.
#[derive(Serialize, ToSchema)]
struct Readiness {
    /// `ready`, or `degraded`: requests are answered, but less well than they could be.
    #[schema(example = "ready")]
    status: &'static str,
    checks: Checks,
}

/// The parts.
#[derive(Serialize, ToSchema)]
struct Checks {
    /// `ready`, or `learning`: feeds show what is popular until the recommender remembers.
    #[schema(example = "ready")]
    recommender: &'static str,
}

/// Whether the server does all it can
///
/// Degraded is not down: it answers 200 as long as it serves.
#[utoipa::path(tag = "system", responses((status = 200, body = Readiness)))]
#[get("/readyz")]
pub(crate) async fn readyz(mind: web::Data<Mind>) -> HttpResponse {
    let (status, recommender) = if mind.has_caught_up() {
        ("ready", "ready")
    } else {
        ("degraded", "learning")
    };
    HttpResponse::Ok().json(Readiness {
        status,
        checks: Checks { recommender },
    })
}

/// The public keys access tokens can be checked with
///
/// Empty while tokens are signed with a shared secret (HS256).
#[utoipa::path(
    tag = "system",
    responses((status = 200, description = "A JWK set (RFC 7517)", body = Object))
)]
#[get("/.well-known/jwks.json")]
pub(crate) async fn jwks(tokens: web::Data<AccessTokens>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .json(tokens.public_keys())
}
