//! Routes of one's own API keys. All of them are the owner's only.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder, delete, get, post, put, web};
use domain::notification::{AccessKey, ApiKey};
use secrecy::SecretString;
use service::notification::ApiKeyService;
use service::user::Principal;

use super::dto::{ApiKeyDto, ApiKeyWithSecret, ChangeApiKey, CreateApiKey, Done, RemoveQuery};
use crate::http::{
    AuthProblems, BodyProblems, Code, LookupProblems, MaybeValid, Named, PathId, Problem,
    QueryProblems, Speak, Valid, ValidQuery,
};
use crate::identity::{SignedIn, SignedInWith};
use crate::user::ByType;

pub(super) type Keys = web::Data<dyn ApiKeyService>;

/// A key in the path.
pub(crate) struct OfKey;

impl Named for OfKey {
    const NOT_FOUND: Code = Code::ApiKeyNotFound;
}

/// Nobody but the client keeps a secret.
fn told(mut response: HttpResponseBuilder, made: &(ApiKey, SecretString)) -> HttpResponse {
    response
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .json(ApiKeyWithSecret::new(&made.0, &made.1))
}

async fn create(
    who: Principal,
    body: Option<CreateApiKey>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    let new = body.unwrap_or_default().into_new();
    let made = keys.create(who.user_id, new).await?;
    Ok(told(HttpResponse::Created(), &made))
}

async fn list(who: Principal, keys: Keys) -> Result<HttpResponse, Problem> {
    let found = keys.list(who.user_id).await?;
    let found: Vec<_> = found.iter().map(ApiKeyDto::from).collect();
    Ok(HttpResponse::Ok().json(found))
}

async fn change(
    who: Principal,
    id: PathId<OfKey>,
    body: ChangeApiKey,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    let change = body.into_change();
    let key = keys.change(who.user_id, id.get().into(), change).await?;
    Ok(HttpResponse::Ok().json(ApiKeyDto::from(&key)))
}

async fn remove(
    who: Principal,
    id: PathId<OfKey>,
    query: RemoveQuery,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    let access = AccessKey::parse(&query.access_key.unwrap_or_default());
    // What cannot be a key's name is no key's.
    let access = access.ok_or_else(|| Problem::new(Code::ApiKeyNotFound))?;
    keys.remove(who.user_id, id.get().into(), &access).await?;
    Ok(HttpResponse::Ok().json(Done::OK))
}

/// Makes an API key
///
/// Its secret is in this answer and nowhere else. One too many is refused: 400 `max_key_count`.
#[utoipa::path(
    tag = "API keys",
    request_body = Option<CreateApiKey>,
    responses((status = 201, body = ApiKeyWithSecret), BodyProblems, AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/users/apikeys", wrap = "Speak(&ByType)")]
pub(crate) async fn create_key(
    SignedInWith(who, MaybeValid(body)): SignedInWith<MaybeValid<CreateApiKey>>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    create(who, body, keys).await
}

/// Makes an API key, at the address of before
#[utoipa::path(
    tag = "API keys",
    request_body = Option<CreateApiKey>,
    responses((status = 201, body = ApiKeyWithSecret), BodyProblems, AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/user/apikeys", wrap = "Speak(&ByType)")]
pub(crate) async fn create_key_old(
    SignedInWith(who, MaybeValid(body)): SignedInWith<MaybeValid<CreateApiKey>>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    create(who, body, keys).await
}

/// My API keys, the oldest first
#[utoipa::path(
    tag = "API keys",
    responses((status = 200, body = [ApiKeyDto]), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/users/apikeys", wrap = "Speak(&ByType)")]
pub(crate) async fn list_keys(who: SignedIn, keys: Keys) -> Result<HttpResponse, Problem> {
    list(who.0, keys).await
}

/// My API keys, at the address of before
#[utoipa::path(
    tag = "API keys",
    responses((status = 200, body = [ApiKeyDto]), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/user/apikeys", wrap = "Speak(&ByType)")]
pub(crate) async fn list_keys_old(who: SignedIn, keys: Keys) -> Result<HttpResponse, Problem> {
    list(who.0, keys).await
}

/// Changes one of my API keys
#[utoipa::path(
    tag = "API keys",
    params(("key_id" = String, Path)),
    request_body = ChangeApiKey,
    responses((status = 200, body = ApiKeyDto), BodyProblems, AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[put("/api/v1/users/apikeys/{key_id}", wrap = "Speak(&ByType)")]
pub(crate) async fn change_key(
    SignedInWith(who, (id, Valid(body))): SignedInWith<(PathId<OfKey>, Valid<ChangeApiKey>)>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    change(who, id, body, keys).await
}

/// Changes one of my API keys, at the address of before
#[utoipa::path(
    tag = "API keys",
    params(("key_id" = String, Path)),
    request_body = ChangeApiKey,
    responses((status = 200, body = ApiKeyDto), BodyProblems, AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[put("/api/user/apikeys/{key_id}", wrap = "Speak(&ByType)")]
pub(crate) async fn change_key_old(
    SignedInWith(who, (id, Valid(body))): SignedInWith<(PathId<OfKey>, Valid<ChangeApiKey>)>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    change(who, id, body, keys).await
}

/// Gives one of my API keys a new secret
///
/// The secret before goes on being good for 24 hours, so that programs can change over one after the other.
#[utoipa::path(
    tag = "API keys",
    params(("key_id" = String, Path)),
    responses((status = 200, body = ApiKeyWithSecret), AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/users/apikeys/{key_id}/rotate", wrap = "Speak(&ByType)")]
pub(crate) async fn rotate_key(
    SignedInWith(who, id): SignedInWith<PathId<OfKey>>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    let made = keys.rotate(who.user_id, id.get().into()).await?;
    Ok(told(HttpResponse::Ok(), &made))
}

/// Removes one of my API keys
#[utoipa::path(
    tag = "API keys",
    params(("key_id" = String, Path), RemoveQuery),
    responses((status = 200, body = Done), QueryProblems, AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/users/apikeys/{key_id}", wrap = "Speak(&ByType)")]
pub(crate) async fn remove_key(
    SignedInWith(who, (id, ValidQuery(query))): SignedInWith<(
        PathId<OfKey>,
        ValidQuery<RemoveQuery>,
    )>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    remove(who, id, query, keys).await
}

/// Removes one of my API keys, at the address of before
#[utoipa::path(
    tag = "API keys",
    params(("key_id" = String, Path), RemoveQuery),
    responses((status = 200, body = Done), QueryProblems, AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/user/apikeys/{key_id}", wrap = "Speak(&ByType)")]
pub(crate) async fn remove_key_old(
    SignedInWith(who, (id, ValidQuery(query))): SignedInWith<(
        PathId<OfKey>,
        ValidQuery<RemoveQuery>,
    )>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    remove(who, id, query, keys).await
}
