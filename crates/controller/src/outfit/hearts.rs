//! Hearts under `/api/v1`.

use actix_web::{HttpResponse, delete, get, put, web};
use service::outfit::HeartService;

use super::dto::{OutfitDto, OutfitsDto};
use super::feed::OfOutfit;
use super::query::PageQuery;
use crate::http::{AuthProblems, LookupProblems, PageProblems, PathId, Problem, ValidQuery};
use crate::identity::PersonWith;

/// Hearts an outfit
///
/// Hearting it again changes nothing.
#[utoipa::path(
    tag = "outfits",
    params(("outfit_id" = String, Path, description = "The outfit's id")),
    responses((status = 204, description = "It is hearted"), AuthProblems, LookupProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[put("/api/v1/outfits/{outfit_id}/heart")]
pub(crate) async fn heart(
    PersonWith(person, id): PersonWith<PathId<OfOutfit>>,
    hearts: web::Data<dyn HeartService>,
) -> Result<HttpResponse, Problem> {
    hearts.set(person.0, id.get().into(), true).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes a heart back
#[utoipa::path(
    tag = "outfits",
    params(("outfit_id" = String, Path, description = "The outfit's id")),
    responses((status = 204, description = "It is not hearted"), AuthProblems, LookupProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/outfits/{outfit_id}/heart")]
pub(crate) async fn unheart(
    PersonWith(person, id): PersonWith<PathId<OfOutfit>>,
    hearts: web::Data<dyn HeartService>,
) -> Result<HttpResponse, Problem> {
    hearts.set(person.0, id.get().into(), false).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// My collection, the newest heart first
#[utoipa::path(
    tag = "outfits",
    params(PageQuery),
    responses((status = 200, body = OutfitsDto), PageProblems, AuthProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/outfits/hearted")]
pub(crate) async fn collection(
    PersonWith(person, query): PersonWith<ValidQuery<PageQuery>>,
    hearts: web::Data<dyn HeartService>,
) -> Result<HttpResponse, Problem> {
    let offset = query.0.offset()?;
    let page = hearts
        .collection(person.0, offset, query.0.count().into())
        .await?;
    Ok(HttpResponse::Ok().json(OutfitsDto {
        items: page
            .outfits
            .iter()
            .map(|outfit| OutfitDto::new(outfit, true))
            .collect(),
        next_cursor: query.0.next(offset, page.is_last),
    }))
}
