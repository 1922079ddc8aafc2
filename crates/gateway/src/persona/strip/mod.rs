//! Files of pictures without anything that is not picture.
//!
//! Each kind is a list of pieces. Those that make the pixels, their colours and their timing are
//! copied, all others (EXIF with its places and cameras, comments, embedded previews, whatever
//! follows the end) are left out. The pixels themselves are not touched, so nothing is lost.

mod gif;
mod jpeg;
mod png;
mod webp;

use domain::persona::{MediaKind, PictureError};

/// The file with its picture only. Refused where it ends before its picture does, and where the
/// frames of an animation have too many pixels.
pub(super) fn strip(kind: MediaKind, file: &[u8]) -> Result<Vec<u8>, PictureError> {
    let whole = match kind {
        MediaKind::Png => png::strip(file),
        MediaKind::Jpeg => jpeg::strip(file),
        MediaKind::Webp => webp::strip(file),
        MediaKind::Gif => return gif::strip(file),
    };
    whole.ok_or(PictureError::Damaged)
}

/// Takes so many bytes off the front.
fn take<'a>(rest: &mut &'a [u8], bytes: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(bytes)?;
    *rest = left;
    Some(taken)
}
