//! What is done with pictures before they are believed.

use async_trait::async_trait;
use bytes::Bytes;
use thiserror::Error;

use super::MediaKind;

/// The longest file that is taken, in bytes.
pub const MAX_PICTURE_BYTES: usize = 10 * 1024 * 1024;
/// The most pixels of a picture that is taken, read from its header before it is decoded.
pub const MAX_PICTURE_PIXELS: u64 = 24_000_000;

/// A picture that was decoded from the first to the last pixel, and holds nothing but pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What kind of file it is.
    pub kind: MediaKind,
    /// The file.
    pub content: Bytes,
    /// How wide it is, in pixels.
    pub width: u32,
    /// How high it is, in pixels.
    pub height: u32,
}

/// Why a file is not taken for a picture.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PictureError {
    /// Its first bytes are those of no kind that is taken.
    #[error("the file is no picture of a known kind")]
    UnknownKind,
    /// It is longer than [`MAX_PICTURE_BYTES`].
    #[error("the file is too long")]
    TooManyBytes,
    /// It has more than [`MAX_PICTURE_PIXELS`].
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// It cannot be decoded, or ends too early.
    #[error("the picture is damaged")]
    Damaged,
    /// It is a drawing (SVG) that would cost too much to paint.
    #[error("the drawing is too elaborate")]
    TooElaborate,
    /// So many pictures are being worked on that its turn did not come.
    #[error("too many pictures are being worked on")]
    Busy,
}

/// Checks, scales and paints pictures, a few at a time, beside what else goes on.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ImageWorkshop: Send + Sync {
    /// Checks a file from outside: kind by its first bytes, size by its header, then all of it is
    /// decoded. What is not pixels (EXIF, comments, what follows the end) is left out, and a
    /// drawing (SVG) is painted.
    async fn admit(&self, file: Bytes) -> Result<Picture, PictureError>;

    /// How wide an admitted picture is, in pixels. Only its header is read, so nobody waits for a
    /// turn.
    fn width(&self, file: &Bytes) -> Result<u32, PictureError>;

    /// A smaller copy of an admitted picture, so many pixels wide; `None` where it is no wider
    /// anyway.
    async fn thumbnail(&self, file: Bytes, width: u32) -> Result<Option<Picture>, PictureError>;

    /// Paints a drawing (SVG) of our own as a square PNG with sides of so many pixels.
    async fn rasterise(&self, drawing: String, side: u32) -> Result<Picture, PictureError>;
}
