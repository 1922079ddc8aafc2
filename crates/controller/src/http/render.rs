//! The middleware that gives every refusal its final form.

use std::{error::Error as StdError, fmt::Write, panic::AssertUnwindSafe};

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode, Uri,
        header::{
            ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE,
            ETAG, HeaderMap, HeaderValue, TRANSFER_ENCODING, VARY, WWW_AUTHENTICATE,
        },
    },
    middleware::Next,
    web,
};
use futures_util::future::FutureExt;

use super::{
    catalogue::Code,
    dialect::{Dialect, Spoken},
    document::{self, Situation},
    language::Language,
    problem::{PROBLEM_JSON, Problem},
    request_id::RequestId,
    route_table::RouteTable,
};

/// Middleware for `from_fn`: renders every [`Problem`] in the client's language with the request's `instance` and
/// `request_id`, logs the cause of a 5xx once, turns a panic into 500 `internal`, and replaces what actix itself would
/// answer (plain text or nothing) by a problem of the same status.
///
/// An answer from 400 up with another content type, such as a page or an old contract's own JSON, is left alone.
///
/// # Errors
/// Passes on what the inner service failed with, set to be rendered like everything else.
pub async fn problems<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    // The request itself may not be held across the call: actix wants to be its only owner while it routes.
    let language = Language::of(request.headers());
    let uri = request.uri().clone();
    let request_id = request.extensions().get::<RequestId>().cloned();

    // Nothing of ours is used again after a panic but these three, and they are plain values.
    let outcome = AssertUnwindSafe(async { next.call(request).await });
    let situation = |uri: &Uri| Situation {
        language,
        request_id,
        instance: Some(uri.path().to_owned()),
    };
    match outcome.catch_unwind().await {
        Ok(Ok(response)) if response.status().as_u16() < 400 => Ok(response.map_into_left_body()),
        Ok(Ok(response)) => Ok(refusal(response, situation(&uri))),
        Ok(Err(error)) => Err(late_refusal(error, situation(&uri))),
        Err(_panic) => {
            // The panic hook has already told what and where; this line gives the request id to it.
            tracing::error!("a request handler panicked");
            Err(late_refusal(
                Problem::new(Code::Internal).into(),
                situation(&uri),
            ))
        }
    }
}

fn refusal<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
    situation: Situation,
) -> ServiceResponse<EitherBody<B>> {
    let given = response
        .response()
        .error()
        .and_then(Error::as_error::<Problem>)
        .cloned();
    let (problem, foreign) = match given {
        Some(problem) => (problem, false),
        None if speaks_for_itself(response.headers()) => return response.map_into_left_body(),
        None => (
            foreign_problem(response.status(), response.response().error()),
            true,
        ),
    };
    log_cause(&problem);
    let spoken = response
        .response()
        .extensions()
        .get::<Spoken>()
        .map(|mark| mark.0);
    let dialect = problem.dialect().or(spoken);
    let (request, response) = response.into_parts();
    let mut answer = render(response, &problem, dialect, &situation);
    if foreign {
        complete_foreign_headers(&mut answer);
        // A resource that refuses by itself knows nothing of HEAD, OPTIONS and its namesakes.
        if answer.status() == StatusCode::METHOD_NOT_ALLOWED
            && let Some(table) = request.app_data::<web::Data<RouteTable>>()
            && let Some(allow) = table.allow(request.match_info().as_str())
        {
            answer.headers_mut().insert(ALLOW, allow);
        }
    }
    ServiceResponse::new(request, answer.map_into_right_body())
}

/// A failure that has no response yet: actix makes one later, outside of us, so the rendering is left with the error.
fn late_refusal(mut error: Error, situation: Situation) -> Error {
    let problem = match error.as_error::<Problem>() {
        Some(problem) => problem.clone(),
        None => {
            let response = error.as_response_error().error_response();
            if speaks_for_itself(response.headers()) {
                return error;
            }
            foreign_problem(response.status(), Some(&error))
        }
    };
    log_cause(&problem);
    error.add_response_mapper(move |response| {
        let mut answer = render(response, &problem, problem.dialect(), &situation);
        complete_foreign_headers(&mut answer);
        answer
    });
    error
}

/// Whether a refusal's body is somebody's intention rather than actix's stopgap.
fn speaks_for_itself(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| {
        let plain = b"text/plain";
        !kind
            .as_bytes()
            .get(..plain.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(plain))
    })
}

fn foreign_problem(status: StatusCode, cause: Option<&Error>) -> Problem {
    let problem = Problem::new(Code::for_status(status)).with_status(status);
    match cause {
        Some(cause) if status.is_server_error() => problem.caused_by(cause.to_string()),
        _ => problem,
    }
}

/// Puts the document into a response whose other headers (cookies, `Retry-After`, CORS) stay.
fn render<B>(
    mut response: HttpResponse<B>,
    problem: &Problem,
    dialect: Option<&'static dyn Dialect>,
    situation: &Situation,
) -> HttpResponse<BoxBody> {
    let (status, body) = document::write(problem, dialect, situation);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for stale in [CONTENT_LENGTH, CONTENT_ENCODING, TRANSFER_ENCODING, ETAG] {
        headers.remove(stale);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    headers.insert(CONTENT_LANGUAGE, situation.language.tag());
    response.set_body(BoxBody::new(body))
}

/// The headers that a [`Problem`] of ours would have brought itself.
fn complete_foreign_headers(response: &mut HttpResponse) {
    let status = response.status();
    let headers = response.headers_mut();
    // Whatever a scope says of its pages holds for no refusal.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let varies = HeaderValue::from_static("Accept-Language");
    if !headers.get_all(VARY).any(|known| *known == varies) {
        headers.append(VARY, varies);
    }
    if status == StatusCode::UNAUTHORIZED && !headers.contains_key(WWW_AUTHENTICATE) {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
}

/// Logs why a 5xx happened, with all that led to it, inside the request's span. Nothing else does.
fn log_cause(problem: &Problem) {
    let code = problem.code().as_str();
    match problem.cause() {
        Some(cause) if problem.status().is_server_error() => {
            tracing::error!(code, cause = chain(cause), "request failed");
        }
        Some(cause) => tracing::debug!(code, cause = chain(cause), "request refused"),
        None if problem.status() == StatusCode::INTERNAL_SERVER_ERROR => {
            tracing::error!(code, "request failed");
        }
        None => {}
    }
}

fn chain(cause: &(dyn StdError + Send + Sync)) -> String {
    let mut text = cause.to_string();
    let mut deeper = cause.source();
    while let Some(source) = deeper {
        // Writing to a text cannot fail.
        let _ = write!(text, ": {source}");
        deeper = source.source();
    }
    text
}
