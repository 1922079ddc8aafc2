//! The pictures of the demonstration: drawn when they are asked for, and kept nowhere.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use demo::{Demo, DemoOutfit, Sizes};

use crate::http::{Code, LookupProblems, Problem};

/// The seed of the demonstration that `ensemble seed` fills a database with. A picture is the
/// same whenever the database was filled, for it depends on nothing else.
pub const SEED: u64 = 1;

/// Where the picture of an outfit of the demonstration is.
#[must_use]
pub fn picture(outfit: &DemoOutfit) -> String {
    format!("/demo/outfits/{}.svg", outfit.number)
}

static OUTFITS: LazyLock<Vec<DemoOutfit>> = LazyLock::new(|| {
    let outfits_only = Sizes {
        people: 0,
        hearts: 0,
        ..Sizes::default()
    };
    Demo::generate(&outfits_only, SEED, 0).outfits
});

/// A picture of the demonstration
#[utoipa::path(
    tag = "system",
    params(("number" = u32, Path, description = "The outfit's number")),
    responses((status = 200, body = String, content_type = "image/svg+xml"), LookupProblems)
)]
#[get("/demo/outfits/{number}.svg")]
pub(crate) async fn demo_picture(number: web::Path<String>) -> Result<HttpResponse, Problem> {
    let number: Option<usize> = number.parse().ok();
    let outfit = number.and_then(|number| OUTFITS.get(number.checked_sub(1)?));
    let outfit = outfit.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "image/svg+xml"))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ))
        .body(demo::draw(outfit)))
}
