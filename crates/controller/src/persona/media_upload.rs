//! Bodies with a picture in them: a form with a file, JSON with a data URI, or the file itself.

use std::sync::Arc;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use actix_web::{FromRequest, HttpRequest, web};
use bytes::{Bytes, BytesMut};
use domain::persona::{MAX_PICTURE_BYTES, decode_data_uri};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::media_dto::{MAX_JSON_BYTES, UploadMedia};
use crate::http::{BodyLimits, Code, FieldError, Problem, read_file, read_large};

/// Uploads whose bodies are in memory at the same time, until they are stored; app data, shared by all workers.
#[derive(Clone, Debug)]
pub(crate) struct UploadPlaces(Arc<Semaphore>);

/// Uploads at the same time: of the largest bodies that is some 400 MB.
const PLACES: usize = 16;
/// The longest text of a form's other fields, in bytes.
const MAX_TEXT_BYTES: usize = 64;

impl Default for UploadPlaces {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(PLACES)))
    }
}

/// A file that claims to be a picture.
#[derive(Debug)]
pub(crate) struct Uploaded {
    pub(super) file: Bytes,
    pub(super) is_private: bool,
    /// Keep it until the file is stored: as long as that lasts, the file is in memory.
    pub(super) place: OwnedSemaphorePermit,
}

/// What a body holds.
struct Read {
    file: Bytes,
    is_private: bool,
}

impl FromRequest for Uploaded {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let places = request.app_data::<web::Data<UploadPlaces>>().cloned();
            let places = places.ok_or_else(|| Problem::internal("no places were set up"))?;
            let patience = limits(&request).timeout;
            let waiting = tokio::time::timeout(patience, places.0.clone().acquire_owned()).await;
            let Ok(Ok(place)) = waiting else {
                return Err(Problem::new(Code::Overloaded).retry_after(patience));
            };
            let Read { file, is_private } = read(&request, payload).await?;
            Ok(Uploaded {
                file,
                is_private,
                place,
            })
        })
    }
}

fn limits(request: &HttpRequest) -> BodyLimits {
    let limits = request.app_data::<BodyLimits>().copied();
    limits.unwrap_or_default()
}

async fn read(request: &HttpRequest, mut payload: Payload) -> Result<Read, Problem> {
    let kind = request.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    match kind.to_ascii_lowercase().as_str() {
        "multipart/form-data" => {
            let form = Multipart::new(request.headers(), payload);
            let reading = tokio::time::timeout(limits(request).timeout, from_form(form));
            let read = reading.await;
            read.map_err(|_| Problem::new(Code::RequestTimeout))?
        }
        "application/json" => {
            let body = read_large(request, &mut payload, MAX_JSON_BYTES).await?;
            from_json(body)
        }
        kind if kind.starts_with("image/") => Ok(Read {
            file: read_file(request, payload, MAX_PICTURE_BYTES).await?,
            is_private: false,
        }),
        _ => Err(unsupported()),
    }
}

fn unsupported() -> Problem {
    let taken = HeaderValue::from_static("multipart/form-data, application/json, image/*");
    Problem::new(Code::UnsupportedMediaType).header(ACCEPT, taken)
}

fn invalid(pointer: &str, code: &'static str) -> Problem {
    Problem::invalid(vec![FieldError::new(pointer, code)])
}

fn from_json(body: UploadMedia) -> Result<Read, Problem> {
    let file = decode_data_uri(&body.image.unwrap_or_default());
    Ok(Read {
        file: file.ok_or_else(|| invalid("/image", "data_uri"))?.into(),
        is_private: body.private.unwrap_or_default(),
    })
}

/// The first file of a form, and its field `private`. Other fields are passed over.
async fn from_form(mut form: Multipart) -> Result<Read, Problem> {
    let (mut file, mut is_private) = (None, false);
    while let Some(field) = form.next().await {
        let mut field = field.map_err(broken)?;
        let is_file = field
            .content_disposition()
            .is_some_and(|told| told.get_filename().is_some());
        let name = field.name().unwrap_or_default().to_owned();
        if file.is_none() && (is_file || name == "file" || name == "image") {
            file = Some(content(&mut field, MAX_PICTURE_BYTES).await?);
        } else if name == "private" {
            let text = content(&mut field, MAX_TEXT_BYTES).await?;
            is_private = match text.as_ref() {
                b"true" | b"1" | b"on" => true,
                b"false" | b"0" | b"" => false,
                _ => return Err(invalid("/private", "wrong_type")),
            };
        } else {
            // Read and forgotten, or the next field would not be found.
            content(&mut field, MAX_PICTURE_BYTES).await?;
        }
    }
    let file = file.ok_or_else(|| invalid("/file", "required"))?;
    Ok(Read { file, is_private })
}

async fn content(field: &mut Field, most: usize) -> Result<Bytes, Problem> {
    let mut content = BytesMut::new();
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(broken)?;
        if content.len() + piece.len() > most {
            return Err(Problem::new(Code::PayloadTooLarge));
        }
        content.extend_from_slice(&piece);
    }
    Ok(content.freeze())
}

fn broken(error: MultipartError) -> Problem {
    Problem::new(Code::UnreadableBody)
        .with_detail(
            "The form broke off or is damaged.",
            "폼이 중간에 끊겼거나 손상되었습니다.",
        )
        .caused_by(error.to_string())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[actix_web::test]
    async fn an_upload_keeps_its_place_until_it_is_stored() {
        let places = UploadPlaces(Arc::new(Semaphore::new(1)));
        let (request, mut payload) = TestRequest::post()
            .app_data(web::Data::new(places.clone()))
            .insert_header((CONTENT_TYPE, "image/png"))
            .set_payload("a picture")
            .to_http_parts();
        let uploaded = Uploaded::from_request(&request, &mut payload).await;
        let uploaded = uploaded.expect("an upload");
        assert_eq!(uploaded.file, "a picture");
        assert_eq!(places.0.available_permits(), 0);
        drop(uploaded.place);
        assert_eq!(places.0.available_permits(), 1);
    }
}
