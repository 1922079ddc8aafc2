//! Rows of a CSV file.

use csv_async::{AsyncReader, AsyncReaderBuilder, ByteRecord};
use domain::ValueError;
use tokio::io::{BufReader, Take};

use super::row::{Cell, MEMBERS, Row};
use super::unreadable;
use crate::product::{ImportError, ImportSource, Lines};

/// Reads a CSV file with a header.
pub(super) struct CsvRows {
    reader: AsyncReader<Lines<BufReader<Take<ImportSource>>>>,
    /// The member each column holds; columns we do not know are left out.
    columns: Vec<Option<&'static str>>,
    record: ByteRecord,
}

impl CsvRows {
    pub(super) async fn new(source: BufReader<Take<ImportSource>>) -> Result<Self, ImportError> {
        let mut reader = AsyncReaderBuilder::new()
            .flexible(true)
            .create_reader(Lines::of(source));
        let header = reader.byte_headers().await.map_err(unreadable)?;
        let member = |name: &[u8]| {
            let name = String::from_utf8_lossy(name)
                .trim_start_matches('\u{feff}')
                .trim()
                .to_lowercase();
            MEMBERS.into_iter().find(|member| *member == name)
        };
        let columns: Vec<_> = header.iter().map(member).collect();
        if !columns.contains(&Some("img_url")) {
            return Err(ImportError::MissingColumns(vec!["img_url".into()]));
        }
        Ok(Self {
            reader,
            columns,
            record: ByteRecord::new(),
        })
    }

    pub(super) async fn next(&mut self) -> Result<Option<(u64, Row)>, ImportError> {
        let read = self.reader.read_byte_record(&mut self.record).await;
        if !read.map_err(unreadable)? {
            let rest = self.reader.get_ref().source.get_ref().limit();
            return if rest == 0 {
                Err(ImportError::TooLarge)
            } else {
                Ok(None)
            };
        }
        let end = self.reader.position().byte();
        let line = self.reader.get_mut().first(&self.record, end);
        let mut row = Row::default();
        for (member, text) in self.columns.iter().zip(self.record.iter()) {
            let Some(member) = member else { continue };
            match std::str::from_utf8(text) {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => row.set(member, Cell::Text(text.trim().to_owned())),
                Err(_) => row.refuse(member, ValueError::new("encoding")),
            }
        }
        Ok(Some((line, row)))
    }
}
