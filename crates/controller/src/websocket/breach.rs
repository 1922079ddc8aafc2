//! What a peer did that the WebSocket protocol (RFC 6455) forbids, and how the connection ends then.

use std::io::ErrorKind;
use std::str::Utf8Error;

use actix_web::error::PayloadError;
use actix_ws::{CloseCode, ProtocolError};

/// A breach of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breach {
    /// A text that is not UTF-8.
    Text,
    /// Longer than we take.
    Size,
    /// Anything else: reserved bits, a missing mask, an unknown kind of frame.
    Protocol,
}

impl Breach {
    /// What the connection is closed with.
    pub(super) fn code(self) -> CloseCode {
        match self {
            Self::Text => CloseCode::Invalid,
            Self::Size => CloseCode::Size,
            Self::Protocol => CloseCode::Protocol,
        }
    }
}

/// Which breach an error tells of; none where the peer is only gone.
pub(super) fn of(error: &ProtocolError) -> Option<Breach> {
    match error {
        ProtocolError::Overflow => Some(Breach::Size),
        ProtocolError::Io(error) => {
            let inner = error.get_ref();
            let payload = inner.and_then(|inner| inner.downcast_ref());
            if matches!(payload, Some(PayloadError::Overflow)) {
                Some(Breach::Size)
            } else if inner.is_some_and(|inner| inner.is::<Utf8Error>()) {
                Some(Breach::Text)
            } else {
                // The codec knows no better name for reserved bits than invalid data.
                (error.kind() == ErrorKind::InvalidData).then_some(Breach::Protocol)
            }
        }
        _ => Some(Breach::Protocol),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn every_breach_has_its_code_and_who_is_gone_is_no_breach() {
        #[expect(
            invalid_from_utf8,
            reason = "only an error of the standard library is wanted"
        )]
        let not_utf8 = std::str::from_utf8(&[0xff]).expect_err("no text");
        let io = |kind, what: &'static str| ProtocolError::Io(io::Error::new(kind, what));
        let text = ProtocolError::Io(io::Error::new(ErrorKind::InvalidData, not_utf8));
        for (error, expected) in [
            (text, Some(CloseCode::Invalid)),
            (ProtocolError::Overflow, Some(CloseCode::Size)),
            (
                ProtocolError::Io(io::Error::other(PayloadError::Overflow)),
                Some(CloseCode::Size),
            ),
            (ProtocolError::UnmaskedFrame, Some(CloseCode::Protocol)),
            (ProtocolError::BadOpCode, Some(CloseCode::Protocol)),
            (
                io(ErrorKind::InvalidData, "bits"),
                Some(CloseCode::Protocol),
            ),
            (io(ErrorKind::Other, "gone"), None),
        ] {
            assert_eq!(of(&error).map(Breach::code), expected, "{error}");
        }
    }
}
