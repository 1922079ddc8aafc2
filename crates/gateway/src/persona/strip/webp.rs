//! WebP: a RIFF file, chunks of name, length and content, each padded to an even length.

use super::take;

/// What makes the pixels, their colours and their timing.
const KEPT: [&[u8; 4]; 7] = [
    b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP",
];
/// In the first byte of the extended header: the file holds EXIF, XMP.
const METADATA: u8 = 0x08 | 0x04;

pub(super) fn strip(file: &[u8]) -> Option<Vec<u8>> {
    let mut rest = file;
    let header = take(&mut rest, 12)?;
    // What is announced counts: what follows it is no part of the picture.
    let announced = length(header.get(4..)?)?.checked_sub(4)?;
    let mut rest = rest.get(..announced)?;
    let mut kept = Vec::with_capacity(file.len());
    kept.extend(header);
    while !rest.is_empty() {
        let content = length(rest.get(4..)?)?;
        let chunk = take(&mut rest, content.checked_add(8)?)?;
        let is_kept = KEPT.iter().any(|kept| chunk.starts_with(*kept));
        if is_kept {
            let start = kept.len();
            kept.extend(chunk);
            if chunk.starts_with(b"VP8X") {
                *kept.get_mut(start + 8)? &= !METADATA;
            }
        }
        if content % 2 == 1 {
            // Some leave out the padding of the last chunk.
            let padding = 1.min(rest.len());
            take(&mut rest, padding)?;
            if is_kept {
                kept.push(0);
            }
        }
    }
    let riff = u32::try_from(kept.len() - 8).ok()?;
    kept.get_mut(4..8)?.copy_from_slice(&riff.to_le_bytes());
    Some(kept)
}

/// A length as it is written.
fn length(bytes: &[u8]) -> Option<usize> {
    let bytes = bytes.get(..4)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(bytes)).ok()
}
