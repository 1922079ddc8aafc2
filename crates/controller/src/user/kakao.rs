//! Routes that only Kakao has: ending what somebody has with us there, from here and from there.

use std::time::Duration;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use domain::RepositoryError;
use domain::user::{Provider, Subject};
use serde::{Deserialize, Serialize};
use service::user::{IdentityError, IdentityService};
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::dto::Proof;
use crate::http::{
    AuthProblems, BodyProblems, Code, ConfirmationProblems, IdText, MaybeValid, Problem,
    ProviderProblems, QueryProblems, ThrottleProblems, ValidForm, ValidQuery,
};
use crate::identity::SignedInWith;

type Identities = web::Data<dyn IdentityService>;

/// Kakao waits for three seconds.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// It is done.
#[derive(Serialize, ToSchema)]
pub(crate) struct Unlinked {
    #[schema(example = true)]
    ok: bool,
    #[schema(example = true)]
    unlinked: bool,
}

/// Ends what I have with this service at Kakao
///
/// Where Kakao is the last way in, all sessions end; signing in with Kakao again opens the same account. Needs the password; an
/// account without one needs a sign-in less than five minutes old. 400 `kakao_not_linked` where there is no Kakao account.
#[utoipa::path(
    tag = "social login",
    request_body = Proof,
    responses(
        (status = 200, body = Unlinked),
        BodyProblems,
        AuthProblems,
        ConfirmationProblems,
        ProviderProblems,
        ThrottleProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/auth/kakao/unlink")]
pub(crate) async fn unlink_kakao(
    SignedInWith(who, body): SignedInWith<MaybeValid<Proof>>,
    identities: Identities,
) -> Result<HttpResponse, Problem> {
    let password = body.0.and_then(|proof| proof.password).map(Into::into);
    let unlinked = identities.unlink_there(who, Provider::Kakao, password);
    match unlinked.await {
        Ok(()) => Ok(HttpResponse::Ok().json(Unlinked {
            ok: true,
            unlinked: true,
        })),
        Err(IdentityError::NotFound) => Err(Problem::new(Code::KakaoNotLinked)),
        Err(error) => Err(error.into()),
    }
}

/// Whom Kakao tells of.
#[derive(Deserialize, Validate, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnlinkedBody {
    /// Our application there.
    #[serde(rename = "app_id")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    _app_id: Option<IdText>,
    /// The person there.
    #[validate(required)]
    #[schema(required, nullable = false)]
    #[param(value_type = String)]
    user_id: Option<IdText>,
    /// How it came about.
    #[serde(rename = "referrer_type")]
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>, example = "UNLINK_FROM_APPS")]
    _referrer_type: Option<String>,
}

impl UnlinkedBody {
    /// The number of the person there; there is one in every body that is valid.
    pub(crate) fn person(&self) -> i64 {
        self.user_id.map_or(0, |id| id.0)
    }
}

/// Somebody ended it at Kakao
///
/// Kakao's unlink webhook: `Authorization: KakaoAK …` with the admin key. 200 for people nobody knows, too.
#[utoipa::path(
    tag = "social login",
    request_body(content = UnlinkedBody, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = Unlinked),
        BodyProblems,
        (status = 401, description = "Not the admin key"),
        ProviderProblems,
    )
)]
#[post("/auth/kakao/unlink-webhook")]
pub(crate) async fn kakao_unlinked(
    request: HttpRequest,
    identities: Identities,
    body: Result<ValidForm<UnlinkedBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    must_be_kakao(&request, &identities)?;
    unlinked(&identities, &body?.0).await
}

/// Somebody ended it at Kakao
///
/// As with POST: Kakao's console offers both.
#[utoipa::path(
    tag = "social login",
    params(UnlinkedBody),
    responses(
        (status = 200, body = Unlinked),
        (status = 401, description = "Not the admin key"),
        QueryProblems,
        ProviderProblems,
    )
)]
#[get("/auth/kakao/unlink-webhook")]
pub(crate) async fn kakao_unlinked_by_query(
    request: HttpRequest,
    identities: Identities,
    query: Result<ValidQuery<UnlinkedBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    must_be_kakao(&request, &identities)?;
    unlinked(&identities, &query?.0).await
}

/// # Errors
/// 401 where the request does not show the admin key; 503 where there is none.
fn must_be_kakao(request: &HttpRequest, identities: &Identities) -> Result<(), Problem> {
    let header = request.headers().get(AUTHORIZATION);
    let header = header.and_then(|header| header.to_str().ok());
    let key = header.and_then(|header| header.split_once(' '));
    let key = key.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("KakaoAK"));
    let key = key.map_or("", |(_, key)| key.trim());
    if identities.speaks_for(Provider::Kakao, key)? {
        Ok(())
    } else {
        Err(Problem::new(Code::Unauthenticated))
    }
}

async fn unlinked(identities: &Identities, told: &UnlinkedBody) -> Result<HttpResponse, Problem> {
    let person = told.person().to_string();
    let subject = Subject::parse(&person).map_err(Problem::internal)?;
    let done = timeout(
        PATIENCE,
        identities.unlinked_there(Provider::Kakao, &subject),
    )
    .await;
    // Too slow for Kakao, which comes again: half of it is rolled back.
    done.map_err(|late| RepositoryError::Unavailable(late.into()))??;
    Ok(HttpResponse::Ok().json(Unlinked {
        ok: true,
        unlinked: true,
    }))
}
