//! One's own pictures.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, post, web};
use domain::persona::MediaKey;
use service::persona::MediaService;

use super::media_dto::{MediaDto, MediaListQuery, MediaPageDto, UploadMedia};
use super::media_upload::Uploaded;
use crate::http::{
    AuthProblems, BodyProblems, Code, ConflictProblems, LookupProblems, PageProblems,
    PictureProblems, Problem, ValidQuery,
};
use crate::identity::SignedInWith;

/// Pictures a page where nothing is said.
const DEFAULT_LIMIT: u16 = 20;

type MediaOf = web::Data<dyn MediaService>;

/// Keeps a picture of mine
///
/// A form with a file (`multipart/form-data`, field `file`, and `private=true` where only who has a signed address
/// may see it), JSON with a data URI, or the file itself (`image/png`, …). PNG, JPEG, WebP and GIF stay what they are,
/// without EXIF and whatever else is no picture; an SVG is painted. A picture that nothing shows is removed after a
/// day.
#[utoipa::path(
    tag = "media",
    request_body(content(
        (UploadMedia = "application/json"),
        (String = "multipart/form-data"),
        (Vec<u8> = "image/png")
    )),
    responses(
        (status = 201, description = "Kept; `Location` says where", body = MediaDto),
        BodyProblems,
        AuthProblems,
        PictureProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/media")]
pub(crate) async fn upload_media(
    SignedInWith(who, upload): SignedInWith<Uploaded>,
    media: MediaOf,
) -> Result<HttpResponse, Problem> {
    let owner = who.user_id.into();
    let Uploaded {
        file,
        is_private,
        place,
    } = upload;
    let kept = media.upload(owner, file, is_private).await?;
    // It is out of memory now: the next one may come in.
    drop(place);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, kept.url.as_str()))
        .json(MediaDto::from(&kept)))
}

/// A page of my pictures, the latest first
#[utoipa::path(
    tag = "media",
    params(MediaListQuery),
    responses((status = 200, body = MediaPageDto), PageProblems, AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/media")]
pub(crate) async fn list_media(
    SignedInWith(who, query): SignedInWith<ValidQuery<MediaListQuery>>,
    media: MediaOf,
) -> Result<HttpResponse, Problem> {
    let limit = query.0.limit.unwrap_or(DEFAULT_LIMIT);
    let owner = who.user_id.into();
    let page = media.list(owner, query.0.cursor, limit.into()).await?;
    Ok(HttpResponse::Ok().json(MediaPageDto {
        items: page.items.iter().map(MediaDto::from).collect(),
        next_cursor: page.next_cursor,
    }))
}

/// Removes a picture of mine
///
/// One that my profile or a persona of mine shows stays: 409 `media_in_use`.
#[utoipa::path(
    tag = "media",
    params(("key" = String, Path, description = "The picture's name")),
    responses(
        (status = 204, description = "Removed"),
        AuthProblems,
        LookupProblems,
        ConflictProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/media/{key}")]
pub(crate) async fn delete_media(
    SignedInWith(who, key): SignedInWith<web::Path<String>>,
    media: MediaOf,
) -> Result<HttpResponse, Problem> {
    let key = MediaKey::parse(&key).ok_or_else(|| Problem::new(Code::MediaNotFound))?;
    media.remove(who.user_id.into(), &key).await?;
    Ok(HttpResponse::NoContent().finish())
}
