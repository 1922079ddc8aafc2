//! Reading a body: its kind, its size, its patience.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    dev::{Decompress, Payload},
    error::PayloadError,
    http::header::{
        ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue,
    },
};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};

use super::{catalogue::Code, problem::Problem};

/// How much of a body is read and how long is waited for it. Set as app data, for the whole application or a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// The most bytes, after decompression.
    pub max_bytes: usize,
    /// The longest time from the first byte to the last: a client that trickles holds a connection no longer.
    pub timeout: Duration,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self {
            max_bytes: 1024 * 1024,
            timeout: Duration::from_secs(30),
        }
    }
}

/// The kinds of body that carry fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    Form,
}

/// A body as it came.
pub(super) enum Body {
    /// Nothing was sent.
    Absent,
    Present(Kind, Bytes),
}

/// Reads the body. With `takes_forms`, form bodies are as good as JSON.
pub(super) async fn read(
    request: &HttpRequest,
    payload: Payload,
    takes_forms: bool,
    max_bytes: Option<usize>,
) -> Result<Body, Problem> {
    let limits = limits(request, max_bytes);
    let headers = request.headers();
    let announced = announced_length(headers);
    let kind = kind(headers).filter(|kind| takes_forms || *kind == Kind::Json);
    let readable = is_readable_encoding(headers);

    if kind.is_none() && (headers.contains_key(CONTENT_TYPE) || !readable) && announced != Some(0) {
        return Err(unsupported(takes_forms));
    }
    if announced.is_some_and(|length| length > limits.max_bytes as u64) {
        return Err(Problem::new(Code::PayloadTooLarge));
    }
    let stream = Decompress::from_headers(payload, headers);
    let bytes = tokio::time::timeout(limits.timeout, collect(stream, limits.max_bytes))
        .await
        .map_err(|_| Problem::new(Code::RequestTimeout))??;
    match kind {
        // Neither type nor content: nothing was sent. A type promises content, and the parser misses it.
        None if bytes.is_empty() => Ok(Body::Absent),
        Some(kind) if readable => Ok(Body::Present(kind, bytes)),
        _ => Err(unsupported(takes_forms)),
    }
}

/// The application's limits; a route may take more bytes than others do.
fn limits(request: &HttpRequest, max_bytes: Option<usize>) -> BodyLimits {
    let limits = request.app_data::<BodyLimits>().copied();
    let limits = limits.unwrap_or_default();
    BodyLimits {
        max_bytes: max_bytes.unwrap_or(limits.max_bytes),
        ..limits
    }
}

/// Reads a body of any kind, up to so many bytes.
pub(crate) async fn read_file(
    request: &HttpRequest,
    payload: Payload,
    max_bytes: usize,
) -> Result<Bytes, Problem> {
    let limits = limits(request, Some(max_bytes));
    if announced_length(request.headers()).is_some_and(|length| length > max_bytes as u64) {
        return Err(Problem::new(Code::PayloadTooLarge));
    }
    let stream = Decompress::from_headers(payload, request.headers());
    tokio::time::timeout(limits.timeout, collect(stream, max_bytes))
        .await
        .map_err(|_| Problem::new(Code::RequestTimeout))?
}

/// Reads a body as it is sent, compressed or not, up to so many bytes.
pub(crate) async fn read_raw(
    request: &HttpRequest,
    payload: Payload,
    max_bytes: usize,
) -> Result<Bytes, Problem> {
    let limits = limits(request, Some(max_bytes));
    tokio::time::timeout(limits.timeout, collect(payload, max_bytes))
        .await
        .map_err(|_| Problem::new(Code::RequestTimeout))?
}

/// Counts what really arrives: `Content-Length` may be absent, untrue, or tell the compressed size.
async fn collect(
    mut stream: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
    max_bytes: usize,
) -> Result<Bytes, Problem> {
    let mut whole = BytesMut::new();
    let mut only = None;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(broken)?;
        let so_far = whole.len() + only.as_ref().map_or(0, Bytes::len);
        if so_far + chunk.len() > max_bytes {
            return Err(Problem::new(Code::PayloadTooLarge));
        }
        // Most bodies are one chunk, which is then not copied.
        if whole.is_empty() && only.is_none() {
            only = Some(chunk);
        } else {
            if let Some(first) = only.take() {
                whole.reserve(first.len() + chunk.len());
                whole.extend_from_slice(&first);
            }
            whole.extend_from_slice(&chunk);
        }
    }
    Ok(only.unwrap_or_else(|| whole.freeze()))
}

fn broken(error: PayloadError) -> Problem {
    match error {
        PayloadError::Overflow => Problem::new(Code::PayloadTooLarge),
        error => Problem::new(Code::UnreadableBody)
            .with_detail(
                "The body broke off or is damaged.",
                "본문이 중간에 끊겼거나 손상되었습니다.",
            )
            .caused_by(error.to_string()),
    }
}

fn unsupported(takes_forms: bool) -> Problem {
    Problem::new(Code::UnsupportedMediaType).header(
        ACCEPT,
        HeaderValue::from_static(if takes_forms {
            "application/json, application/x-www-form-urlencoded"
        } else {
            "application/json"
        }),
    )
}

fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// `application/json` and every `application/…+json`, whatever parameters follow.
fn kind(headers: &HeaderMap) -> Option<Kind> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next()?.trim().to_ascii_lowercase();
    match essence.strip_prefix("application/")? {
        "json" => Some(Kind::Json),
        "x-www-form-urlencoded" => Some(Kind::Form),
        other => other
            .strip_suffix("+json")
            .filter(|rest| !rest.is_empty())
            .map(|_| Kind::Json),
    }
}

/// Whether the content is plain or in a compression that is built in.
pub(crate) fn is_readable_encoding(headers: &HeaderMap) -> bool {
    let Some(encoding) = headers.get(CONTENT_ENCODING) else {
        return true;
    };
    let known = ["identity", "gzip", "x-gzip", "deflate"];
    encoding.to_str().is_ok_and(|text| {
        known
            .iter()
            .any(|name| text.trim().eq_ignore_ascii_case(name))
    })
}
