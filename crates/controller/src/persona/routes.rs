//! Personas under `/api/v1`. All of them are the owner's only.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use domain::persona::WhichPersona;
use service::persona::PersonaService;

use super::dto::{CreatePersona, PersonaDto, Personas, UpdatePersona};
use crate::http::{
    AuthProblems, BodyProblems, Code, LookupProblems, Named, PathId, Problem, Valid,
};
use crate::identity::{SignedIn, SignedInWith};

pub(super) type PersonasOf = web::Data<dyn PersonaService>;

/// A persona in the path: its number, or its id.
pub(crate) struct OfPersona;

impl Named for OfPersona {
    const NOT_FOUND: Code = Code::PersonaNotFound;
}

pub(super) fn which(path: PathId<OfPersona>) -> WhichPersona {
    WhichPersona::of(path.get())
}

/// All my personas, the lowest number first
#[utoipa::path(
    tag = "personas",
    responses((status = 200, body = Personas), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/personas")]
pub(crate) async fn list(who: SignedIn, personas: PersonasOf) -> Result<HttpResponse, Problem> {
    let found = personas.list(who.user_id).await?;
    Ok(HttpResponse::Ok().json(Personas {
        items: found.iter().map(PersonaDto::from).collect(),
        next_cursor: None,
    }))
}

/// Makes a persona
///
/// It gets the lowest number that is free. One too many is refused: 400 `persona_limit_reached`.
#[utoipa::path(
    tag = "personas",
    request_body = CreatePersona,
    responses(
        (status = 201, description = "Made; `Location` says where", body = PersonaDto),
        BodyProblems,
        AuthProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/personas")]
pub(crate) async fn create(
    SignedInWith(who, body): SignedInWith<Valid<CreatePersona>>,
    personas: PersonasOf,
) -> Result<HttpResponse, Problem> {
    let persona = personas.create(who.user_id, body.0.into_draft()?).await?;
    let location = format!("/api/v1/personas/{}", persona.id);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .json(PersonaDto::from(&persona)))
}

/// One of my personas
#[utoipa::path(
    tag = "personas",
    params(("persona" = String, Path, description = "The persona's number, or its id")),
    responses((status = 200, body = PersonaDto), AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/personas/{persona}")]
pub(crate) async fn find(
    SignedInWith(who, path): SignedInWith<PathId<OfPersona>>,
    personas: PersonasOf,
) -> Result<HttpResponse, Problem> {
    let persona = personas.find(who.user_id, which(path)).await?;
    Ok(HttpResponse::Ok().json(PersonaDto::from(&persona)))
}

/// Changes one of my personas
#[utoipa::path(
    tag = "personas",
    params(("persona" = String, Path, description = "The persona's number, or its id")),
    request_body = UpdatePersona,
    responses((status = 200, body = PersonaDto), BodyProblems, AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[patch("/api/v1/personas/{persona}")]
pub(crate) async fn update(
    SignedInWith(who, (path, body)): SignedInWith<(PathId<OfPersona>, Valid<UpdatePersona>)>,
    personas: PersonasOf,
) -> Result<HttpResponse, Problem> {
    let change = body.0.into_change()?;
    let persona = personas.update(who.user_id, which(path), &change).await?;
    Ok(HttpResponse::Ok().json(PersonaDto::from(&persona)))
}

/// Removes one of my personas, with its Instagram token
#[utoipa::path(
    tag = "personas",
    params(("persona" = String, Path, description = "The persona's number, or its id")),
    responses((status = 204, description = "It is gone"), AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/personas/{persona}")]
pub(crate) async fn delete(
    SignedInWith(who, path): SignedInWith<PathId<OfPersona>>,
    personas: PersonasOf,
) -> Result<HttpResponse, Problem> {
    personas.delete(who.user_id, which(path)).await?;
    Ok(HttpResponse::NoContent().finish())
}
