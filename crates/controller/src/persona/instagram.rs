//! Linking a persona with an Instagram account. Errors repeat their code as `detail`.

use std::collections::BTreeMap;

use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpResponse, get, post, web};
use service::persona::InstagramService;
use utoipa::IntoResponses;
use utoipa::openapi::{RefOr, Response};

use super::instagram_dto::{
    AccountDto, AccountsDto, CallbackQuery, LinkBody, MappingDto, PersonaQuery,
};
use super::persona_problem::CodeAsDetail;
use crate::done::{Done, done};
use crate::http::{
    AuthProblems, BodyProblems, MaybeValid, Problem, QueryProblems, Speak, ValidQuery,
    problem_response,
};
use crate::identity::{SignedInWith, Visitor};

type Instagram = web::Data<dyn InstagramService>;

/// Where the front end is, without a slash at its end; app data.
#[derive(Clone, Debug)]
pub(crate) struct FrontEndAddress(pub(crate) String);

/// Refusals of routes that name a persona.
struct PersonaProblems;

impl IntoResponses for PersonaProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [
            ("400", "`persona_num_required`: say which persona"),
            (
                "401",
                "`unauthenticated`, `invalid_token`; `persona_oauth_required`: connect this persona (again)",
            ),
            ("404", "`persona_not_found`"),
        ]
        .map(|(status, text)| (status.to_owned(), problem_response(text)))
        .into()
    }
}

/// Refusals of routes that ask Meta.
struct UpstreamProblems;

impl IntoResponses for UpstreamProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [
            ("502", "`upstream_failed`: Meta gave no usable answer"),
            (
                "503",
                "`provider_not_configured`: this server has no app at Meta",
            ),
            ("504", "`upstream_timeout`: Meta did not answer in time"),
        ]
        .map(|(status, text)| (status.to_owned(), problem_response(text)))
        .into()
    }
}

/// Goes somewhere else; where depends on who asks, so that nobody keeps it.
fn see(address: String) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((LOCATION, address))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}

/// Sends the browser to Meta, for the consent to be given
///
/// Without a persona the callback will refuse.
#[utoipa::path(
    tag = "instagram",
    params(PersonaQuery),
    responses(
        (status = 302, description = "To Meta's dialog"),
        QueryProblems,
        AuthProblems,
        PersonaProblems,
        UpstreamProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/oauth/instagram/start", wrap = "Speak(&CodeAsDetail)")]
pub(crate) async fn start(
    SignedInWith(who, query): SignedInWith<ValidQuery<PersonaQuery>>,
    instagram: Instagram,
) -> Result<HttpResponse, Problem> {
    Ok(see(instagram.start(who, query.0.which()).await?))
}

/// Where Meta sends the browser back to
///
/// The state is good once, for ten minutes, for the session it was made for. 400 `state_invalid`,
/// `persona_required`, `code_missing`; 502 where the code did not become a token.
#[utoipa::path(
    tag = "instagram",
    params(CallbackQuery),
    responses(
        (status = 302, description = "To `/mypage?ig=connected` of the front end"),
        (status = 400, description = "`state_invalid`, `persona_required`, `code_missing`"),
        QueryProblems,
        UpstreamProblems,
    ),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[get("/oauth/instagram/callback", wrap = "Speak(&CodeAsDetail)")]
pub(crate) async fn callback(
    visitor: Visitor,
    query: ValidQuery<CallbackQuery>,
    instagram: Instagram,
    front_end: web::Data<FrontEndAddress>,
) -> Result<HttpResponse, Problem> {
    let principal = match visitor {
        Visitor::Member(principal) => Some(principal),
        Visitor::Guest(_) | Visitor::Stranger => None,
    };
    instagram.finish(principal, query.0.into()).await?;
    Ok(see(format!("{}/mypage?ig=connected", front_end.0)))
}

/// The Instagram accounts that a persona's token may act for
#[utoipa::path(
    tag = "instagram",
    params(PersonaQuery),
    responses(
        (status = 200, body = AccountsDto),
        QueryProblems,
        AuthProblems,
        PersonaProblems,
        UpstreamProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/oauth/instagram/accounts", wrap = "Speak(&CodeAsDetail)")]
pub(crate) async fn accounts(
    SignedInWith(who, query): SignedInWith<ValidQuery<PersonaQuery>>,
    instagram: Instagram,
) -> Result<HttpResponse, Problem> {
    let found = instagram.accounts(who.user_id, query.0.which()).await?;
    Ok(HttpResponse::Ok().json(AccountsDto {
        ok: true,
        items: found.iter().map(AccountDto::from).collect(),
    }))
}

/// Links a persona with one of these accounts
#[utoipa::path(
    tag = "instagram",
    params(LinkBody),
    request_body = Option<LinkBody>,
    responses((status = 200, body = Done), BodyProblems, AuthProblems, PersonaProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/oauth/instagram/link", wrap = "Speak(&CodeAsDetail)")]
pub(crate) async fn link(
    SignedInWith(who, (query, body)): SignedInWith<(ValidQuery<LinkBody>, MaybeValid<LinkBody>)>,
    instagram: Instagram,
) -> Result<HttpResponse, Problem> {
    let chosen = body.0.unwrap_or_default().or(query.0);
    let which = chosen.which();
    let request = chosen.into_request()?;
    instagram.link(who.user_id, which, &request).await?;
    Ok(done())
}

/// Forgets a persona's token and account
///
/// Doing it again changes nothing.
#[utoipa::path(
    tag = "instagram",
    params(PersonaQuery),
    responses((status = 200, body = Done), QueryProblems, AuthProblems, PersonaProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/oauth/instagram/unlink", wrap = "Speak(&CodeAsDetail)")]
pub(crate) async fn unlink(
    SignedInWith(who, query): SignedInWith<ValidQuery<PersonaQuery>>,
    instagram: Instagram,
) -> Result<HttpResponse, Problem> {
    instagram.unlink(who.user_id, query.0.which()).await?;
    Ok(done())
}

/// What a persona is linked with
#[utoipa::path(
    tag = "instagram",
    params(PersonaQuery),
    responses((status = 200, body = MappingDto), QueryProblems, AuthProblems, PersonaProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/oauth/instagram/mapping", wrap = "Speak(&CodeAsDetail)")]
pub(crate) async fn mapping(
    SignedInWith(who, query): SignedInWith<ValidQuery<PersonaQuery>>,
    instagram: Instagram,
) -> Result<HttpResponse, Problem> {
    let mapping = instagram.mapping(who.user_id, query.0.which()).await?;
    Ok(HttpResponse::Ok().json(MappingDto::from(&mapping)))
}
