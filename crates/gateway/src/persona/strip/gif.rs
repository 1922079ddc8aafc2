//! GIF: a header, colours, then blocks: pictures, extensions, and the end.

use domain::persona::{MAX_PICTURE_PIXELS, PictureError};

use super::take;
use crate::persona::decode::ANIMATION_PIXELS;

const PICTURE: u8 = 0x2c;
const EXTENSION: u8 = 0x21;
const END: u8 = 0x3b;
/// How long a picture stands, and what of it is transparent.
const CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;

/// The pixels of an animation, told by the headers of its frames.
struct Frames {
    canvas: u64,
    together: u64,
}

impl Frames {
    /// A frame of that size: it may be larger than the canvas, which is all that the file's own
    /// header tells of.
    fn add(&mut self, descriptor: &[u8]) -> Result<(), PictureError> {
        let frame = area(descriptor.get(4..8))?;
        // Each is decoded by itself, and then painted on the whole canvas.
        self.together = self.together.saturating_add(frame.max(self.canvas));
        if frame > MAX_PICTURE_PIXELS || self.together > ANIMATION_PIXELS {
            return Err(PictureError::TooManyPixels);
        }
        Ok(())
    }
}

/// Width times height, as GIF writes them.
fn area(sides: Option<&[u8]>) -> Result<u64, PictureError> {
    let Some([w0, w1, h0, h1]) = sides else {
        return Err(PictureError::Damaged);
    };
    let (width, height) = (
        u16::from_le_bytes([*w0, *w1]),
        u16::from_le_bytes([*h0, *h1]),
    );
    Ok(u64::from(width) * u64::from(height))
}

/// What there is, or the file ends before its picture does.
fn need<T>(found: Option<T>) -> Result<T, PictureError> {
    found.ok_or(PictureError::Damaged)
}

pub(super) fn strip(file: &[u8]) -> Result<Vec<u8>, PictureError> {
    let mut rest = file;
    let mut kept = Vec::with_capacity(file.len());
    let header = need(take(&mut rest, 13))?;
    let mut frames = Frames {
        canvas: area(header.get(6..10))?,
        together: 0,
    };
    kept.extend(header);
    kept.extend(need(take(&mut rest, colours(header[10])))?);
    loop {
        let before = rest;
        let is_kept = match byte(&mut rest)? {
            END => {
                kept.push(END);
                return Ok(kept);
            }
            PICTURE => {
                let descriptor = need(take(&mut rest, 9))?;
                frames.add(descriptor)?;
                need(take(&mut rest, colours(descriptor[8])))?;
                byte(&mut rest)?;
                need(pieces(&mut rest))?;
                true
            }
            EXTENSION => {
                let label = byte(&mut rest)?;
                let content = rest;
                need(pieces(&mut rest))?;
                // How often it is shown again, in the one form everybody writes.
                let repeats = label == APPLICATION && need(content.get(1..12))? == b"NETSCAPE2.0";
                label == CONTROL || repeats
            }
            _ => return Err(PictureError::Damaged),
        };
        if is_kept {
            kept.extend(need(before.get(..before.len() - rest.len()))?);
        }
    }
}

fn byte(rest: &mut &[u8]) -> Result<u8, PictureError> {
    need(take(rest, 1).and_then(|taken| taken.first().copied()))
}

/// Bytes of the colours that a packed field announces.
fn colours(packed: u8) -> usize {
    if packed & 0x80 == 0 {
        return 0;
    }
    3 << ((packed & 7) + 1)
}

/// Skips the pieces of a block, of which the last is empty.
fn pieces(rest: &mut &[u8]) -> Option<()> {
    loop {
        let length = usize::from(*take(rest, 1)?.first()?);
        if length == 0 {
            return Some(());
        }
        take(rest, length)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An animation whose frames say they have these sizes. Nothing of it is decoded here.
    fn animation(canvas: (u16, u16), frames: &[(u16, u16)]) -> Vec<u8> {
        let mut file = b"GIF89a".to_vec();
        file.extend(canvas.0.to_le_bytes());
        file.extend(canvas.1.to_le_bytes());
        file.extend([0, 0, 0]);
        for (width, height) in frames {
            file.extend([PICTURE, 0, 0, 0, 0]);
            file.extend(width.to_le_bytes());
            file.extend(height.to_le_bytes());
            file.extend([0, 2, 2, 0x4c, 0x01, 0]);
        }
        file.push(END);
        file
    }

    #[test]
    fn a_frame_that_is_larger_than_its_canvas_and_any_picture_is_refused() {
        let bomb = animation((10, 10), &[(10, 10), (u16::MAX, u16::MAX)]);
        assert_eq!(strip(&bomb), Err(PictureError::TooManyPixels));
        let just_more = animation((10, 10), &[(6_000, 4_001)]);
        assert_eq!(strip(&just_more), Err(PictureError::TooManyPixels));
        let largest = animation((10, 10), &[(6_000, 4_000)]);
        assert_eq!(strip(&largest), Ok(largest.clone()));
    }

    #[test]
    fn frames_are_bounded_together() {
        let largest = (6_000, 4_000);
        let most = animation((1, 1), &[largest; 4]);
        assert!(strip(&most).is_ok());
        let more = animation((1, 1), &[largest, largest, largest, largest, (1, 1)]);
        assert_eq!(strip(&more), Err(PictureError::TooManyPixels));
        // Small ones count as the canvas they are painted on.
        let small = animation(largest, &[(1, 1); 5]);
        assert_eq!(strip(&small), Err(PictureError::TooManyPixels));
    }
}
