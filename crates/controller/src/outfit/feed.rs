//! The feed, and what is similar.

use actix_web::{HttpResponse, get, web};
use domain::outfit::OutfitId;
use service::outfit::{FeedService, HeartService};

use super::dto::{FeedDto, OutfitDto, OutfitsDto};
use super::query::{FeedQuery, PageQuery};
use crate::http::{
    AuthProblems, Code, IdText, LookupProblems, Named, PageProblems, PathId, Problem, ValidQuery,
};
use crate::identity::PersonWith;

/// An outfit's id in the path.
pub(crate) struct OfOutfit;

impl Named for OfOutfit {
    const NOT_FOUND: Code = Code::OutfitNotFound;
}

/// A page of my feed
///
/// Without `cursor` a feed is opened. It lives for 30 minutes of use, never shows an outfit twice and leaves none out.
/// Each outfit comes with the reason it is there.
#[utoipa::path(
    tag = "outfits",
    params(FeedQuery),
    responses((status = 200, body = FeedDto), PageProblems, AuthProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/outfits/feed")]
pub(crate) async fn feed_page(
    PersonWith(person, query): PersonWith<ValidQuery<FeedQuery>>,
    feed: web::Data<dyn FeedService>,
) -> Result<HttpResponse, Problem> {
    let query = query.0;
    let page = feed
        .page(person.0, query.start(), query.count(), &query.filter())
        .await?;
    Ok(HttpResponse::Ok().json(FeedDto {
        feed_id: IdText(page.feed.get()),
        items: page.items.iter().map(Into::into).collect(),
        next_cursor: page.next_cursor,
    }))
}

/// Outfits similar to one, the most similar first
///
/// The first page counts as opening the outfit: no `click` has to be reported for it.
#[utoipa::path(
    tag = "outfits",
    params(("outfit_id" = String, Path, description = "The outfit's id"), PageQuery),
    responses((status = 200, body = OutfitsDto), PageProblems, AuthProblems, LookupProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/outfits/{outfit_id}/similar")]
pub(crate) async fn similar(
    PersonWith(person, (id, query)): PersonWith<(PathId<OfOutfit>, ValidQuery<PageQuery>)>,
    feed: web::Data<dyn FeedService>,
    hearts: web::Data<dyn HeartService>,
) -> Result<HttpResponse, Problem> {
    let offset = query.0.offset()?;
    let page = feed
        .similar(person.0, id.get().into(), offset, query.0.count().into())
        .await?;
    let ids: Vec<OutfitId> = page.similar.iter().map(|outfit| outfit.id).collect();
    let liked = hearts.liked(person.0, &ids).await?;
    let items = page
        .similar
        .iter()
        .map(|outfit| OutfitDto::new(outfit, liked.contains(&outfit.id)));
    Ok(HttpResponse::Ok().json(OutfitsDto {
        items: items.collect(),
        next_cursor: query.0.next(offset, page.is_last),
    }))
}
