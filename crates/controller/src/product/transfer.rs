//! Products in and out as CSV.

use std::collections::BTreeMap;
use std::io;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use domain::ValueError;
use futures_util::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use service::product::{ImportOptions, ImportReport, ProductService};
use tokio_util::io::StreamReader;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::{
    AuthProblems, BodyLimits, BodyProblems, Code, FieldError, FieldProblem, Language, Problem,
    ValidQuery,
};
use crate::identity::SignedIn;

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
            let pointer = format!("/{}", problem.column);
            let finding = finding(pointer, &problem.error);
            let detail = finding.detail(language);
            let finding = FieldProblem {
                pointer: finding.pointer().into(),
                code: finding.code().into(),
                detail,
            };
            RowError {
                line: problem.line,
                finding,
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

fn finding(pointer: String, error: &ValueError) -> FieldError {
    let mut finding = FieldError::new(pointer, error.code);
    for (name, bound) in [("min", error.min), ("max", error.max)] {
        if let Some(bound) = bound {
            finding = finding.with_param(name, bound);
        }
    }
    finding
}

/// Brings in products from a CSV file
///
/// The body is the file (`text/csv`, UTF-8, a header line). Rows that are wrong are left out and
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
    who: SignedIn,
    products: web::Data<dyn ProductService>,
    request: HttpRequest,
    query: ValidQuery<ImportQuery>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let limit = request.app_data::<ImportLimit>().map(|limit| limit.0);
    check_headers(&request, limit)?;
    let options = ImportOptions {
        dry_run: query.0.dry_run.unwrap_or_default(),
        columns: pairs("/columns", query.0.columns.as_deref())?,
        defaults: pairs("/defaults", query.0.defaults.as_deref())?,
        max_bytes: limit,
    };
    let (sender, receiver) = tokio::sync::mpsc::channel(4);
    let limits = request
        .app_data::<BodyLimits>()
        .copied()
        .unwrap_or_default();
    let patience = limits.timeout;
    // The payload stays on its thread; what it gives goes to the service through a short queue.
    let feed = async move {
        let mut payload = payload;
        loop {
            let piece = match tokio::time::timeout(patience, payload.next()).await {
                Ok(Some(piece)) => piece.map_err(io::Error::other),
                Ok(None) => break,
                Err(late) => Err(io::Error::from(late)),
            };
            let is_last = piece.is_err();
            if sender.send(piece).await.is_err() || is_last {
                break;
            }
        }
    };
    let pieces = futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    let source = Box::pin(StreamReader::new(Box::pin(pieces)));
    let work = products.import(who.user_id, source, &options, Box::new(|_| {}));
    let (report, ()) = futures_util::future::join(work, feed).await;
    let language = Language::of(request.headers());
    Ok(HttpResponse::Ok().json(Report::new(report?, language)))
}

fn check_headers(request: &HttpRequest, limit: Option<u64>) -> Result<(), Problem> {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let kind = header(CONTENT_TYPE)
        .unwrap_or_default()
        .to_ascii_lowercase();
    if !kind.starts_with("text/csv") && !kind.starts_with("application/csv") {
        return Err(Problem::new(Code::UnsupportedMediaType));
    }
    let length: Option<u64> = header(CONTENT_LENGTH).and_then(|text| text.parse().ok());
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
