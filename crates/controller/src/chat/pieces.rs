//! Messages that come in pieces, put together.

use actix_web::web::{Bytes, BytesMut};
use actix_ws::{CloseCode, Item, Message};

use super::breach::Breach;

/// Something that came in one piece, or is whole now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// A text.
    Text(String),
    /// Something else, which we do not read.
    Binary,
    /// To be answered with the same.
    Ping(Bytes),
    /// Alive.
    Pong,
    /// Goodbye, with this code.
    Close(CloseCode),
}

/// The pieces of a message that is not whole yet. The codec sees to it that they come in order.
pub(super) struct Pieces {
    so_far: BytesMut,
    is_text: bool,
    most: usize,
}

impl Pieces {
    /// No piece yet; of messages of at most so many bytes.
    pub(super) fn new(most: usize) -> Self {
        Self {
            so_far: BytesMut::new(),
            is_text: false,
            most,
        }
    }

    /// Takes what came; what is whole with it.
    pub(super) fn take(&mut self, message: Message) -> Result<Option<Whole>, Breach> {
        let item = match message {
            Message::Text(text) => return Ok(Some(Whole::Text(text.into()))),
            Message::Binary(_) => return Ok(Some(Whole::Binary)),
            Message::Ping(payload) => return Ok(Some(Whole::Ping(payload))),
            Message::Pong(_) => return Ok(Some(Whole::Pong)),
            Message::Close(reason) => {
                let code = reason.map_or(CloseCode::Normal, |reason| reason.code);
                return Ok(Some(Whole::Close(code)));
            }
            Message::Nop => return Ok(None),
            Message::Continuation(item) => item,
        };
        let (bytes, is_last) = match item {
            Item::FirstText(bytes) => {
                self.is_text = true;
                (bytes, false)
            }
            Item::FirstBinary(bytes) => {
                self.is_text = false;
                (bytes, false)
            }
            Item::Continue(bytes) => (bytes, false),
            Item::Last(bytes) => (bytes, true),
        };
        if self.so_far.len() + bytes.len() > self.most {
            return Err(Breach::Size);
        }
        self.so_far.extend_from_slice(&bytes);
        if !is_last {
            return Ok(None);
        }
        let whole = std::mem::take(&mut self.so_far);
        if !self.is_text {
            return Ok(Some(Whole::Binary));
        }
        let text = String::from_utf8(whole.into()).map_err(|_| Breach::Text)?;
        Ok(Some(Whole::Text(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(item: Item) -> Message {
        Message::Continuation(item)
    }

    fn bytes(text: &'static [u8]) -> Bytes {
        Bytes::from_static(text)
    }

    #[test]
    fn a_text_in_pieces_is_whole_with_the_last_even_if_a_character_is_cut() {
        let mut pieces = Pieces::new(16);
        let dog = "개".as_bytes();
        for item in [
            Item::FirstText(Bytes::copy_from_slice(&dog[..1])),
            Item::Continue(Bytes::new()),
        ] {
            assert_eq!(pieces.take(piece(item)), Ok(None));
        }
        // Between them there may be a ping.
        let ping = pieces.take(Message::Ping(bytes(b"p")));
        assert_eq!(ping, Ok(Some(Whole::Ping(bytes(b"p")))));
        let last = piece(Item::Last(Bytes::copy_from_slice(&dog[1..])));
        assert_eq!(pieces.take(last), Ok(Some(Whole::Text("개".to_owned()))));
    }

    #[test]
    fn what_is_too_long_or_no_text_is_a_breach() {
        let mut pieces = Pieces::new(3);
        assert_eq!(pieces.take(piece(Item::FirstText(bytes(b"ab")))), Ok(None));
        let more = pieces.take(piece(Item::Last(bytes(b"cd"))));
        assert_eq!(more, Err(Breach::Size));
        let mut pieces = Pieces::new(3);
        assert_eq!(pieces.take(piece(Item::FirstText(bytes(b"a")))), Ok(None));
        let last = pieces.take(piece(Item::Last(bytes(b"\xff"))));
        assert_eq!(last, Err(Breach::Text));
        let mut pieces = Pieces::new(3);
        assert_eq!(pieces.take(piece(Item::FirstBinary(bytes(b"a")))), Ok(None));
        let last = pieces.take(piece(Item::Last(bytes(b"\xff"))));
        assert_eq!(last, Ok(Some(Whole::Binary)));
    }
}
