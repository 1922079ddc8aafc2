//! The catalogue of outfits: finding, and for administrators changing.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use domain::outfit::{Outfit, OutfitId};
use domain::user::{PersonId, Role};
use serde::Deserialize;
use service::outfit::{HeartService, OutfitImportOptions, OutfitService};
use utoipa::IntoParams;
use validator::Validate;

use super::dto::{OutfitDetailsDto, OutfitDto, OutfitsDto};
use super::editor_dto::{CreateOutfit, UpdateOutfit};
use super::feed::OfOutfit;
use super::query::ListQuery;
use crate::http::{
    AuthProblems, BodyProblems, Code, Conditions, EntityTag, LookupProblems, PageProblems, PathId,
    PreconditionProblems, Problem, Valid, ValidQuery,
};
use crate::identity::{Editor, Visitor};
use crate::product::{Report, Upload};

type OutfitsOf = web::Data<dyn OutfitService>;

/// Kinds of file that an import reads.
const FILES: [&str; 4] = [
    "text/csv",
    "application/csv",
    "application/x-ndjson",
    "application/jsonl",
];

/// Outfits that carry a label, the newest first
///
/// `q` finds tags, brands and styles as they are typed.
#[utoipa::path(
    tag = "outfits",
    params(ListQuery),
    responses((status = 200, body = OutfitsDto), PageProblems, AuthProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/outfits")]
pub(crate) async fn list_outfits(
    visitor: Visitor,
    outfits: OutfitsOf,
    hearts: web::Data<dyn HeartService>,
    query: ValidQuery<ListQuery>,
) -> Result<HttpResponse, Problem> {
    if query.0.wants_hidden() && !is_editor(&visitor) {
        return Err(Problem::new(Code::Forbidden));
    }
    let page = outfits.list(&query.0.into_list()).await?;
    let ids: Vec<OutfitId> = page.items.iter().map(|outfit| outfit.id).collect();
    let liked = match visitor.person() {
        Some(person) => hearts.liked(person, &ids).await?,
        None => Default::default(),
    };
    let items = page
        .items
        .iter()
        .map(|outfit| OutfitDto::new(outfit, liked.contains(&outfit.id)));
    Ok(HttpResponse::Ok().json(OutfitsDto {
        items: items.collect(),
        next_cursor: page.next_cursor,
    }))
}

fn is_editor(visitor: &Visitor) -> bool {
    matches!(visitor, Visitor::Member(principal) if principal.role == Role::Admin)
}

/// One outfit
#[utoipa::path(
    tag = "outfits",
    params(("outfit_id" = String, Path, description = "The outfit's id")),
    responses((status = 200, body = OutfitDetailsDto), AuthProblems, LookupProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/outfits/{outfit_id}")]
pub(crate) async fn find_outfit(
    visitor: Visitor,
    id: PathId<OfOutfit>,
    outfits: OutfitsOf,
    hearts: web::Data<dyn HeartService>,
) -> Result<HttpResponse, Problem> {
    let outfit = outfits.find(id.get().into(), is_editor(&visitor)).await?;
    let is_liked = is_liked(visitor.person(), outfit.id, &hearts).await?;
    Ok(answer(HttpResponse::Ok(), &outfit, is_liked))
}

async fn is_liked(
    person: Option<PersonId>,
    outfit: OutfitId,
    hearts: &web::Data<dyn HeartService>,
) -> Result<bool, Problem> {
    let Some(person) = person else {
        return Ok(false);
    };
    let liked = hearts.liked(person, &[outfit]).await?;
    Ok(liked.contains(&outfit))
}

/// Puts an outfit in the catalogue
///
/// For administrators. One that brings the id of an outfit there is replaces it.
#[utoipa::path(
    tag = "outfits",
    request_body = CreateOutfit,
    responses(
        (status = 201, description = "It is in; `Location` says where", body = OutfitDetailsDto),
        BodyProblems,
        AuthProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/outfits")]
pub(crate) async fn create_outfit(
    Editor(who, body): Editor<Valid<CreateOutfit>>,
    outfits: OutfitsOf,
    hearts: web::Data<dyn HeartService>,
) -> Result<HttpResponse, Problem> {
    let saved = outfits.save(vec![body.0.into_draft()?]).await?;
    let outfit = saved
        .first()
        .ok_or_else(|| Problem::internal("nothing was saved"))?;
    let mut created = HttpResponse::Created();
    created.insert_header((LOCATION, format!("/api/v1/outfits/{}", outfit.id)));
    let is_liked = is_liked(Some(who.user_id.into()), outfit.id, &hearts).await?;
    Ok(answer(created, outfit, is_liked))
}

/// Changes, hides or shows an outfit
///
/// For administrators. With `If-Match`, 412 where somebody else changed it in the meantime.
#[utoipa::path(
    tag = "outfits",
    params(("outfit_id" = String, Path, description = "The outfit's id")),
    request_body = UpdateOutfit,
    responses(
        (status = 200, body = OutfitDetailsDto),
        BodyProblems,
        AuthProblems,
        LookupProblems,
        PreconditionProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[patch("/api/v1/outfits/{outfit_id}")]
pub(crate) async fn update_outfit(
    Editor(who, (id, body)): Editor<(PathId<OfOutfit>, Valid<UpdateOutfit>)>,
    outfits: OutfitsOf,
    hearts: web::Data<dyn HeartService>,
    conditions: Conditions,
) -> Result<HttpResponse, Problem> {
    let id = OutfitId::from(id.get());
    let expected = match conditions.expected_version() {
        Some(version) => Some(version.into()),
        None if conditions.is_empty() => None,
        None => {
            let current = outfits.find(id, true).await?;
            conditions.on_write(Some(&EntityTag::of_version(current.version.get())))?;
            Some(current.version)
        }
    };
    let outfit = outfits.update(id, expected, &body.0.into_change()?).await?;
    let is_liked = is_liked(Some(who.user_id.into()), outfit.id, &hearts).await?;
    Ok(answer(HttpResponse::Ok(), &outfit, is_liked))
}

fn answer(
    mut response: actix_web::HttpResponseBuilder,
    outfit: &Outfit,
    is_liked: bool,
) -> HttpResponse {
    response
        .insert_header(EntityTag::of_version(outfit.version.get()).header())
        .json(OutfitDetailsDto::new(outfit, is_liked))
}

/// How a file of outfits is to be read.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportOutfitsQuery {
    /// `true` stores nothing and reports what would happen.
    dry_run: Option<bool>,
}

/// Brings in outfits from a file
///
/// For administrators. CSV (`text/csv`, a header line) or one JSON object a line (`application/x-ndjson`), with the
/// members of an outfit. Rows that are wrong are left out and reported with their line. A row whose `outfit_id` exists
/// replaces that outfit, so the same file may be imported again.
#[utoipa::path(
    tag = "outfits",
    params(ImportOutfitsQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Report), BodyProblems, AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/outfits/import")]
pub(crate) async fn import_outfits(
    Editor(_who, (query, payload)): Editor<(ValidQuery<ImportOutfitsQuery>, web::Payload)>,
    outfits: OutfitsOf,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let upload = Upload::new(&request, payload, &FILES)?;
    let options = OutfitImportOptions {
        dry_run: query.0.dry_run.unwrap_or_default(),
        max_bytes: upload.limit(),
    };
    let report = upload
        .into_report(|source| outfits.import(source, &options, Box::new(|_| ())))
        .await?;
    Ok(HttpResponse::Ok().json(report))
}
