//! Pictures as files, for everybody.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
    HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::TimeDelta;
use domain::persona::MediaKey;
use serde::Deserialize;
use service::persona::{MediaFile, MediaService, Permit, THUMBNAIL_WIDTHS};
use utoipa::IntoParams;
use validator::{Validate, ValidationError};

use crate::http::{
    Code, Conditions, DrawingProblems, EntityTag, LookupProblems, Part, Problem, QueryProblems,
    ValidQuery, Verdict, not_modified, part, problem_response,
};

/// A picture never changes: another one has another name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// How a picture is shown.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShowQuery {
    /// A smaller copy, so many pixels wide: 64, 128, 256, 512 or 1024.
    #[validate(custom(function = "is_made"))]
    w: Option<u32>,
    /// Of a private picture's address.
    expires: Option<i64>,
    /// Of a private picture's address.
    #[validate(length(max = 100))]
    signature: Option<String>,
}

fn is_made(width: u32) -> Result<(), ValidationError> {
    let is_made = THUMBNAIL_WIDTHS.contains(&width);
    is_made
        .then_some(())
        .ok_or_else(|| ValidationError::new("thumbnail_width"))
}

/// Parts that lie outside of the file.
struct RangeProblems;

impl utoipa::IntoResponses for RangeProblems {
    fn responses()
    -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>> {
        let outside = problem_response("`range_not_satisfiable`");
        [("416".to_owned(), outside)].into()
    }
}

/// A picture
///
/// May be kept for ever: what a name stands for never changes. Whole or in part (`Range`), and in smaller copies.
#[utoipa::path(
    tag = "media",
    params(("key" = String, Path, description = "The picture's name"), ShowQuery),
    responses(
        (status = 200, description = "All of it", body = Vec<u8>, content_type = "image/png"),
        (status = 206, description = "A part of it", body = Vec<u8>, content_type = "image/png"),
        (status = 304, description = "Not changed"),
        QueryProblems,
        LookupProblems,
        DrawingProblems,
        RangeProblems,
    )
)]
#[get("/media/{key}")]
pub(crate) async fn show_media(
    key: web::Path<String>,
    query: ValidQuery<ShowQuery>,
    media: web::Data<dyn MediaService>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let key = MediaKey::parse(&key).ok_or_else(|| Problem::new(Code::MediaNotFound))?;
    let permit = Permit {
        expires: query.0.expires,
        signature: query.0.signature,
    };
    let conditions = Conditions::of(request.headers());
    // What a name stands for never changes: who has it needs no look at the file.
    let asked = tag(&key, query.0.w);
    if conditions.has_already(&asked) {
        let left = media.admits(&key, &permit)?;
        let mut response = not_modified(&asked);
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, cache_control(&key, left));
        return Ok(response);
    }
    let (file, left) = media.show(&key, query.0.w, &permit).await?;
    let tag = tag(&key, file.width);
    let mut response = match conditions.on_read(&tag) {
        Verdict::NotModified => not_modified(&tag),
        Verdict::Failed => return Err(Problem::new(Code::PreconditionFailed)),
        Verdict::Proceed => answer(&request, &tag, &file)?,
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, cache_control(&key, left));
    Ok(response)
}

/// The tag of a picture, or of a copy that is so wide.
fn tag(key: &MediaKey, width: Option<u32>) -> EntityTag {
    match width {
        Some(width) => EntityTag::new(&format!("{key}-w{width}")),
        None => EntityTag::new(key.as_str()),
    }
}

fn cache_control(key: &MediaKey, left: TimeDelta) -> HeaderValue {
    if !key.is_private() {
        return HeaderValue::from_static(FOR_EVER);
    }
    let value = format!("private, max-age={}", left.num_seconds().max(0));
    HeaderValue::try_from(value).unwrap_or_else(|_| HeaderValue::from_static("no-store"))
}

fn answer(
    request: &HttpRequest,
    tag: &EntityTag,
    file: &MediaFile,
) -> Result<HttpResponse, Problem> {
    let length = file.content.len() as u64;
    let (status, content, range) = match part(request.headers(), tag, length) {
        Part::Whole => (StatusCode::OK, file.content.clone(), None),
        Part::Bytes(first, last) => {
            let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
            let content = file.content.slice(index(first)..=index(last));
            let range = format!("bytes {first}-{last}/{length}");
            (StatusCode::PARTIAL_CONTENT, content, Some(range))
        }
        Part::Outside => {
            let range = HeaderValue::try_from(format!("bytes */{length}"));
            let range = range.map_err(Problem::internal)?;
            return Err(Problem::new(Code::RangeNotSatisfiable).header(CONTENT_RANGE, range));
        }
    };
    let mut response = HttpResponse::build(status);
    response
        .insert_header(tag.header())
        .insert_header((CONTENT_TYPE, file.kind.content_type()))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        // Pages of the front end may show it, wherever they come from.
        .insert_header((CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"))
        .insert_header((ACCEPT_RANGES, "bytes"));
    if let Some(range) = range {
        response.insert_header((CONTENT_RANGE, range));
    }
    Ok(response.body(content))
}
