//! Bringing outfits in from a file: CSV with a header, or one JSON object a line.

mod csv;
mod ndjson;
mod row;

use std::pin::Pin;

use domain::outfit::{Outfit, OutfitDraft, OutfitId};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tracing::info;

use super::OutfitError;
use crate::product::{ImportError, ImportReport, ImportSource, Progress, RowProblem};
use row::Row;

/// Rows stored at a time: others get their turn to write in between.
const BATCH: usize = 500;
/// Bad rows listed; all are counted.
const MAX_PROBLEMS: usize = 10_000;

/// How a file of outfits is to be read.
#[derive(Clone, Debug, Default)]
pub struct OutfitImportOptions {
    /// Store nothing, and report what would happen.
    pub dry_run: bool,
    /// The largest file, in bytes.
    pub max_bytes: Option<u64>,
}

/// Stores a batch.
type Save<'a> = dyn Fn(
        Vec<(Option<OutfitId>, OutfitDraft)>,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<Outfit>, OutfitError>> + Send + 'a>>
    + Sync
    + 'a;

/// One import under way. Rows are stored in batches as they come: an outfit that brings its id is
/// replaced when the file is imported again, so an import that was cut off is simply repeated.
pub(super) struct Importer<'a> {
    pub(super) save: &'a Save<'a>,
    pub(super) progress: Progress,
}

/// Rows of a file, in order, with the lines they begin at.
enum Rows {
    Csv(csv::CsvRows),
    Json(ndjson::JsonRows),
}

impl Rows {
    async fn next(&mut self) -> Result<Option<(u64, Row)>, ImportError> {
        match self {
            Self::Csv(rows) => rows.next().await,
            Self::Json(rows) => rows.next().await,
        }
    }
}

impl Importer<'_> {
    pub(super) async fn run(
        &self,
        source: ImportSource,
        options: &OutfitImportOptions,
    ) -> Result<ImportReport, ImportError> {
        // One byte more than allowed tells a file that fits from one that does not.
        let limit = options
            .max_bytes
            .map_or(u64::MAX, |max| max.saturating_add(1));
        let mut source = BufReader::new(source.take(limit));
        let start = source.fill_buf().await.map_err(unreadable)?;
        let is_json = start.trim_ascii_start().first() == Some(&b'{');
        let mut rows = if is_json {
            Rows::Json(ndjson::JsonRows::new(source))
        } else {
            Rows::Csv(csv::CsvRows::new(source).await?)
        };
        let mut report = ImportReport {
            dry_run: options.dry_run,
            ..Default::default()
        };
        let mut batch = Vec::with_capacity(BATCH);
        while let Some((line, row)) = rows.next().await? {
            report.rows += 1;
            match row.read() {
                Ok(outfit) => batch.push(outfit),
                Err(findings) => {
                    report.failed += 1;
                    let room = MAX_PROBLEMS.saturating_sub(report.problems.len());
                    let findings = findings.into_iter().take(room);
                    report
                        .problems
                        .extend(findings.map(|(column, error)| RowProblem {
                            line,
                            column,
                            error,
                        }));
                }
            }
            if batch.len() == BATCH {
                self.store(&mut batch, &mut report).await?;
            }
        }
        self.store(&mut batch, &mut report).await?;
        if !options.dry_run {
            info!(
                rows = report.rows,
                imported = report.imported,
                "outfits imported"
            );
        }
        Ok(report)
    }

    async fn store(
        &self,
        batch: &mut Vec<(Option<OutfitId>, OutfitDraft)>,
        report: &mut ImportReport,
    ) -> Result<(), ImportError> {
        report.imported += batch.len() as u64;
        let batch = std::mem::take(batch);
        if !report.dry_run && !batch.is_empty() {
            (self.save)(batch).await.map_err(|error| match error {
                OutfitError::Repository(error) => ImportError::Repository(error),
                other => ImportError::Unreadable(other.into()),
            })?;
        }
        (self.progress)(report.rows);
        Ok(())
    }
}

/// What the file's reader says, as ours.
fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ImportError {
    ImportError::Unreadable(error.into())
}

#[cfg(test)]
mod tests;
