//! Products in and out as CSV.

use std::collections::BTreeMap;
use std::io;
use std::pin::pin;
use std::time::Duration;

use actix_web::dev::{Decompress, Payload};
use actix_web::http::header::{
    ACCEPT, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue,
};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use bytes::Bytes;
use futures_util::future::{Either, select};
use futures_util::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use service::product::{ImportError, ImportOptions, ImportReport, ProductService};
use tokio::sync::mpsc;
use tokio_util::io::StreamReader;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::{
    AuthProblems, BodyLimits, BodyProblems, Code, FieldError, FieldProblem, Language, Problem,
    ValidQuery, is_readable_encoding,
};
use crate::identity::{SignedIn, SignedInWith};

/// The largest file, in bytes; app data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImportLimit(pub(crate) u64);

/// How a file is to be read.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    /// `true` stores nothing and reports what would happen.
    dry_run: Option<bool>,
    /// The file's own column names: `name:productDisplayName,category:articleType`.
    #[validate(length(max = 1000))]
    columns: Option<String>,
    /// Values where the file has none: `size:small,cost:0`.
    #[validate(length(max = 1000))]
    defaults: Option<String>,
}

impl ImportQuery {
    /// The validated options.
    fn into_options(self, max_bytes: Option<u64>) -> Result<ImportOptions, Problem> {
        Ok(ImportOptions {
            dry_run: self.dry_run.unwrap_or_default(),
            columns: pairs("/columns", self.columns.as_deref())?,
            defaults: pairs("/defaults", self.defaults.as_deref())?,
            max_bytes,
        })
    }
}

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

/// Brings in products from a CSV file
///
/// The body is the file (`text/csv`, UTF-8, a header line), compressed or not. Rows that are wrong are left out and
/// reported with their line; all others appear at once, when the file has been read.
#[utoipa::path(
    tag = "products",
    params(ImportQuery),
    request_body(content = String, content_type = "text/csv", example = "category,name,price,cost,size\n음료,슈크림 라떼,4500,1200,small\n"),
    responses((status = 200, body = Report), BodyProblems, AuthProblems),
    security(("bearer" = []))
)]
#[post("/api/v1/products/import")]
pub(crate) async fn import(
    SignedInWith(who, (query, payload)): SignedInWith<(ValidQuery<ImportQuery>, web::Payload)>,
    products: web::Data<dyn ProductService>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let limit = request.app_data::<ImportLimit>().map(|limit| limit.0);
    check_headers(request.headers(), limit)?;
    let options = query.0.into_options(limit)?;
    let patience = request
        .app_data::<BodyLimits>()
        .copied()
        .unwrap_or_default()
        .timeout;
    let payload = Decompress::from_headers(payload.into_inner(), request.headers());
    // The payload stays on its thread; what it gives goes to the service through a short queue.
    let (sender, receiver) = mpsc::channel(4);
    let pieces = futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    let source = Box::pin(StreamReader::new(Box::pin(pieces)));
    let work = products.import(who.user_id, source, &options, Box::new(|_| {}));
    let (report, was_late) = match select(work, pin!(feed(payload, sender, patience))).await {
        // What the service does not want to read any more, nobody waits for.
        Either::Left((report, _)) => (report, false),
        Either::Right((was_late, work)) => (work.await, was_late),
    };
    let report = report.map_err(|error| match error {
        ImportError::Unreadable(_) if was_late => Problem::new(Code::RequestTimeout),
        error => error.into(),
    })?;
    let language = Language::of(request.headers());
    Ok(HttpResponse::Ok().json(Report::new(report, language)))
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

fn check_headers(headers: &HeaderMap, limit: Option<u64>) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = text(CONTENT_TYPE).and_then(|kind| kind.split(';').next());
    let is_csv = kind.is_some_and(|kind| {
        ["text/csv", "application/csv"]
            .iter()
            .any(|csv| kind.trim().eq_ignore_ascii_case(csv))
    });
    if !is_csv || !is_readable_encoding(headers) {
        let accepted = HeaderValue::from_static("text/csv");
        return Err(Problem::new(Code::UnsupportedMediaType).header(ACCEPT, accepted));
    }
    let length: Option<u64> = text(CONTENT_LENGTH).and_then(|text| text.parse().ok());
    match (length, limit) {
        (Some(length), Some(limit)) if length > limit => Err(Problem::new(Code::PayloadTooLarge)),
        _ => Ok(()),
    }
}

/// Reads `a:b,c:d`.
fn pairs(pointer: &str, text: Option<&str>) -> Result<BTreeMap<String, String>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(BTreeMap::new());
    };
    let pair = |text: &str| {
        text.split_once(':')
            .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
    };
    let read: Option<_> = text.split(',').map(pair).collect();
    read.ok_or_else(|| Problem::invalid(vec![FieldError::new(pointer, "invalid_value")]))
}

/// All my products as CSV, the newest first
#[utoipa::path(
    tag = "products",
    responses((status = 200, description = "A file that an import reads back", body = String, content_type = "text/csv"), AuthProblems),
    security(("bearer" = []))
)]
#[get("/api/v1/products/export")]
pub(crate) async fn export(
    who: SignedIn,
    products: web::Data<dyn ProductService>,
) -> Result<HttpResponse, Problem> {
    // The status has been sent by the time a page fails to load: all that is left is to break off.
    let file = products
        .export(who.user_id)
        .map_ok(web::Bytes::from)
        .map_err(io::Error::other);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"products.csv\""))
        .streaming(file))
}
