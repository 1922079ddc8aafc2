//! The routes of the outfit contract, as its clients know them.

use actix_web::{HttpResponse, get, post, put, web};
use domain::outfit::OutfitId;
use serde::{Deserialize, Serialize};
use service::outfit::{
    ActivityService, Deed, FeedFilter, FeedService, FeedStart, HeartService, Report,
};
use utoipa::ToSchema;
use validator::Validate;

use super::dto::OutfitDto;
use super::query::{FlatOutfitQuery, FlatQuery};
use crate::done::{Done, done};
use crate::http::{
    AuthProblems, BodyProblems, IdText, LookupProblems, Problem, QueryProblems, Valid, ValidQuery,
};
use crate::identity::PersonWith;

/// Which outfit.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = WhichOutfit)]
pub(crate) struct WhichOutfit {
    #[validate(required)]
    #[schema(required, nullable = false)]
    outfit_id: Option<IdText>,
}

impl WhichOutfit {
    fn id(&self) -> OutfitId {
        OutfitId::from(self.outfit_id.map_or(0, |id| id.0))
    }
}

/// From which outfit to which.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = SimilarClick)]
pub(crate) struct SimilarClickBody {
    #[validate(required)]
    #[schema(required, nullable = false)]
    base_outfit_id: Option<IdText>,
    #[validate(required)]
    #[schema(required, nullable = false)]
    clicked_outfit_id: Option<IdText>,
}

/// A page of an old route.
#[derive(Serialize, ToSchema)]
#[schema(as = FlatPage)]
pub(crate) struct FlatPage<'a> {
    outfits: Vec<OutfitDto<'a>>,
    pagesize: u16,
    offset: u64,
    is_last: bool,
}

/// Hearts an outfit
#[utoipa::path(
    tag = "outfits (flat)",
    request_body = WhichOutfit,
    responses((status = 200, body = Done), BodyProblems, AuthProblems, LookupProblems)
)]
#[post("/heart")]
pub(crate) async fn give_heart(
    PersonWith(person, body): PersonWith<Valid<WhichOutfit>>,
    hearts: web::Data<dyn HeartService>,
) -> Result<HttpResponse, Problem> {
    hearts.set(person.0, body.0.id(), true).await?;
    Ok(done())
}

/// Takes a heart back
#[utoipa::path(
    tag = "outfits (flat)",
    request_body = WhichOutfit,
    responses((status = 200, body = Done), BodyProblems, AuthProblems, LookupProblems)
)]
#[put("/heart")]
pub(crate) async fn take_heart(
    PersonWith(person, body): PersonWith<Valid<WhichOutfit>>,
    hearts: web::Data<dyn HeartService>,
) -> Result<HttpResponse, Problem> {
    hearts.set(person.0, body.0.id(), false).await?;
    Ok(done())
}

/// My collection, the newest heart first
#[utoipa::path(
    tag = "outfits (flat)",
    params(FlatQuery),
    responses((status = 200, body = FlatPage), QueryProblems, AuthProblems)
)]
#[get("/heart")]
pub(crate) async fn hearted(
    PersonWith(person, query): PersonWith<ValidQuery<FlatQuery>>,
    hearts: web::Data<dyn HeartService>,
) -> Result<HttpResponse, Problem> {
    let (count, offset) = (query.0.count(), query.0.offset());
    let page = hearts.collection(person.0, offset, count.into()).await?;
    Ok(HttpResponse::Ok().json(FlatPage {
        outfits: page
            .outfits
            .iter()
            .map(|outfit| OutfitDto::new(outfit, true))
            .collect(),
        pagesize: count,
        offset,
        is_last: page.is_last,
    }))
}

/// A page of my feed
///
/// `offset=0` opens a feed; growing offsets page through it, never showing an outfit twice.
#[utoipa::path(
    tag = "outfits (flat)",
    params(FlatQuery),
    responses((status = 200, body = FlatPage), QueryProblems, AuthProblems)
)]
#[get("/images")]
pub(crate) async fn images(
    PersonWith(person, query): PersonWith<ValidQuery<FlatQuery>>,
    feed: web::Data<dyn FeedService>,
) -> Result<HttpResponse, Problem> {
    let (count, offset) = (query.0.count(), query.0.offset());
    let everything = FeedFilter::default();
    let page = feed
        .page(
            person.0,
            FeedStart::Offset(offset),
            count.into(),
            &everything,
        )
        .await?;
    let items = page.items.iter();
    Ok(HttpResponse::Ok().json(FlatPage {
        outfits: items
            .map(|item| OutfitDto::new(&item.outfit, item.is_liked))
            .collect(),
        pagesize: count,
        offset,
        is_last: page.is_last,
    }))
}

/// An outfit with what is similar to it.
#[derive(Serialize, ToSchema)]
#[schema(as = FlatOutfitPage)]
pub(crate) struct FlatOutfitPage<'a> {
    outfit: OutfitDto<'a>,
    similar_outfits: Vec<SimilarDto<'a>>,
    pagesize: u16,
    offset: u64,
    is_last: bool,
}

/// A similar outfit.
#[derive(Serialize, ToSchema)]
#[schema(as = SimilarOutfit)]
pub(crate) struct SimilarDto<'a> {
    outfit_id: IdText,
    img_url: &'a str,
}

/// An outfit and a page of what is similar to it
#[utoipa::path(
    tag = "outfits (flat)",
    params(FlatOutfitQuery),
    responses((status = 200, body = FlatOutfitPage), QueryProblems, AuthProblems, LookupProblems)
)]
#[get("/image")]
pub(crate) async fn image(
    PersonWith(person, query): PersonWith<ValidQuery<FlatOutfitQuery>>,
    feed: web::Data<dyn FeedService>,
) -> Result<HttpResponse, Problem> {
    let (offset, count) = query.0.page();
    let page = feed
        .similar(person.0, query.0.outfit(), offset, count.into())
        .await?;
    let similar = page.similar.iter().map(|outfit| SimilarDto {
        outfit_id: IdText(outfit.id.get()),
        img_url: outfit.img_url.as_str(),
    });
    Ok(HttpResponse::Ok().json(FlatOutfitPage {
        outfit: OutfitDto::new(&page.outfit, page.is_liked),
        similar_outfits: similar.collect(),
        pagesize: count,
        offset,
        is_last: page.is_last,
    }))
}

/// Notes that I shared an outfit
#[utoipa::path(
    tag = "outfits (flat)",
    request_body = WhichOutfit,
    responses((status = 200, body = Done), BodyProblems, AuthProblems, LookupProblems)
)]
#[post("/shared")]
pub(crate) async fn shared(
    PersonWith(person, body): PersonWith<Valid<WhichOutfit>>,
    activity: web::Data<dyn ActivityService>,
) -> Result<HttpResponse, Problem> {
    let report = Report {
        outfit: body.0.id(),
        deed: Deed::Share,
        place: None,
    };
    activity.report(person.0, &[report]).await?;
    Ok(done())
}

/// Notes that I went from an outfit to a similar one
#[utoipa::path(
    tag = "outfits (flat)",
    request_body = SimilarClickBody,
    responses((status = 200, body = Done), BodyProblems, AuthProblems, LookupProblems)
)]
#[post("/similar")]
pub(crate) async fn similar_clicked(
    PersonWith(person, body): PersonWith<Valid<SimilarClickBody>>,
    activity: web::Data<dyn ActivityService>,
) -> Result<HttpResponse, Problem> {
    let id = |id: Option<IdText>| OutfitId::from(id.map_or(0, |id| id.0));
    let report = Report {
        outfit: id(body.0.clicked_outfit_id),
        deed: Deed::SimilarClick(id(body.0.base_outfit_id)),
        place: None,
    };
    activity.report(person.0, &[report]).await?;
    Ok(done())
}
