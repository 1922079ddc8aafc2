//! What people do with outfits, and what they want to see no more of.

use actix_web::{HttpResponse, delete, get, post, web};
use domain::outfit::{FeedId, OutfitId};
use serde::{Deserialize, Serialize};
use service::outfit::{ActivityService, Deed, Report, Unwanted};
use utoipa::ToSchema;
use validator::{Validate, ValidationError, ValidationErrors};

use super::feed::OfOutfit;
use crate::http::{AuthProblems, BodyProblems, IdText, LookupProblems, PathId, Problem, Valid};
use crate::identity::{Person, PersonWith};

/// Events of one request.
const MAX_EVENTS: u64 = 500;

/// Something that was done with an outfit.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = OutfitEvent, example = json!({"outfit_id": "7211849320960032768", "type": "view", "feed_id": "7211849320960099999", "position": 3}))]
pub(crate) struct EventBody {
    /// The outfit's id, where the path does not say it.
    outfit_id: Option<IdText>,
    /// `view` (it was on the screen), `click`, `share` or `similar_click`.
    #[schema(required, nullable = false)]
    r#type: Option<String>,
    /// For `similar_click`: the outfit it was listed under.
    base_outfit_id: Option<IdText>,
    /// The feed it was met in.
    feed_id: Option<IdText>,
    /// Its position in that feed, counted from 0.
    position: Option<u32>,
}

impl EventBody {
    fn deed(&self) -> Option<Deed> {
        match self.r#type.as_deref()? {
            "view" => Some(Deed::Seen),
            "click" => Some(Deed::Click),
            "share" => Some(Deed::Share),
            "similar_click" => {
                let base = self.base_outfit_id.map_or(0, |id| id.0);
                Some(Deed::SimilarClick(base.into()))
            }
            _ => None,
        }
    }

    fn report(&self, outfit: OutfitId) -> Option<Report> {
        let place = self.feed_id.zip(self.position);
        Some(Report {
            outfit,
            deed: self.deed()?,
            place: place.map(|(feed, position)| (FeedId::from(feed.0), position)),
        })
    }
}

impl Validate for EventBody {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut findings = ValidationErrors::new();
        match (&self.r#type, self.deed()) {
            (None, _) => findings.add("type", ValidationError::new("required")),
            (_, None) => findings.add("type", ValidationError::new("invalid_value")),
            (_, Some(Deed::SimilarClick(_))) if self.base_outfit_id.is_none() => {
                findings.add("base_outfit_id", ValidationError::new("required"));
            }
            _ => {}
        }
        if findings.is_empty() {
            Ok(())
        } else {
            Err(findings)
        }
    }
}

/// Several things that were done.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = OutfitEvents)]
pub(crate) struct EventsBody {
    /// 1 to 500 of them, each with its `outfit_id`.
    #[validate(required, length(min = 1, max = MAX_EVENTS), nested)]
    #[schema(value_type = Vec<EventBody>, required, nullable = false, max_items = 500)]
    events: Option<Vec<OneOfMany>>,
}

/// An event that has to say of which outfit it is.
#[derive(Deserialize, Serialize)]
#[serde(transparent)]
struct OneOfMany(EventBody);

impl Validate for OneOfMany {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut findings = self.0.validate().err().unwrap_or_default();
        if self.0.outfit_id.is_none() {
            findings.add("outfit_id", ValidationError::new("required"));
        }
        if findings.is_empty() {
            Ok(())
        } else {
            Err(findings)
        }
    }
}

/// Notes something done with an outfit
#[utoipa::path(
    tag = "outfits",
    params(("outfit_id" = String, Path, description = "The outfit's id")),
    request_body = EventBody,
    responses((status = 204, description = "Noted"), BodyProblems, AuthProblems, LookupProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/outfits/{outfit_id}/events")]
pub(crate) async fn report_one(
    PersonWith(person, (id, body)): PersonWith<(PathId<OfOutfit>, Valid<EventBody>)>,
    activity: web::Data<dyn ActivityService>,
) -> Result<HttpResponse, Problem> {
    let report = body.0.report(id.get().into());
    let report = report.ok_or_else(|| Problem::internal("a validated event is none"))?;
    activity.report(person.0, &[report]).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Notes several things at once, all or none
#[utoipa::path(
    tag = "outfits",
    request_body = EventsBody,
    responses((status = 204, description = "Noted"), BodyProblems, AuthProblems, LookupProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/outfits/events")]
pub(crate) async fn report_many(
    PersonWith(person, body): PersonWith<Valid<EventsBody>>,
    activity: web::Data<dyn ActivityService>,
) -> Result<HttpResponse, Problem> {
    let events = body.0.events.unwrap_or_default();
    let reports = events.iter().map(|OneOfMany(event)| {
        let outfit = event.outfit_id.map_or(0, |id| id.0);
        event.report(outfit.into())
    });
    let reports: Option<Vec<Report>> = reports.collect();
    let reports = reports.ok_or_else(|| Problem::internal("a validated event is none"))?;
    activity.report(person.0, &reports).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Something I am not interested in: exactly one of these.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = Dislike)]
pub(crate) struct DislikeBody {
    /// An outfit.
    #[serde(skip_serializing_if = "Option::is_none")]
    outfit_id: Option<IdText>,
    /// All outfits with this tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    /// All outfits of this brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
}

impl DislikeBody {
    fn unwanted(&self) -> Option<Unwanted> {
        match (self.outfit_id, &self.tag, &self.brand) {
            (Some(id), None, None) => Some(Unwanted::Outfit(id.0.into())),
            (None, Some(tag), None) => Some(Unwanted::Tag(tag.clone())),
            (None, None, Some(brand)) => Some(Unwanted::Brand(brand.clone())),
            _ => None,
        }
    }
}

impl Validate for DislikeBody {
    fn validate(&self) -> Result<(), ValidationErrors> {
        if self.unwanted().is_some() {
            return Ok(());
        }
        let mut findings = ValidationErrors::new();
        findings.add("outfit_id", ValidationError::new("exactly_one"));
        Err(findings)
    }
}

impl From<Unwanted> for DislikeBody {
    fn from(what: Unwanted) -> Self {
        let (mut outfit_id, mut tag, mut brand) = (None, None, None);
        match what {
            Unwanted::Outfit(id) => outfit_id = Some(IdText(id.get())),
            Unwanted::Tag(name) => tag = Some(name),
            Unwanted::Brand(name) => brand = Some(name),
        }
        Self {
            outfit_id,
            tag,
            brand,
        }
    }
}

/// What I am not interested in.
#[derive(Serialize, ToSchema)]
#[schema(as = Dislikes)]
pub(crate) struct DislikesDto {
    items: Vec<DislikeBody>,
    #[schema(value_type = Option<String>)]
    next_cursor: Option<String>,
}

/// Not interested
///
/// From the next page on, neither the outfit nor others with that tag or of that brand are shown to me.
#[utoipa::path(
    tag = "outfits",
    request_body = DislikeBody,
    responses((status = 204, description = "Heeded"), BodyProblems, AuthProblems, LookupProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/outfits/dislikes")]
pub(crate) async fn dislike(
    PersonWith(person, body): PersonWith<Valid<DislikeBody>>,
    activity: web::Data<dyn ActivityService>,
) -> Result<HttpResponse, Problem> {
    set(person, &activity, &body.0, true).await
}

/// Interested again
#[utoipa::path(
    tag = "outfits",
    request_body = DislikeBody,
    responses((status = 204, description = "Heeded"), BodyProblems, AuthProblems, LookupProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/outfits/dislikes")]
pub(crate) async fn undislike(
    PersonWith(person, body): PersonWith<Valid<DislikeBody>>,
    activity: web::Data<dyn ActivityService>,
) -> Result<HttpResponse, Problem> {
    set(person, &activity, &body.0, false).await
}

async fn set(
    person: Person,
    activity: &web::Data<dyn ActivityService>,
    body: &DislikeBody,
    unwanted: bool,
) -> Result<HttpResponse, Problem> {
    let what = body.unwanted();
    let what = what.ok_or_else(|| Problem::internal("a validated dislike is none"))?;
    activity.dislike(person.0, &what, unwanted).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What I am not interested in, the newest first
#[utoipa::path(
    tag = "outfits",
    responses((status = 200, body = DislikesDto), AuthProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/outfits/dislikes")]
pub(crate) async fn dislikes(
    person: Person,
    activity: web::Data<dyn ActivityService>,
) -> Result<HttpResponse, Problem> {
    let all = activity.dislikes(person.0).await?;
    Ok(HttpResponse::Ok().json(DislikesDto {
        items: all.into_iter().map(Into::into).collect(),
        next_cursor: None,
    }))
}
