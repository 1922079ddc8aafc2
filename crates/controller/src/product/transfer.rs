//! Products in and out as CSV.

use std::collections::BTreeMap;
use std::io;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use futures_util::TryStreamExt;
use serde::Deserialize;
use service::product::{ImportOptions, ProductService};
use utoipa::IntoParams;
use validator::Validate;

use super::upload::{Report, Upload};
use crate::http::{AuthProblems, BodyProblems, FieldError, Problem, ValidQuery};
use crate::identity::{SignedIn, SignedInWith};

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

/// Brings in products from a CSV file
///
/// The body is the file (`text/csv`, UTF-8, a header line), compressed or not. Rows that are wrong are left out and
/// reported with their line; all others appear at once, when the file has been read.
#[utoipa::path(
    tag = "products",
    params(ImportQuery),
    request_body(content = String, content_type = "text/csv", example = "category,name,price,cost,size\n음료,슈크림 라떼,4500,1200,small\n"),
    responses((status = 200, body = Report), BodyProblems, AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/products/import")]
pub(crate) async fn import(
    SignedInWith(who, (query, payload)): SignedInWith<(ValidQuery<ImportQuery>, web::Payload)>,
    products: web::Data<dyn ProductService>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let upload = Upload::new(&request, payload, &["text/csv", "application/csv"])?;
    let options = query.0.into_options(upload.limit())?;
    let report = upload
        .into_report(|source| products.import(who.user_id, source, &options, Box::new(|_| {})))
        .await?;
    Ok(HttpResponse::Ok().json(report))
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
    security(("bearer" = []), ("cookie" = []))
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
