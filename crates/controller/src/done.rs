//! The answer of old routes that have nothing else to say.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

/// Done.
#[derive(Serialize, ToSchema)]
pub(crate) struct Done {
    #[schema(example = true)]
    ok: bool,
}

impl Done {
    pub(crate) const OK: Self = Self { ok: true };
}

pub(crate) fn done() -> HttpResponse {
    HttpResponse::Ok().json(Done::OK)
}
