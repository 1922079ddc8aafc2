//! Bringing products in from a CSV file.

use std::collections::BTreeMap;
use std::pin::Pin;

use chrono::NaiveDate;
use csv_async::{AsyncReaderBuilder, ByteRecord};
use domain::product::{
    Barcode, Category, Description, ImportId, Product, ProductDraft, ProductName,
    ProductRepository, Size, Won, expiration_date,
};
use domain::user::UserId;
use domain::{Clock, IdGenerator, ValueError};
use tokio::io::{AsyncRead, AsyncReadExt};
use tracing::{info, warn};

use super::columns::{Columns, Member};
use super::lines::Lines;
use super::{ImportError, ImportOptions};

/// Rows stored at a time: others get their turn to write in between.
const BATCH: usize = 1_000;
/// Bad rows listed; all are counted.
const MAX_PROBLEMS: usize = 10_000;

/// Where the file comes from.
pub type ImportSource = Pin<Box<dyn AsyncRead + Send>>;

/// Told after each batch how many rows have been read.
pub type Progress = Box<dyn Fn(u64) + Send + Sync>;

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Whether nothing was stored.
    pub dry_run: bool,
    /// Rows read, the header not counted.
    pub rows: u64,
    /// Products made.
    pub imported: u64,
    /// Rows left out.
    pub failed: u64,
    /// Why, for the first 10,000 findings.
    pub problems: Vec<RowProblem>,
}

/// What is wrong with one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file the row begins at; the header is line 1.
    pub line: u64,
    /// The member of a product.
    pub column: &'static str,
    /// What is wrong.
    pub error: ValueError,
}

/// One import under way.
///
/// Rows are stored in batches nobody sees, and become visible in one statement at the end: who
/// looks in between, or after the process died, sees nothing of it.
pub(super) struct Importer<'a> {
    pub(super) products: &'a dyn ProductRepository,
    pub(super) ids: &'a IdGenerator,
    pub(super) clock: &'a dyn Clock,
    pub(super) owner: UserId,
    pub(super) progress: Progress,
}

impl Importer<'_> {
    pub(super) async fn run(
        &self,
        source: ImportSource,
        options: &ImportOptions,
    ) -> Result<ImportReport, ImportError> {
        let import: ImportId = self.ids.next();
        match self.bring_in(import, source, options).await {
            Ok(report) => Ok(report),
            Err(error) => {
                if !options.dry_run
                    && let Err(left) = self.products.discard(import).await
                {
                    // Invisible in any case; maintenance tries again.
                    warn!(error = %left, "a failed import was not cleared away");
                }
                Err(error)
            }
        }
    }

    async fn bring_in(
        &self,
        import: ImportId,
        source: ImportSource,
        options: &ImportOptions,
    ) -> Result<ImportReport, ImportError> {
        let mut report = self.stage(import, source, options).await?;
        if !options.dry_run {
            report.imported = self.products.publish(import).await?;
            info!(
                rows = report.rows,
                imported = report.imported,
                "products imported"
            );
        }
        Ok(report)
    }

    /// Reads the file to its end, and stores its good rows where nobody sees them yet.
    async fn stage(
        &self,
        import: ImportId,
        source: ImportSource,
        options: &ImportOptions,
    ) -> Result<ImportReport, ImportError> {
        // One byte more than allowed tells a file that fits from one that does not.
        let limit = options
            .max_bytes
            .map_or(u64::MAX, |max| max.saturating_add(1));
        let source = source.take(limit);
        let mut reader = AsyncReaderBuilder::new()
            .flexible(true)
            .create_reader(Lines::of(source));
        let header = reader.byte_headers().await.map_err(unreadable)?.clone();
        let names: Vec<_> = header.iter().map(String::from_utf8_lossy).collect();
        let columns = Columns::find(names.iter().map(AsRef::as_ref), options)?;
        check_defaults(options)?;
        let mut report = ImportReport {
            dry_run: options.dry_run,
            ..Default::default()
        };
        let mut batch = Vec::with_capacity(BATCH);
        let mut record = ByteRecord::new();
        while reader
            .read_byte_record(&mut record)
            .await
            .map_err(unreadable)?
        {
            report.rows += 1;
            let end = reader.position().byte();
            let line = reader.get_mut().first(&record, end);
            match draft(&|member| columns.get(member, &record)) {
                Ok(draft) => {
                    let now = self.clock.now();
                    batch.push(Product::new(self.ids.next(), self.owner, draft, now));
                    report.imported += 1;
                }
                Err(findings) => {
                    report.failed += 1;
                    let room = MAX_PROBLEMS.saturating_sub(report.problems.len());
                    let found = findings.into_iter().map(|(column, error)| RowProblem {
                        line,
                        column,
                        error,
                    });
                    report.problems.extend(found.take(room));
                }
            }
            if batch.len() == BATCH {
                self.store(import, &mut batch, options.dry_run).await?;
                (self.progress)(report.rows);
            }
        }
        if reader.get_ref().source.limit() == 0 {
            return Err(ImportError::TooLarge);
        }
        self.store(import, &mut batch, options.dry_run).await?;
        (self.progress)(report.rows);
        Ok(report)
    }

    async fn store(
        &self,
        import: ImportId,
        batch: &mut Vec<Product>,
        dry_run: bool,
    ) -> Result<(), ImportError> {
        if !dry_run && !batch.is_empty() {
            self.products.stage(import, batch).await?;
        }
        batch.clear();
        Ok(())
    }
}

fn unreadable(error: csv_async::Error) -> ImportError {
    ImportError::Unreadable(Box::new(error))
}

/// Refuses defaults that would make every row a bad one.
fn check_defaults(options: &ImportOptions) -> Result<(), ImportError> {
    let default = |member: Member| Ok(options.defaults.get(member.name()).map(String::as_str));
    let findings = draft(&default).err().unwrap_or_default();
    let mut wrong = findings.into_iter().filter(|(_, error)| *error != MISSING);
    match wrong.next() {
        Some((member, _)) => Err(ImportError::InvalidDefault(member.to_owned())),
        None => Ok(()),
    }
}

/// A member that a product cannot do without is blank.
const MISSING: ValueError = ValueError::new("required");

/// What is wrong with the members of a row, by their names.
type Findings = BTreeMap<&'static str, ValueError>;

/// The text given for a member, if any.
type Text<'a> = dyn Fn(Member) -> Result<Option<&'a str>, ValueError> + 'a;

/// Reads a row; every member that is wrong is named.
fn draft<'a>(text: &'a Text<'a>) -> Result<ProductDraft, Findings> {
    let mut row = Row {
        findings: Findings::new(),
        text,
    };
    let category = row.required(Member::Category, Category::parse);
    let name = row.required(Member::Name, ProductName::parse);
    let description = row.optional(Member::Description, Description::parse);
    let price = row.required(Member::Price, won);
    let cost = row.required(Member::Cost, won);
    let barcode = row.optional(Member::Barcode, Barcode::parse);
    let expiration_date = row.optional(Member::ExpirationDate, date);
    let size = row.required(Member::Size, |text| Size::parse(&text.to_lowercase()));
    match (category, name, price, cost, size) {
        (Some(category), Some(name), Some(price), Some(cost), Some(size))
            if row.findings.is_empty() =>
        {
            Ok(ProductDraft {
                category,
                name,
                description,
                price,
                cost,
                barcode,
                expiration_date,
                size,
            })
        }
        _ => Err(row.findings),
    }
}

/// Reads members and keeps what is wrong with them.
struct Row<'a> {
    findings: Findings,
    text: &'a Text<'a>,
}

impl Row<'_> {
    fn optional<T>(
        &mut self,
        member: Member,
        parse: impl Fn(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        let read = (self.text)(member).and_then(|text| text.map(parse).transpose());
        read.unwrap_or_else(|error| {
            self.findings.insert(member.name(), error);
            None
        })
    }

    fn required<T>(
        &mut self,
        member: Member,
        parse: impl Fn(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        let value = self.optional(member, parse);
        if value.is_none() {
            self.findings.entry(member.name()).or_insert(MISSING);
        }
        value
    }
}

/// An amount as spreadsheets write it: `4500`, `4,500`, `₩4,500` (of either width), `4,500원`.
fn won(text: &str) -> Result<Won, ValueError> {
    let digits = text
        .trim_start_matches(['₩', '￦'])
        .trim_end_matches('원')
        .trim()
        .replace(',', "");
    let amount = digits.parse().map_err(|_| ValueError::new("wrong_type"))?;
    Won::parse(amount)
}

/// A day: `2026-11-21`, `2026/11/21`, `2026.11.21`.
fn date(text: &str) -> Result<NaiveDate, ValueError> {
    let text = text.replace(['/', '.'], "-");
    let date = text.parse().map_err(|_| ValueError::new("invalid_value"))?;
    expiration_date(date)
}

#[cfg(test)]
mod tests;
