//! The routes of the persona contract, as its clients know them.

use actix_web::{HttpResponse, delete, get, patch, put};
use domain::persona::Persona;
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{CreatePersona, UpdatePersona};
use super::routes::{OfPersona, PersonasOf, which};
use crate::done::{Done, done};
use crate::http::{AuthProblems, BodyProblems, IdText, LookupProblems, PathId, Problem, Valid};
use crate::identity::{SignedIn, SignedInWith};

/// A persona in short.
#[derive(Serialize, ToSchema)]
#[schema(as = FlatPersona)]
pub(crate) struct FlatPersona {
    #[schema(example = 1)]
    num: u16,
    img: String,
    name: String,
}

/// My personas in short.
#[derive(Serialize, ToSchema)]
#[schema(as = FlatPersonas)]
pub(crate) struct FlatPersonas {
    #[schema(example = true)]
    ok: bool,
    items: Vec<FlatPersona>,
}

/// Which persona it was.
#[derive(Serialize, ToSchema)]
#[schema(as = SavedPersona)]
pub(crate) struct SavedPersona {
    #[schema(example = true)]
    ok: bool,
    persona_id: IdText,
    #[schema(example = 1)]
    persona_num: u16,
}

impl From<&Persona> for SavedPersona {
    fn from(persona: &Persona) -> Self {
        Self {
            ok: true,
            persona_id: IdText(persona.id.get()),
            persona_num: persona.number.get(),
        }
    }
}

/// My personas in short
#[utoipa::path(
    tag = "personas (flat)",
    responses((status = 200, body = FlatPersonas), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/personas/me")]
pub(crate) async fn flat_list(
    who: SignedIn,
    personas: PersonasOf,
) -> Result<HttpResponse, Problem> {
    let found = personas.list(who.user_id).await?;
    let items = found.iter().map(|persona| FlatPersona {
        num: persona.number.get(),
        img: persona.draft.image.as_str().into(),
        name: persona.name(),
    });
    Ok(HttpResponse::Ok().json(FlatPersonas {
        ok: true,
        items: items.collect(),
    }))
}

/// Makes a persona
///
/// It gets the lowest number that is free. One too many is refused: 400 `persona_limit_reached`.
#[utoipa::path(
    tag = "personas (flat)",
    request_body = CreatePersona,
    responses((status = 201, body = SavedPersona), BodyProblems, AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[put("/api/personas/setting")]
pub(crate) async fn flat_create(
    SignedInWith(who, body): SignedInWith<Valid<CreatePersona>>,
    personas: PersonasOf,
) -> Result<HttpResponse, Problem> {
    let persona = personas.create(who.user_id, body.0.into_draft()?).await?;
    Ok(HttpResponse::Created().json(SavedPersona::from(&persona)))
}

/// Changes one of my personas
#[utoipa::path(
    tag = "personas (flat)",
    params(("num" = String, Path, description = "The persona's number, or its id")),
    request_body = UpdatePersona,
    responses((status = 200, body = SavedPersona), BodyProblems, AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[patch("/api/personas/{num}")]
pub(crate) async fn flat_update(
    SignedInWith(who, (path, body)): SignedInWith<(PathId<OfPersona>, Valid<UpdatePersona>)>,
    personas: PersonasOf,
) -> Result<HttpResponse, Problem> {
    let change = body.0.into_change()?;
    let persona = personas.update(who.user_id, which(path), &change).await?;
    Ok(HttpResponse::Ok().json(SavedPersona::from(&persona)))
}

/// Removes one of my personas, with its Instagram token
#[utoipa::path(
    tag = "personas (flat)",
    params(("num" = String, Path, description = "The persona's number, or its id")),
    responses((status = 200, body = Done), AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/personas/{num}")]
pub(crate) async fn flat_delete(
    SignedInWith(who, path): SignedInWith<PathId<OfPersona>>,
    personas: PersonasOf,
) -> Result<HttpResponse, Problem> {
    personas.delete(who.user_id, which(path)).await?;
    Ok(done())
}
