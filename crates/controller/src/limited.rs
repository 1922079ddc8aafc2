//! How often anybody may ask: counted once a request, by who is asking as far as that is certain.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};
use domain::notification::ApiKeyId;
use service::requests::{Asker, RequestLimits, Standing};
use utoipa::openapi::OpenApi;

use crate::http::{Problem, limits_of, problem_response, tell_standing};
use crate::identity::asker;

/// Pages and what watches the server; nobody is counted there.
const FREE: [&str; 17] = [
    "/",
    "/health",
    "/livez",
    "/healthz",
    "/readyz",
    "/.well-known/jwks.json",
    "/openapi.json",
    "/docs",
    "/redoc",
    "/feed",
    "/chat",
    "/register",
    "/login",
    "/password/forgot",
    "/account.css",
    "/favicon.ico",
    "/robots.txt",
];
/// What lies below these is a file of a page.
const FREE_BELOW: [&str; 4] = ["/docs/", "/feed/", "/chat/", "/demo/"];

/// Whether it is answered from memory, alike for everybody.
pub(crate) fn is_free(method: &Method, path: &str) -> bool {
    let is_read = *method == Method::GET || *method == Method::OPTIONS;
    is_read && (FREE.contains(&path) || FREE_BELOW.iter().any(|above| path.starts_with(above)))
}

/// Tells at every route where it can come that somebody asks too often, or that too many ask.
pub(crate) fn document_limits(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let methods = [
            (Method::GET, &mut item.get),
            (Method::POST, &mut item.post),
            (Method::PUT, &mut item.put),
            (Method::PATCH, &mut item.patch),
            (Method::DELETE, &mut item.delete),
        ];
        for (method, operation) in methods {
            let Some(operation) = operation.as_mut() else {
                continue;
            };
            if is_free(&method, path) {
                continue;
            }
            for (status, text) in [
                (
                    "429",
                    "`too_many_requests`: see `Retry-After` and `RateLimit`",
                ),
                ("503", "`overloaded`: too much to do; see `Retry-After`"),
            ] {
                let responses = &mut operation.responses.responses;
                let known = responses.entry(status.into());
                known.or_insert_with(|| problem_response(text));
            }
        }
    }
}

/// Middleware for `from_fn`: refuses whoever asks too often, and tells everybody else how they
/// stand. Programs are counted here by address, and by their key once that is certain
/// ([`count_key`]).
pub(crate) async fn limited<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let limits = request.app_data::<web::Data<RequestLimits>>().cloned();
    let Some(limits) = limits.filter(|_| !is_free(request.method(), request.path())) else {
        return next.call(request).await;
    };
    let asker = asker(request.request());
    let standing = match limits.take(asker) {
        None => return next.call(request).await,
        Some(Ok(standing)) => standing,
        Some(Err(wait)) => {
            let policy = asker.policy().as_str();
            return Err(Problem::limited(policy, &wait).into());
        }
    };
    let mut outcome = next.call(request).await;
    match &mut outcome {
        Ok(response) => {
            let own = response.request().extensions().get::<Counted>().copied();
            let standing = own.map_or(standing, |Counted(standing)| standing);
            tell_standing(&limits, standing, response.headers_mut());
        }
        Err(error) => error.add_response_mapper(move |mut response| {
            let headers: &mut HeaderMap = response.headers_mut();
            tell_standing(&limits, standing, headers);
            response
        }),
    }
    outcome
}

/// The mark of a request that was counted by its key.
#[derive(Clone, Copy)]
struct Counted(Standing);

/// Counts a request of a program whose signature is good.
///
/// # Errors
/// 429 where it asks too often.
pub(crate) fn count_key(request: &HttpRequest, key: ApiKeyId) -> Result<(), Problem> {
    let asker = Asker::Key(key);
    let Some(taken) = limits_of(request).and_then(|limits| limits.take(asker)) else {
        return Ok(());
    };
    let standing = taken.map_err(|wait| Problem::limited(asker.policy().as_str(), &wait))?;
    request.extensions_mut().insert(Counted(standing));
    Ok(())
}
