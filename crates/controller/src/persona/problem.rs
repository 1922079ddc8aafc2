//! What the use-cases' errors look like on the wire.

use std::time::Duration;

use domain::persona::PictureError;
use service::persona::{MediaError, PortraitError};

use crate::http::{Code, Problem};

/// When to come back where a picture or a store is busy.
const SOON: Duration = Duration::from_secs(2);

impl From<MediaError> for Problem {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::NotFound => Self::new(Code::MediaNotFound),
            MediaError::InUse => Self::new(Code::MediaInUse),
            MediaError::OverQuota => Self::new(Code::MediaQuotaExceeded),
            MediaError::Leaving => Self::new(Code::Unavailable).retry_after(SOON),
            MediaError::InvalidCursor => Self::new(Code::InvalidCursor),
            MediaError::Picture(error) => error.into(),
            MediaError::Store(error) => Self::new(Code::Unavailable)
                .caused_by(error)
                .retry_after(SOON),
            MediaError::Repository(error) => error.into(),
        }
    }
}

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::UnknownKind => Self::new(Code::InvalidPicture).with_detail(
                "The file is neither PNG, JPEG, WebP, GIF nor SVG.",
                "PNG, JPEG, WebP, GIF, SVG 파일이 아닙니다.",
            ),
            PictureError::TooManyBytes => Self::new(Code::PayloadTooLarge).with_detail(
                "A picture may have up to 10 MiB.",
                "이미지는 10MiB 이하여야 합니다.",
            ),
            PictureError::TooManyPixels => Self::new(Code::InvalidPicture).with_detail(
                "A picture may have up to 24 million pixels.",
                "이미지는 2,400만 픽셀 이하여야 합니다.",
            ),
            PictureError::Damaged => Self::new(Code::InvalidPicture),
            PictureError::TooElaborate => Self::new(Code::InvalidPicture).with_detail(
                "The drawing is too elaborate. Send it as PNG.",
                "너무 복잡한 SVG입니다. PNG로 보내 주세요.",
            ),
            PictureError::Busy => Self::new(Code::Overloaded).retry_after(SOON),
        }
    }
}

impl From<PortraitError> for Problem {
    fn from(error: PortraitError) -> Self {
        match error {
            PortraitError::TooMany(wait) => Self::throttled(&wait),
            PortraitError::Media(error) => error.into(),
        }
    }
}
