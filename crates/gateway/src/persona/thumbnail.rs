//! Smaller copies of pictures.

use domain::persona::{MediaKind, Picture, PictureError};
use image::imageops::FilterType;

use super::decode;

/// From so many times as wide on, pixels are averaged: anything finer would not be seen.
const COARSE: u32 = 4;

/// How wide an admitted picture is, by its header.
pub(super) fn width(file: &[u8]) -> Result<u32, PictureError> {
    let kind = MediaKind::sniff(file).ok_or(PictureError::UnknownKind)?;
    Ok(decode::size(kind, file)?.0)
}

/// A copy of an admitted picture that is `width` pixels wide; `None` where it is no wider anyway.
pub(super) fn thumbnail(file: &[u8], width: u32) -> Result<Option<Picture>, PictureError> {
    let kind = MediaKind::sniff(file).ok_or(PictureError::UnknownKind)?;
    // The header is enough to say that there is nothing to do.
    if decode::size(kind, file)?.0 <= width {
        return Ok(None);
    }
    let picture = decode::decode(kind, file)?;
    let height = u64::from(picture.height()) * u64::from(width) / u64::from(picture.width());
    let height = u32::try_from(height.max(1)).unwrap_or(u32::MAX);
    let small = if picture.width() / COARSE >= width {
        picture.thumbnail_exact(width, height)
    } else {
        picture.resize_exact(width, height, FilterType::CatmullRom)
    };
    // What has no transparent pixel and was compressed like a photograph stays so.
    let photo = kind == MediaKind::Jpeg || (kind == MediaKind::Webp && !small.color().has_alpha());
    let kind = if photo {
        MediaKind::Jpeg
    } else {
        MediaKind::Png
    };
    decode::encode(&small, kind).map(Some)
}
