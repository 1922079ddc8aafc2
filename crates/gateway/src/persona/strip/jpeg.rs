//! JPEG (ITU T.81): segments, each with a marker; after a start of scan, coded pixels.

use super::take;

const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

pub(super) fn strip(file: &[u8]) -> Option<Vec<u8>> {
    let mut rest = file;
    let mut kept = Vec::with_capacity(file.len());
    kept.extend(take(&mut rest, 2)?);
    loop {
        let marker = marker(&mut rest)?;
        match marker {
            END => {
                kept.extend([0xff, END]);
                return Some(kept);
            }
            // Markers without a length.
            0x01 | 0xd0..=0xd8 => continue,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?]));
        let segment = take(&mut rest, length.max(2))?;
        if is_picture(marker, segment.get(2..)?) {
            kept.extend([0xff, marker]);
            kept.extend(segment);
        }
        if marker == SCAN {
            let pixels = coded(rest)?;
            kept.extend(take(&mut rest, pixels)?);
        }
    }
}

/// The next marker; any number of fill bytes may stand before it.
fn marker(rest: &mut &[u8]) -> Option<u8> {
    if take(rest, 1)? != [0xff] {
        return None;
    }
    loop {
        match take(rest, 1)? {
            [0xff] => {}
            [marker] => return Some(*marker),
            _ => return None,
        }
    }
}

/// Tables and frames, and of the application's segments those that say how colours are meant.
fn is_picture(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

/// How many bytes of coded pixels follow: up to a marker that is neither an escaped 0xff nor a
/// restart.
fn coded(rest: &[u8]) -> Option<usize> {
    rest.windows(2)
        .position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff))
}
