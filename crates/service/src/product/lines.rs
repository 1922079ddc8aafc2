//! Which line of a file a row begins at.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use csv_async::ByteRecord;
use tokio::io::{AsyncRead, ReadBuf};

/// Passes a file on, and notes where its lines end.
///
/// The CSV reader's own line is that of the byte after the row before. That is one too few where
/// lines end in CR LF, of which it has taken the CR only, and where blank lines come first.
pub(super) struct Lines<R> {
    pub(super) source: R,
    read: u64,
    /// Places of line feeds in the part of the file that is still to be asked for.
    ends: VecDeque<u64>,
    passed: u64,
}

impl<R> Lines<R> {
    pub(super) fn of(source: R) -> Self {
        Self {
            source,
            read: 0,
            ends: VecDeque::new(),
            passed: 0,
        }
    }

    /// The line that a row begins at, of which the last byte read is the one before `end`. To be
    /// asked for one row after the other.
    pub(super) fn first(&mut self, row: &ByteRecord, end: u64) -> u64 {
        let mut last = None;
        while let Some(place) = self.ends.pop_front_if(|place| *place < end) {
            self.passed += 1;
            last = Some(place);
        }
        let ends_its_line = last.is_some_and(|place| place + 1 == end);
        let within = row.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        1 + self.passed - u64::from(ends_its_line) - within
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Lines<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let this = &mut *self;
        ready!(Pin::new(&mut this.source).poll_read(context, buffer))?;
        for byte in &buffer.filled()[before..] {
            if *byte == b'\n' {
                this.ends.push_back(this.read);
            }
            this.read += 1;
        }
        Poll::Ready(Ok(()))
    }
}
