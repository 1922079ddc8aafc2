//! An answer that comes in pieces, and the room that all answers together may take.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Room for all answers that are on their way, in KiB: a few of the largest, many of the usual.
const ROOM: usize = 32 * 1024;

/// Why a piece was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Overflow {
    /// The answer is longer than any may be.
    TooLong,
    /// The others take all the room there is.
    NoRoom,
}

/// The room that answers share.
#[derive(Clone, Debug)]
pub(super) struct Room(Arc<Semaphore>);

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(ROOM)))
    }
}

/// What has come of an answer. A buffer that grows would hold it twice.
pub(super) struct Gathered {
    room: Room,
    held: Option<OwnedSemaphorePermit>,
    pieces: Vec<Bytes>,
    length: usize,
    longest: usize,
}

impl Gathered {
    /// Nothing yet, of an answer that is so long at most.
    pub(super) fn new(room: &Room, longest: usize) -> Self {
        Self {
            room: room.clone(),
            held: None,
            pieces: Vec::new(),
            length: 0,
            longest,
        }
    }

    /// Takes the next piece.
    pub(super) fn take(&mut self, piece: Bytes) -> Result<(), Overflow> {
        self.length += piece.len();
        if self.length > self.longest {
            return Err(Overflow::TooLong);
        }
        let held = self
            .held
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        let more = self.length.div_ceil(1024).saturating_sub(held);
        // No answer is so long that this does not fit.
        let more = u32::try_from(more).map_err(|_| Overflow::TooLong)?;
        let permit = self.room.0.clone().try_acquire_many_owned(more);
        let permit = permit.map_err(|_| Overflow::NoRoom)?;
        match &mut self.held {
            Some(held) => held.merge(permit),
            None => self.held = Some(permit),
        }
        self.pieces.push(piece);
        Ok(())
    }

    /// The whole answer.
    pub(super) fn whole(self) -> Vec<u8> {
        self.pieces.concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    fn piece(length: usize) -> Bytes {
        vec![7; length].into()
    }

    #[test]
    fn pieces_come_together_in_order() {
        let mut gathered = Gathered::new(&Room::new(), 6);
        for text in ["ab", "", "cdef"] {
            gathered.take(text.as_bytes().into()).expect("room");
        }
        assert_eq!(gathered.take(piece(1)), Err(Overflow::TooLong));
        assert_eq!(gathered.whole(), b"abcdef");
    }

    #[test]
    fn all_answers_share_a_room_and_give_it_back() {
        let room = Room::new();
        let open = || Gathered::new(&room, 20 * MIB);
        let (mut one, mut other) = (open(), open());
        for _ in 0..16 {
            one.take(piece(MIB)).expect("room");
            other.take(piece(MIB)).expect("room");
        }
        assert_eq!(one.take(piece(1)), Err(Overflow::NoRoom));
        assert_eq!(open().take(piece(1)), Err(Overflow::NoRoom));
        drop(other);
        open().take(piece(16 * MIB)).expect("room");
        one.take(piece(MIB)).expect("room");
    }
}
