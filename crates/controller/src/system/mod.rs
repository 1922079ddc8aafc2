//! Routes about the server itself.

mod readiness;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use service::user::AccessTokens;
use utoipa::ToSchema;

pub(crate) use readiness::{health, healthz, livez, readyz};

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
