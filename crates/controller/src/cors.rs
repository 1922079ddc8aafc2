//! Whose pages may read answers, and with whose cookies.

use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ORIGIN};
use actix_web::middleware::Next;
use actix_web::{Error, web};

/// The front end; app data.
#[derive(Clone, Debug)]
pub(crate) struct FrontEnd {
    /// Its origin, whose pages may send cookies along.
    pub(crate) origin: Option<String>,
    /// Whether pages of any other are refused.
    pub(crate) strict: bool,
}

/// Pages of the front end may read answers and, unless strict, those of any origin.
pub(crate) fn cors(frontend: Option<&str>, strict: bool) -> Cors {
    let cors = Cors::default()
        .allow_any_method()
        .allow_any_header()
        .expose_headers([
            "ETag",
            "Location",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Guest-Id",
            "X-Request-Id",
        ])
        .max_age(600);
    match (frontend, strict) {
        (Some(origin), true) => cors.allowed_origin(origin).supports_credentials(),
        (None, true) => cors,
        // With credentials the origin is echoed instead of `*`, which browsers refuse then.
        (Some(_), false) => cors.allow_any_origin().supports_credentials(),
        (None, false) => cors.allow_any_origin().send_wildcard(),
    }
}

/// Middleware for `from_fn`, around [`cors`]: only the front end's pages may send cookies. Others
/// bring a token themselves, and nothing that a browser would add on its own.
pub(crate) async fn credentials_for_the_front_end<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let front_end = request.app_data::<web::Data<FrontEnd>>().cloned();
    let origin = request.headers().get(ORIGIN).cloned();
    let mut response = next.call(request).await?;
    let is_front_end = match (
        &origin,
        front_end.as_ref().and_then(|known| known.origin.as_ref()),
    ) {
        (Some(origin), Some(known)) => origin.as_bytes() == known.as_bytes(),
        _ => false,
    };
    if !is_front_end {
        response
            .headers_mut()
            .remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    }
    Ok(response)
}
