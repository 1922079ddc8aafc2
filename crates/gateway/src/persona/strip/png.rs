//! PNG: a signature, then chunks of length, name, content and checksum.

use super::take;

/// What makes the pixels and their colours. An animation's further frames are not among them.
const KEPT: [&[u8; 4]; 10] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
];

pub(super) fn strip(file: &[u8]) -> Option<Vec<u8>> {
    let mut rest = file;
    let mut kept = Vec::with_capacity(file.len());
    kept.extend(take(&mut rest, 8)?);
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
        let chunk = take(&mut rest, usize::try_from(length).ok()?.checked_add(12)?)?;
        let name = chunk.get(4..8)?;
        if KEPT.iter().any(|kept| kept.as_slice() == name) {
            kept.extend(chunk);
        }
        if name == b"IEND" {
            return Some(kept);
        }
    }
}
