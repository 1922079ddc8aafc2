//! The extractors that every body and query is read by.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use validator::Validate;

use super::{
    body::{self, Body, Kind},
    catalogue::Code,
    decode::{self, Attempt},
    field_error::{self, FieldError},
    problem::Problem,
};

/// A JSON body that was read and whose shape was validated.
///
/// Refused with 400 `unreadable_body` (not JSON), 415 (not declared as JSON), 413 and 408 (see
/// [`BodyLimits`](super::body::BodyLimits)), and 422 `invalid_request`, which names every failing field. For that, all
/// fields of `T` are `Option`, with `#[validate(required)]` where they are, and every type in a field with a rule is
/// `Serialize` (validator wants it).
#[derive(Debug)]
pub struct Valid<T>(pub T);

/// As [`Valid`], for routes that take form bodies just like JSON.
#[derive(Debug)]
pub struct ValidForm<T>(pub T);

/// As [`Valid`], but a request without any body is `None`.
#[derive(Debug)]
pub struct MaybeValid<T>(pub Option<T>);

/// A query that was read and validated; every failing parameter is named in a 422 `invalid_request`.
#[derive(Debug)]
pub struct ValidQuery<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Valid<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload, false, None);
        Box::pin(async move { body.await?.map(Self).ok_or_else(absent) })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for ValidForm<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload, true, None);
        Box::pin(async move { body.await?.map(Self).ok_or_else(absent) })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for MaybeValid<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload, false, None);
        Box::pin(async move { body.await.map(Self) })
    }
}

impl<T: DeserializeOwned + Validate> FromRequest for ValidQuery<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let attempt = decode::form(request.query_string().as_bytes());
        ready(validated(attempt).map(Self))
    }
}

/// `None` when nothing was sent.
fn read<T: DeserializeOwned + Validate>(
    request: &HttpRequest,
    payload: &mut Payload,
    takes_forms: bool,
    max_bytes: Option<usize>,
) -> impl Future<Output = Result<Option<T>, Problem>> + 'static {
    let request = request.clone();
    let payload = payload.take();
    async move {
        let attempt = match body::read(&request, payload, takes_forms, max_bytes).await? {
            Body::Absent => return Ok(None),
            Body::Present(Kind::Json, bytes) => decode::json(&bytes)?,
            Body::Present(Kind::Form, bytes) => decode::form(&bytes),
        };
        validated(attempt).map(Some)
    }
}

/// As [`Valid`], for a body of up to so many bytes.
pub(crate) async fn read_large<T: DeserializeOwned + Validate>(
    request: &HttpRequest,
    payload: &mut Payload,
    max_bytes: usize,
) -> Result<T, Problem> {
    let body = read(request, payload, false, Some(max_bytes));
    body.await?.ok_or_else(absent)
}

/// As [`Valid`], of a body that was read already: a signed one.
pub(crate) fn read_json<T: DeserializeOwned + Validate>(body: &[u8]) -> Result<T, Problem> {
    if body.is_empty() {
        return Err(absent());
    }
    validated(decode::json(body)?)
}

fn absent() -> Problem {
    Problem::new(Code::UnreadableBody)
        .with_detail("The request needs a body.", "요청 본문이 필요합니다.")
}

/// Adds `validator`'s findings about what could be read to those about what could not.
fn validated<T: Validate>(attempt: Attempt<T>) -> Result<T, Problem> {
    let Attempt {
        value,
        mut errors,
        gaps,
    } = attempt;
    let Some(value) = value else {
        return Err(Problem::invalid(errors));
    };
    if let Err(findings) = value.validate() {
        let unreadable = errors.len();
        let original_index = |list: &str, index| gaps.original(list, index);
        for finding in field_error::from_validator(&findings, &original_index) {
            // A field that was taken out looks missing, the list or struct around it looks short, and a rule that
            // wants one of several fields may have been met by it.
            let known = &errors[..unreadable];
            let comes_of_it = finding
                .places()
                .any(|place| known.iter().any(|known| is_at_or_above(place, known)));
            if !comes_of_it {
                errors.push(finding);
            }
        }
    }
    if errors.is_empty() {
        Ok(value)
    } else {
        Err(Problem::invalid(errors))
    }
}

fn is_at_or_above(pointer: &str, known: &FieldError) -> bool {
    let below = known.pointer().strip_prefix(pointer);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
