//! Files that a service reads while they arrive.

use std::io;
use std::pin::pin;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::{Decompress, Payload};
use actix_web::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
use actix_web::web;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use serde::Serialize;
use service::product::{ImportError, ImportReport, ImportSource};
use tokio::sync::mpsc;
use tokio_util::io::StreamReader;
use utoipa::ToSchema;

use crate::http::{
    BodyLimits, Code, FieldError, FieldProblem, Language, Problem, is_readable_encoding,
};

/// The largest file, in bytes; app data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImportLimit(pub(crate) u64);

/// What an import did, or would do.
#[derive(Serialize, ToSchema)]
pub(crate) struct Report {
    dry_run: bool,
    /// Rows read, the header not counted.
    rows: u64,
    /// Products made.
    imported: u64,
    /// Rows left out.
    failed: u64,
    /// Why, for the first 10,000 findings.
    errors: Vec<RowError>,
}

/// What is wrong with one cell.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowError {
    /// The line the row begins at; the header is line 1.
    line: u64,
    #[serde(flatten)]
    finding: FieldProblem,
}

impl Report {
    fn new(report: ImportReport, language: Language) -> Self {
        let errors = report.problems.into_iter().map(|problem| {
            let finding = FieldError::of_value(format!("/{}", problem.column), &problem.error);
            RowError {
                line: problem.line,
                finding: FieldProblem {
                    pointer: finding.pointer().into(),
                    code: finding.code().into(),
                    detail: finding.detail(language),
                },
            }
        });
        Self {
            dry_run: report.dry_run,
            rows: report.rows,
            imported: report.imported,
            failed: report.failed,
            errors: errors.collect(),
        }
    }
}

/// A file that is arriving.
pub(crate) struct Upload {
    payload: Decompress<Payload>,
    limit: Option<u64>,
    patience: Duration,
    language: Language,
}

impl Upload {
    /// The body of a request, which has to be of one of these kinds.
    pub(crate) fn new(
        request: &HttpRequest,
        payload: web::Payload,
        kinds: &'static [&'static str],
    ) -> Result<Self, Problem> {
        let limit = request.app_data::<ImportLimit>().map(|limit| limit.0);
        check_headers(request.headers(), kinds, limit)?;
        let limits = request.app_data::<BodyLimits>().copied();
        Ok(Self {
            payload: Decompress::from_headers(payload.into_inner(), request.headers()),
            limit,
            patience: limits.unwrap_or_default().timeout,
            language: Language::of(request.headers()),
        })
    }

    /// The largest file, in bytes.
    pub(crate) fn limit(&self) -> Option<u64> {
        self.limit
    }

    /// Lets `import` read the file while it arrives.
    pub(crate) async fn into_report<F>(
        self,
        import: impl FnOnce(ImportSource) -> F,
    ) -> Result<Report, Problem>
    where
        F: Future<Output = Result<ImportReport, ImportError>> + Unpin,
    {
        // The payload stays on its thread; what it gives goes to the service through a short queue.
        let (sender, receiver) = mpsc::channel(4);
        let pieces = futures_util::stream::unfold(receiver, |mut receiver| async move {
            receiver.recv().await.map(|piece| (piece, receiver))
        });
        let work = import(Box::pin(StreamReader::new(Box::pin(pieces))));
        let feeding = pin!(feed(self.payload, sender, self.patience));
        let (report, was_late) = match select(work, feeding).await {
            // What the service does not want to read any more, nobody waits for.
            Either::Left((report, _)) => (report, false),
            Either::Right((was_late, work)) => (work.await, was_late),
        };
        let report = report.map_err(|error| match error {
            ImportError::Unreadable(_) if was_late => Problem::new(Code::RequestTimeout),
            error => error.into(),
        })?;
        Ok(Report::new(report, self.language))
    }
}

/// Passes a file on, piece by piece, until it ends, breaks off, is not wanted any more, or the next
/// piece keeps us waiting for longer than `patience`: whether that was the reason.
async fn feed(
    mut payload: Decompress<Payload>,
    sender: mpsc::Sender<io::Result<Bytes>>,
    patience: Duration,
) -> bool {
    loop {
        let (piece, was_late) = match tokio::time::timeout(patience, payload.next()).await {
            Ok(Some(piece)) => (piece.map_err(io::Error::other), false),
            Ok(None) => return false,
            Err(late) => (Err(late.into()), true),
        };
        let is_last = piece.is_err();
        if sender.send(piece).await.is_err() || is_last {
            return was_late;
        }
    }
}

fn check_headers(
    headers: &HeaderMap,
    kinds: &'static [&'static str],
    limit: Option<u64>,
) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let given = text(CONTENT_TYPE).and_then(|kind| kind.split(';').next());
    let is_taken = given.is_some_and(|given| {
        kinds
            .iter()
            .any(|kind| given.trim().eq_ignore_ascii_case(kind))
    });
    if !is_taken || !is_readable_encoding(headers) {
        let preferred = kinds.first().copied().unwrap_or_default();
        let accepted = HeaderValue::from_static(preferred);
        return Err(Problem::new(Code::UnsupportedMediaType).header(ACCEPT, accepted));
    }
    let length: Option<u64> = text(CONTENT_LENGTH).and_then(|text| text.parse().ok());
    match (length, limit) {
        (Some(length), Some(limit)) if length > limit => Err(Problem::new(Code::PayloadTooLarge)),
        _ => Ok(()),
    }
}
