//! Routes that programs call with an API key.

use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::signed::Signed;
use crate::http::{Problem, SignatureProblems, Speak};
use crate::user::ByType;

/// On whose behalf a program calls.
#[derive(Serialize, ToSchema)]
pub(crate) struct OnBehalfOf {
    /// The address of the account whose key it is.
    your_email: Option<String>,
}

fn answer(signed: &Signed) -> HttpResponse {
    let email = signed.caller.user.email.as_ref();
    HttpResponse::Ok().json(OnBehalfOf {
        your_email: email.map(|email| email.as_str().to_owned()),
    })
}

/// Whether my program signs rightly
///
/// Answers to whoever signs as `docs/SIGNING.md` tells. Every route under `/api/v1/services` wants that.
#[utoipa::path(
    tag = "services",
    responses((status = 200, body = OnBehalfOf), SignatureProblems)
)]
#[get("/api/v1/services", wrap = "Speak(&ByType)")]
pub(crate) async fn signing_works(signed: Signed) -> Result<HttpResponse, Problem> {
    Ok(answer(&signed))
}

/// Whether my program signs rightly, at the address of before
#[utoipa::path(
    tag = "services",
    responses((status = 200, body = OnBehalfOf), SignatureProblems)
)]
#[get("/api/services", wrap = "Speak(&ByType)")]
pub(crate) async fn signing_works_old(signed: Signed) -> Result<HttpResponse, Problem> {
    Ok(answer(&signed))
}
