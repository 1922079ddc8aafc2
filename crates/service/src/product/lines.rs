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
pub(crate) struct Lines<R> {
    pub(crate) source: R,
    read: u64,
    /// Places of line feeds in the part of the file that is still to be asked for.
    ends: VecDeque<u64>,
    passed: u64,
}

impl<R> Lines<R> {
    pub(crate) fn of(source: R) -> Self {
        Self {
            source,
            read: 0,
            ends: VecDeque::new(),
            passed: 0,
        }
    }

    /// The line that a row begins at, of which the last byte read is the one before `end`. To be
    /// asked for one row after the other.
    pub(crate) fn first(&mut self, row: &ByteRecord, end: u64) -> u64 {
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

#[cfg(test)]
mod tests {
    use csv_async::AsyncReaderBuilder;

    use super::*;

    /// The lines that the rows after the header begin at.
    async fn lines(file: &str) -> Vec<u64> {
        let mut reader = AsyncReaderBuilder::new()
            .flexible(true)
            .buffer_capacity(5)
            .create_reader(Lines::of(file.as_bytes()));
        reader.byte_headers().await.expect("a header");
        let (mut row, mut lines) = (ByteRecord::new(), Vec::new());
        while reader.read_byte_record(&mut row).await.expect("a row") {
            let end = reader.position().byte();
            lines.push(reader.get_mut().first(&row, end));
        }
        lines
    }

    #[tokio::test]
    async fn a_row_begins_where_an_editor_shows_it() {
        for (file, expected) in [
            ("a,b\n1,2\n3,4\n", &[2, 3][..]),
            ("a,b\n1,2\n3,4", &[2, 3]),
            ("a,b\n\n\n1,2\n\n3,4\n\n", &[4, 6]),
            ("\n\na,b\n1,2\n", &[4]),
            ("a,b\n\"1\n\n\",2\n3,4\n", &[2, 5]),
            ("\"a\n\",b\n1,2\n", &[3]),
            ("\u{feff}a,b\n1,2\n3,4\n", &[2, 3]),
            ("a,b\n1\n\"\n\"\n2", &[2, 3, 5]),
        ] {
            for file in [file.to_owned(), file.replace('\n', "\r\n")] {
                assert_eq!(lines(&file).await, expected, "{file:?}");
            }
        }
    }
}
