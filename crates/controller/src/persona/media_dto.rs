//! Pictures on the wire.

use chrono::{DateTime, Utc};
use domain::persona::MAX_PICTURE_BYTES;
use serde::{Deserialize, Serialize};
use service::persona::MediaView;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// The longest JSON body with a picture in it: base64 takes four bytes for three.
pub(super) const MAX_JSON_BYTES: usize = MAX_PICTURE_BYTES / 3 * 4 + 64 * 1024;

/// A picture of mine.
#[derive(Serialize, ToSchema)]
#[schema(as = Media)]
pub(crate) struct MediaDto {
    /// Its name.
    #[schema(example = "0a4d55a8d778e5022fab701977c5d840bbc486d0.png")]
    key: String,
    /// Where it is; of a private one, for about an hour. `?w=` gives smaller copies.
    #[schema(example = "/media/0a4d55a8d778e5022fab701977c5d840bbc486d0.png")]
    url: String,
    /// `image/png`, `image/jpeg`, `image/webp` or `image/gif`.
    #[schema(example = "image/png")]
    content_type: &'static str,
    bytes: u64,
    width: u32,
    height: u32,
    private: bool,
    created_at: DateTime<Utc>,
    /// When it is removed unless a profile or a persona shows it by then; null while one does.
    #[schema(required)]
    kept_until: Option<DateTime<Utc>>,
}

impl From<&MediaView> for MediaDto {
    fn from(view: &MediaView) -> Self {
        let media = &view.media.media;
        Self {
            key: media.key.to_string(),
            url: view.url.clone(),
            content_type: media.key.kind().content_type(),
            bytes: media.bytes,
            width: media.width,
            height: media.height,
            private: media.key.is_private(),
            created_at: media.created_at,
            kept_until: view.kept_until,
        }
    }
}

/// A page of pictures.
#[derive(Serialize, ToSchema)]
#[schema(as = MediaPage)]
pub(crate) struct MediaPageDto {
    pub(super) items: Vec<MediaDto>,
    #[schema(required)]
    pub(super) next_cursor: Option<String>,
}

/// A picture in JSON.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = UploadMedia)]
pub(crate) struct UploadMedia {
    /// A data URI, `data:image/png;base64,…`.
    #[validate(required)]
    #[schema(required, nullable = false)]
    pub(super) image: Option<String>,
    /// Whether only who has a signed address may see it.
    pub(super) private: Option<bool>,
}

/// What a list of pictures is asked for with.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MediaListQuery {
    /// `next_cursor` of the page before.
    #[validate(length(max = 1024))]
    pub(super) cursor: Option<String>,
    /// 1 to 100, 20 unless given.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<u16>,
}
