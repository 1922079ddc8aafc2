//! Routes of an API key's allow-list.

use actix_web::{HttpResponse, delete, get, post, web};
use domain::notification::Network;
use service::user::Principal;

use super::api_keys::{Keys, OfKey};
use super::dto::{AllowBody, AllowedDto, Done};
use crate::http::{
    AuthProblems, BodyProblems, Code, IdText, LookupProblems, PathId, Problem, Speak, Valid,
};
use crate::identity::SignedInWith;
use crate::user::ByType;

async fn add(
    who: Principal,
    id: PathId<OfKey>,
    body: AllowBody,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    let network = Network::parse(&body.ip_addr.unwrap_or_default());
    let network = network.map_err(|_| Problem::new(Code::InvalidIp))?;
    let (entry, is_new) = keys.allow(who.user_id, id.get().into(), network).await?;
    let mut response = if is_new {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    Ok(response.json(AllowedDto::from(&entry)))
}

async fn list(who: Principal, id: PathId<OfKey>, keys: Keys) -> Result<HttpResponse, Problem> {
    let found = keys.allowed(who.user_id, id.get().into()).await?;
    let found: Vec<_> = found.iter().map(AllowedDto::from).collect();
    Ok(HttpResponse::Ok().json(found))
}

async fn remove(
    who: Principal,
    path: web::Path<(String, String)>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    // What cannot be an id names nothing.
    let id = |text: &str, code| text.parse::<IdText>().map_err(|_| Problem::new(code));
    let (key, entry) = path.into_inner();
    let key = id(&key, Code::ApiKeyNotFound)?;
    let entry = id(&entry, Code::WhitelistNotFound)?;
    keys.disallow(who.user_id, key.0.into(), entry.0.into())
        .await?;
    Ok(HttpResponse::Ok().json(Done::OK))
}

/// Allows one of my API keys to be used from an address
///
/// As soon as there is an entry, the key works from nowhere else. 201, or 200 with the entry there is. 400:
/// `invalid_ip`, `max_whitelist_count`.
#[utoipa::path(
    tag = "API keys",
    params(("key_id" = String, Path)),
    request_body = AllowBody,
    responses(
        (status = 200, description = "It was there", body = AllowedDto),
        (status = 201, body = AllowedDto),
        BodyProblems,
        AuthProblems,
        LookupProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/users/apikeys/{key_id}/whitelists", wrap = "Speak(&ByType)")]
pub(crate) async fn allow(
    SignedInWith(who, (id, Valid(body))): SignedInWith<(PathId<OfKey>, Valid<AllowBody>)>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    add(who, id, body, keys).await
}

/// Allows one of my API keys to be used from an address, at the address of before
#[utoipa::path(
    tag = "API keys",
    params(("key_id" = String, Path)),
    request_body = AllowBody,
    responses(
        (status = 200, description = "It was there", body = AllowedDto),
        (status = 201, body = AllowedDto),
        BodyProblems,
        AuthProblems,
        LookupProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/user/apikeys/{key_id}/whitelists", wrap = "Speak(&ByType)")]
pub(crate) async fn allow_old(
    SignedInWith(who, (id, Valid(body))): SignedInWith<(PathId<OfKey>, Valid<AllowBody>)>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    add(who, id, body, keys).await
}

/// From where one of my API keys may be used: anywhere, while the list is empty
#[utoipa::path(
    tag = "API keys",
    params(("key_id" = String, Path)),
    responses((status = 200, body = [AllowedDto]), AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/users/apikeys/{key_id}/whitelists", wrap = "Speak(&ByType)")]
pub(crate) async fn list_allowed(
    SignedInWith(who, id): SignedInWith<PathId<OfKey>>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    list(who, id, keys).await
}

/// From where one of my API keys may be used, at the address of before
#[utoipa::path(
    tag = "API keys",
    params(("key_id" = String, Path)),
    responses((status = 200, body = [AllowedDto]), AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/user/apikeys/{key_id}/whitelists", wrap = "Speak(&ByType)")]
pub(crate) async fn list_allowed_old(
    SignedInWith(who, id): SignedInWith<PathId<OfKey>>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    list(who, id, keys).await
}

/// Takes an address off the list of one of my API keys
#[utoipa::path(
    tag = "API keys",
    params(("key_id" = String, Path), ("list_id" = String, Path)),
    responses((status = 200, body = Done), AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete(
    "/api/v1/users/apikeys/{key_id}/whitelists/{list_id}",
    wrap = "Speak(&ByType)"
)]
pub(crate) async fn disallow(
    SignedInWith(who, path): SignedInWith<web::Path<(String, String)>>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    remove(who, path, keys).await
}

/// Takes an address off the list of one of my API keys, at the address of before
#[utoipa::path(
    tag = "API keys",
    params(("key_id" = String, Path), ("list_id" = String, Path)),
    responses((status = 200, body = Done), AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete(
    "/api/user/apikeys/{key_id}/whitelists/{list_id}",
    wrap = "Speak(&ByType)"
)]
pub(crate) async fn disallow_old(
    SignedInWith(who, path): SignedInWith<web::Path<(String, String)>>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    remove(who, path, keys).await
}
