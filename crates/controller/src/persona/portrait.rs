//! Portraits, for everybody.

use actix_web::{HttpResponse, post, web};
use service::persona::PortraitService;

use super::portrait_dto::{PortraitBody, PortraitDto};
use crate::http::{
    AuthProblems, BodyProblems, ClientAddress, DrawingProblems, Problem, ThrottleProblems, Valid,
};
use crate::identity::Visitor;

/// Draws a portrait
///
/// By the portrait service where one is configured and answers in time, else here: the same words then always give
/// the same picture. Needs no signing in; who is signed in finds it among their pictures.
#[utoipa::path(
    tag = "media",
    request_body = PortraitBody,
    responses(
        (status = 200, body = PortraitDto),
        BodyProblems,
        AuthProblems,
        ThrottleProblems,
        DrawingProblems,
    )
)]
#[post("/api/images")]
pub(crate) async fn draw_portrait(
    visitor: Visitor,
    body: Valid<PortraitBody>,
    ClientAddress(from): ClientAddress,
    portraits: web::Data<dyn PortraitService>,
) -> Result<HttpResponse, Problem> {
    let request = body.0.into_request()?;
    let member = match visitor {
        Visitor::Member(principal) => Some(principal.user_id),
        Visitor::Guest(_) | Visitor::Stranger => None,
    };
    let portrait = portraits
        .draw(visitor.person(), member, Some(from), &request)
        .await?;
    Ok(HttpResponse::Ok().json(PortraitDto {
        ok: true,
        image: portrait.image,
        url: portrait.url,
        fallback: portrait.is_fallback,
    }))
}
