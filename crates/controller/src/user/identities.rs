//! Routes of the accounts elsewhere that open one's own account.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpResponse, delete, get, post, web};
use chrono::{DateTime, Utc};
use domain::user::{FrontEndPath, Identity, Provider};
use serde::{Deserialize, Serialize};
use service::user::{IdentityService, LinkedIdentity};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::dto::Proof;
use super::proof::LinkBody;
use super::social::OfProvider;
use crate::http::{
    AuthProblems, BodyProblems, ConfirmationProblems, LinkProblems, MaybeValid, Problem,
    ProviderProblems, ThrottleProblems, Valid, ValidQuery,
};
use crate::identity::{CookieSettings, SignedIn, SignedInWith};
use crate::rules;

type Identities = web::Data<dyn IdentityService>;

/// An account elsewhere that opens this one.
#[derive(Serialize, ToSchema)]
#[schema(as = Identity)]
pub(crate) struct IdentityDto {
    /// `kakao`, `google` or `naver`.
    #[schema(example = "kakao")]
    provider: &'static str,
    /// The address the provider knows its owner by.
    email: Option<String>,
    /// Whether the provider proved it.
    email_verified: bool,
    linked_at: DateTime<Utc>,
    last_used_at: DateTime<Utc>,
    /// Whether that address belongs to another account: sign in there and link this one, if it is yours.
    #[serde(skip_serializing_if = "Option::is_none")]
    email_elsewhere: Option<bool>,
}

impl From<&Identity> for IdentityDto {
    fn from(identity: &Identity) -> Self {
        Self {
            provider: identity.provider.as_str(),
            email: identity.email.as_ref().map(|email| email.as_str().into()),
            email_verified: identity.email_verified,
            linked_at: identity.created_at,
            last_used_at: identity.last_used_at,
            email_elsewhere: None,
        }
    }
}

impl From<&LinkedIdentity> for IdentityDto {
    fn from(linked: &LinkedIdentity) -> Self {
        Self {
            email_elsewhere: Some(linked.email_elsewhere),
            ..Self::from(&linked.identity)
        }
    }
}

/// The accounts elsewhere that open this one.
#[derive(Serialize, ToSchema)]
pub(crate) struct Linked {
    items: Vec<IdentityDto>,
    next_cursor: Option<String>,
}

/// Where to send the browser.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkBegun {
    /// Go there in this browser; it comes back to the front end.
    authorization_url: String,
}

/// The accounts elsewhere that open mine
#[utoipa::path(
    tag = "social login",
    responses((status = 200, body = Linked), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/users/me/identities")]
pub(crate) async fn list_identities(
    who: SignedIn,
    identities: Identities,
) -> Result<HttpResponse, Problem> {
    let linked = identities.list(who.user_id).await?;
    Ok(HttpResponse::Ok().json(Linked {
        items: linked.iter().map(Into::into).collect(),
        next_cursor: None,
    }))
}

/// Links an account elsewhere to mine
///
/// With what the provider gave to the app: 201, or 200 where it was linked already. Without: 200 with the address to send the
/// browser to, which comes back to `return_to`. Needs the password; an account without one needs a sign-in less than five
/// minutes old. Otherwise 403 `confirmation_required`.
#[utoipa::path(
    tag = "social login",
    request_body = LinkBody,
    responses(
        (status = 200, description = "Where to send the browser", body = LinkBegun),
        (status = 201, description = "Linked", body = IdentityDto),
        BodyProblems,
        AuthProblems,
        ConfirmationProblems,
        LinkProblems,
        ProviderProblems,
        ThrottleProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/users/me/identities")]
pub(crate) async fn link_identity(
    SignedInWith(who, body): SignedInWith<Valid<LinkBody>>,
    identities: Identities,
    settings: web::Data<CookieSettings>,
) -> Result<HttpResponse, Problem> {
    let mut body = body.0;
    let provider = named(body.provider.as_deref())?;
    let password = body.password.take().map(Into::into);
    let return_to = body.return_to.take();
    if let Some(proof) = body.into_proof() {
        let (identity, is_new) = identities.link(who, provider, proof, password).await?;
        let mut response = if is_new {
            HttpResponse::Created()
        } else {
            HttpResponse::Ok()
        };
        return Ok(response.json(IdentityDto::from(&identity)));
    }
    let return_to = return_to.and_then(|path| FrontEndPath::parse(&path).ok());
    let begun = identities
        .begin_link(who, provider, return_to, password)
        .await?;
    Ok(HttpResponse::Ok()
        .cookie(settings.flow(provider.as_str(), begun.kept, begun.lifetime))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .json(LinkBegun {
            authorization_url: begun.url,
        }))
}

fn named(provider: Option<&str>) -> Result<Provider, Problem> {
    let provider = provider.and_then(|name| Provider::parse(name).ok());
    provider.ok_or_else(|| Problem::internal("a validated provider is none"))
}

/// Which one.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnlinkQuery {
    /// `kakao`, `google` or `naver`.
    #[validate(required, custom(function = "rules::provider"))]
    #[param(required, nullable = false)]
    provider: Option<String>,
}

/// Unlinks an account elsewhere from mine
///
/// As with its name in the path.
#[utoipa::path(
    tag = "social login",
    params(UnlinkQuery),
    request_body = Proof,
    responses(
        (status = 204, description = "Unlinked"),
        BodyProblems,
        AuthProblems,
        ConfirmationProblems,
        LinkProblems,
        ThrottleProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/users/me/identities")]
pub(crate) async fn unlink_by_query(
    SignedInWith(who, asked): SignedInWith<(ValidQuery<UnlinkQuery>, MaybeValid<Proof>)>,
    identities: Identities,
) -> Result<HttpResponse, Problem> {
    let (query, body) = asked;
    let provider = named(query.0.provider.as_deref())?;
    let password = body.0.and_then(|proof| proof.password).map(Into::into);
    identities.unlink(who, provider, password).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Unlinks an account elsewhere from mine
///
/// Any but the last way in (409 `last_way_in`). Needs the password; an account without one needs a sign-in less than five minutes
/// old. Otherwise 403 `confirmation_required`.
#[utoipa::path(
    tag = "social login",
    params(("provider" = String, Path, description = "`kakao`, `google` or `naver`")),
    request_body = Proof,
    responses(
        (status = 204, description = "Unlinked"),
        BodyProblems,
        AuthProblems,
        ConfirmationProblems,
        LinkProblems,
        ThrottleProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/users/me/identities/{provider}")]
pub(crate) async fn unlink_identity(
    SignedInWith(who, asked): SignedInWith<(OfProvider, MaybeValid<Proof>)>,
    identities: Identities,
) -> Result<HttpResponse, Problem> {
    let (provider, body) = asked;
    let password = body.0.and_then(|proof| proof.password).map(Into::into);
    identities.unlink(who, provider.0, password).await?;
    Ok(HttpResponse::NoContent().finish())
}
