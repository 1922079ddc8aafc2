//! Messages that come in pieces, put together.

use actix_web::web::{Bytes, BytesMut};
use actix_ws::{CloseCode, Item, Message};

use super::breach::Breach;

/// Something that came in one piece, or is whole now.
#[derive(Debug, PartialEq, Eq)]
pub enum Whole {
    /// A text.
    Text(String),
    /// Anything else.
    Binary(Bytes),
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
    /// How many of the bytes of a text are known to be one.
    checked: usize,
    most: usize,
}

impl Pieces {
    /// No piece yet; of messages of at most so many bytes.
    pub(super) fn new(most: usize) -> Self {
        Self {
            so_far: BytesMut::new(),
            is_text: false,
            checked: 0,
            most,
        }
    }

    /// Takes what came; what is whole with it.
    pub(super) fn take(&mut self, message: Message) -> Result<Option<Whole>, Breach> {
        let item = match message {
            Message::Text(text) => return Ok(Some(Whole::Text(text.into()))),
            Message::Binary(bytes) => return Ok(Some(Whole::Binary(bytes))),
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
        if self.is_text {
            self.check_text(is_last)?;
        }
        if !is_last {
            return Ok(None);
        }
        self.checked = 0;
        let whole = std::mem::take(&mut self.so_far);
        if !self.is_text {
            return Ok(Some(Whole::Binary(whole.freeze())));
        }
        let text = String::from_utf8(whole.into()).map_err(|_| Breach::Text)?;
        Ok(Some(Whole::Text(text)))
    }

    /// Refuses with the piece that spoils it what cannot become a text any more. Every byte is
    /// looked at once: however many pieces there are, it costs no more.
    fn check_text(&mut self, is_last: bool) -> Result<(), Breach> {
        match str::from_utf8(&self.so_far[self.checked..]) {
            Ok(text) => self.checked += text.len(),
            // A character that the next piece goes on with.
            Err(error) if error.error_len().is_none() && !is_last => {
                self.checked += error.valid_up_to();
            }
            Err(_) => return Err(Breach::Text),
        }
        Ok(())
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
        assert_eq!(last, Ok(Some(Whole::Binary(bytes(b"a\xff")))));
    }

    #[test]
    fn what_cannot_become_a_text_is_refused_with_the_piece_that_spoils_it() {
        let mut pieces = Pieces::new(16);
        let first = pieces.take(piece(Item::FirstText(bytes(b"a\xea\xb0"))));
        assert_eq!(first, Ok(None));
        let spoilt = pieces.take(piece(Item::Continue(bytes(b"b"))));
        assert_eq!(spoilt, Err(Breach::Text));
        let mut pieces = Pieces::new(16);
        let first = pieces.take(piece(Item::FirstText(bytes(b"\xea"))));
        assert_eq!(first, Ok(None));
        // Half a character is no text at the end.
        let last = pieces.take(piece(Item::Last(bytes(b"\xb0"))));
        assert_eq!(last, Err(Breach::Text));
    }
}
