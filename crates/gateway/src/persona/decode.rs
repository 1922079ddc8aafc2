//! Files from outside, decoded from the first to the last pixel.

use std::io::Cursor;

use bytes::Bytes;
use domain::persona::{MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS, MediaKind, Picture, PictureError};
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{
    AnimationDecoder, DynamicImage, Frames, ImageDecoder, ImageFormat, ImageReader, Limits,
};

use super::{drawing, strip};

/// Memory a decoder may take, in bytes: 24 million pixels of the widest kind, and the file.
const MEMORY: u64 = 256 * 1024 * 1024;
/// The longest side of an uploaded drawing once it is painted, in pixels.
const DRAWING_SIDE: u32 = 1024;
/// Pixels that an animation's frames may have together.
pub(super) const ANIMATION_PIXELS: u64 = 4 * MAX_PICTURE_PIXELS;
/// Quality of a JPEG that had to be turned.
const QUALITY: u8 = 90;

/// Checks a file from outside.
pub(super) fn admit(file: &Bytes) -> Result<Picture, PictureError> {
    if file.len() > MAX_PICTURE_BYTES {
        return Err(PictureError::TooManyBytes);
    }
    let Some(kind) = MediaKind::sniff(file) else {
        let drawing = drawing::sniff(file).ok_or(PictureError::UnknownKind)?;
        return drawing::paint(drawing, DRAWING_SIDE);
    };
    let size = size(kind, file)?;
    let content = strip::strip(kind, file)?;
    let decoded = decode(kind, &content)?;
    // Read from the file as it came: what was left out of it may say how it has to be turned.
    match orientation(kind, file) {
        Orientation::NoTransforms => Ok(Picture {
            kind,
            content: content.into(),
            width: size.0,
            height: size.1,
        }),
        turn => turned(kind, decoded, turn),
    }
}

/// The size that the header tells, if it is one that is taken.
pub(super) fn size(kind: MediaKind, file: &[u8]) -> Result<(u32, u32), PictureError> {
    let reader = ImageReader::with_format(Cursor::new(file), format(kind));
    let (width, height) = reader.into_dimensions().map_err(damaged)?;
    if u64::from(width) * u64::from(height) > MAX_PICTURE_PIXELS {
        return Err(PictureError::TooManyPixels);
    }
    if width == 0 || height == 0 {
        return Err(PictureError::Damaged);
    }
    Ok((width, height))
}

/// Decodes a picture, of an animation all frames; the first one.
pub(super) fn decode(kind: MediaKind, file: &[u8]) -> Result<DynamicImage, PictureError> {
    let moving = match kind {
        MediaKind::Gif => {
            let mut decoder = GifDecoder::new(Cursor::new(file)).map_err(damaged)?;
            decoder.set_limits(limits()).map_err(damaged)?;
            Some(decoder.into_frames())
        }
        MediaKind::Webp => {
            let decoder = WebPDecoder::new(Cursor::new(file)).map_err(damaged)?;
            decoder.has_animation().then(|| decoder.into_frames())
        }
        MediaKind::Png | MediaKind::Jpeg => None,
    };
    if let Some(frames) = moving {
        return first_of(frames);
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format(kind));
    reader.limits(limits());
    reader.decode().map_err(damaged)
}

fn first_of(frames: Frames<'_>) -> Result<DynamicImage, PictureError> {
    let (mut first, mut pixels) = (None, 0);
    for frame in frames {
        let frame = frame.map_err(damaged)?.into_buffer();
        pixels += u64::from(frame.width()) * u64::from(frame.height());
        if pixels > ANIMATION_PIXELS {
            return Err(PictureError::TooManyPixels);
        }
        first.get_or_insert(frame);
    }
    first
        .map(DynamicImage::ImageRgba8)
        .ok_or(PictureError::Damaged)
}

fn orientation(kind: MediaKind, file: &[u8]) -> Orientation {
    let reader = ImageReader::with_format(Cursor::new(file), format(kind));
    let told = reader
        .into_decoder()
        .and_then(|mut decoder| decoder.orientation());
    // What cannot be read turns nothing.
    told.unwrap_or(Orientation::NoTransforms)
}

/// The picture the way it is meant to be seen, as a file that does not have to say so.
fn turned(
    kind: MediaKind,
    mut picture: DynamicImage,
    turn: Orientation,
) -> Result<Picture, PictureError> {
    picture.apply_orientation(turn);
    let kind = if kind == MediaKind::Jpeg {
        MediaKind::Jpeg
    } else {
        MediaKind::Png
    };
    encode(&picture, kind)
}

/// The picture as a file: JPEG, or PNG for every other kind.
pub(super) fn encode(picture: &DynamicImage, kind: MediaKind) -> Result<Picture, PictureError> {
    let mut content = Cursor::new(Vec::new());
    let kind = if kind == MediaKind::Jpeg {
        let encoder = JpegEncoder::new_with_quality(&mut content, QUALITY);
        let opaque = DynamicImage::ImageRgb8(picture.to_rgb8());
        opaque.write_with_encoder(encoder).map_err(damaged)?;
        MediaKind::Jpeg
    } else {
        let written = picture.write_to(&mut content, ImageFormat::Png);
        written.map_err(damaged)?;
        MediaKind::Png
    };
    Ok(Picture {
        kind,
        content: content.into_inner().into(),
        width: picture.width(),
        height: picture.height(),
    })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    limits
}

fn format(kind: MediaKind) -> ImageFormat {
    match kind {
        MediaKind::Png => ImageFormat::Png,
        MediaKind::Jpeg => ImageFormat::Jpeg,
        MediaKind::Webp => ImageFormat::WebP,
        MediaKind::Gif => ImageFormat::Gif,
    }
}

/// Whatever a decoder finds wrong: which it is helps nobody who sees only the picture.
fn damaged<E>(_: E) -> PictureError {
    PictureError::Damaged
}

#[cfg(test)]
mod tests;
