//! Refusing a frame by the length it announces.
//!
//! The codec looks at a frame's length when all of it has come: by then a peer that announces
//! much and sends it has filled the memory.

use actix_web::error::PayloadError;
use actix_web::web::{Bytes, Payload};
use actix_web::{FromRequest, HttpRequest, dev};
use futures_util::StreamExt;

/// The longest header: two bytes, eight of length, four of mask.
const HEADER: usize = 14;

/// Reads no more of frames than their headers.
struct Gauge {
    most: u64,
    header: [u8; HEADER],
    /// Bytes of the header that have come.
    came: usize,
    /// Bytes of the frame that are still to come.
    left: u64,
}

impl Gauge {
    fn new(most: u64) -> Self {
        Self {
            most,
            header: [0; HEADER],
            came: 0,
            left: 0,
        }
    }

    /// Whether no frame that begins or goes on here announces more than it may.
    fn allows(&mut self, mut bytes: &[u8]) -> bool {
        while let Some((first, rest)) = bytes.split_first() {
            if self.left > 0 {
                let skipped = usize::try_from(self.left).map_or(bytes.len(), |left| {
                    // What is left may be more than what is here.
                    left.min(bytes.len())
                });
                self.left -= skipped as u64;
                bytes = &bytes[skipped..];
                continue;
            }
            self.header[self.came] = *first;
            self.came += 1;
            bytes = rest;
            if !self.read_header() {
                return false;
            }
        }
        true
    }

    /// Goes on to the payload if the header has come; false where that is too long.
    fn read_header(&mut self) -> bool {
        if self.came < 2 {
            return true;
        }
        let short = self.header[1] & 0x7f;
        let more = match short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let mask = if self.header[1] & 0x80 == 0 { 0 } else { 4 };
        if self.came < 2 + more + mask {
            return true;
        }
        let length = match more {
            0 => u64::from(short),
            _ => self.header[2..2 + more]
                .iter()
                .fold(0, |sum, byte| (sum << 8) | u64::from(*byte)),
        };
        self.came = 0;
        self.left = length;
        length <= self.most
    }
}

/// The same bytes, ended by [`PayloadError::Overflow`] where a frame announces more than `most`.
pub(super) async fn gauged(
    request: &HttpRequest,
    payload: Payload,
    most: usize,
) -> Result<Payload, actix_web::Error> {
    let mut gauge = Gauge::new(most as u64);
    let bytes = payload
        .into_inner()
        .map(move |bytes: Result<Bytes, PayloadError>| match bytes {
            Ok(bytes) if !gauge.allows(&bytes) => Err(PayloadError::Overflow),
            bytes => bytes,
        });
    let mut gauged = dev::Payload::from(bytes.boxed_local());
    Payload::from_request(request, &mut gauged).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(length: u64, mask: bool, payload: usize) -> Vec<u8> {
        let bit = if mask { 0x80 } else { 0 };
        let mut bytes = vec![0x81];
        match length {
            0..126 => bytes.push(bit | length as u8),
            126..0x1_0000 => {
                bytes.push(bit | 126);
                bytes.extend((length as u16).to_be_bytes());
            }
            _ => {
                bytes.push(bit | 127);
                bytes.extend(length.to_be_bytes());
            }
        }
        bytes.extend(std::iter::repeat_n(0, if mask { 4 } else { 0 } + payload));
        bytes
    }

    #[test]
    fn what_is_short_enough_passes_however_it_is_cut() {
        let bytes: Vec<u8> = [0, 1, 125, 126, 300, 70_000, 5]
            .into_iter()
            .flat_map(|length| {
                [
                    frame(length, true, length as usize),
                    frame(length, false, length as usize),
                ]
            })
            .flatten()
            .collect();
        for cut in [1, 2, 3, 7, 1_000, bytes.len()] {
            let mut gauge = Gauge::new(70_000);
            assert!(bytes.chunks(cut).all(|chunk| gauge.allows(chunk)), "{cut}");
            assert_eq!((gauge.came, gauge.left), (0, 0));
        }
    }

    #[test]
    fn what_is_too_long_is_refused_with_its_header() {
        for length in [301, 70_000, u64::MAX] {
            let bytes = [frame(3, true, 3), frame(length, true, 0)].concat();
            let mut gauge = Gauge::new(300);
            let (before, last) = bytes.split_at(bytes.len() - 1);
            assert!(gauge.allows(before));
            assert!(!gauge.allows(last));
        }
    }
}
