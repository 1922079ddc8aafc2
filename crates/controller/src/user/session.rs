//! Routes of signing in and out.

use actix_web::http::header::{CACHE_CONTROL, CLEAR_SITE_DATA, HeaderName, HeaderValue};
use actix_web::{HttpResponse, delete, get, post, web};
use service::user::SessionService;

use super::dto::{RefreshBody, SessionDto, Sessions, SignInBody, Tokens};
use crate::http::{
    AuthProblems, BodyProblems, Code, LookupProblems, Named, PathId, Problem, RefreshProblems,
    SignInProblems, ThrottleProblems, Valid,
};
use crate::identity::{Arriving, SignedIn, SignedInWith};

type SessionsOf = web::Data<dyn SessionService>;

/// With a session goes what the browser kept of its answers, those with an `ETag`. Cookies are removed by name, and
/// what a front end of the same origin stores is its own.
pub(super) const FORGET_ANSWERS: (HeaderName, HeaderValue) =
    (CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\""));

/// Signs in
///
/// A wrong password and an unknown account answer alike: 401 `invalid_credentials`. What the client did as a guest
/// (session cookie, or `guest_id` in the query) becomes the member's; `moved` says how much that was.
#[utoipa::path(
    tag = "sessions",
    request_body = SignInBody,
    responses((status = 200, body = Tokens), BodyProblems, SignInProblems, ThrottleProblems)
)]
#[post("/api/v1/users/sign-in")]
pub(crate) async fn sign_in(
    arriving: Arriving,
    sessions: SessionsOf,
    body: Valid<SignInBody>,
) -> Result<HttpResponse, Problem> {
    let identifier = body
        .0
        .identifier()
        .ok_or_else(|| Problem::new(Code::InvalidCredentials))?;
    let password = body.0.password.unwrap_or_default().into();
    let admitted = sessions.sign_in(&identifier, &password, arriving.0).await?;
    Ok(answer(admitted.into()))
}

/// The next pair of tokens
///
/// A refresh token works once. One that is used again ends its session: somebody holds a copy.
#[utoipa::path(
    tag = "sessions",
    request_body = RefreshBody,
    responses((status = 200, body = Tokens), BodyProblems, RefreshProblems)
)]
#[post("/api/v1/auth/refresh")]
pub(crate) async fn refresh(
    sessions: SessionsOf,
    body: Valid<RefreshBody>,
) -> Result<HttpResponse, Problem> {
    let token = body.0.refresh_token.unwrap_or_default().into();
    let pair = sessions.refresh(&token).await?;
    Ok(answer(pair.into()))
}

/// Tokens are for their owner's eyes, not for a cache's (RFC 6749, 5.1).
fn answer(tokens: Tokens) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .json(tokens)
}

/// Signs out
///
/// The access token is dead from that moment on every node, the refresh token too.
#[utoipa::path(
    tag = "sessions",
    responses((status = 204, description = "Signed out"), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/users/sign-out")]
pub(crate) async fn sign_out(who: SignedIn, sessions: SessionsOf) -> Result<HttpResponse, Problem> {
    sessions.sign_out(who.0).await?;
    Ok(HttpResponse::NoContent()
        .insert_header(FORGET_ANSWERS)
        .finish())
}

/// My sessions, the latest used first
#[utoipa::path(
    tag = "sessions",
    responses((status = 200, body = Sessions), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/users/me/sessions")]
pub(crate) async fn list_sessions(
    who: SignedIn,
    sessions: SessionsOf,
) -> Result<HttpResponse, Problem> {
    let living = sessions.list(who.user_id).await?;
    let items = living
        .iter()
        .map(|one| SessionDto::new(one, who.session_id))
        .collect();
    Ok(HttpResponse::Ok().json(Sessions {
        items,
        next_cursor: None,
    }))
}

/// Signs out everywhere but here
#[utoipa::path(
    tag = "sessions",
    responses((status = 204, description = "All other sessions ended"), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/users/me/sessions")]
pub(crate) async fn end_sessions(
    who: SignedIn,
    sessions: SessionsOf,
) -> Result<HttpResponse, Problem> {
    sessions.end_all(who.user_id, Some(who.session_id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A session's id in the path.
pub(crate) struct OfSession;

impl Named for OfSession {
    const NOT_FOUND: Code = Code::SessionNotFound;
}

/// Ends one of my sessions
#[utoipa::path(
    tag = "sessions",
    params(("session_id" = String, Path, description = "The session's id")),
    responses((status = 204, description = "It ended"), AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/users/me/sessions/{session_id}")]
pub(crate) async fn end_session(
    SignedInWith(who, id): SignedInWith<PathId<OfSession>>,
    sessions: SessionsOf,
) -> Result<HttpResponse, Problem> {
    if sessions.end(who.user_id, id.get().into()).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::new(Code::SessionNotFound))
    }
}
