//! What every answer says to browsers and caches, unless its route says something else.

use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, web};

/// What holds where no route knows better. Nothing but a page of ours has anything to load, and nobody frames it;
/// addresses may hold keys, so they are told to nobody else.
const DEFAULTS: [(HeaderName, HeaderValue); 3] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
];

/// Nearly every answer is somebody's own: no cache keeps it.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// Whoever asked may keep what has a tag, and has to ask again each time whether it is still so.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");

/// How long browsers are to come over TLS only (RFC 6797); app data where people come over TLS.
#[derive(Clone, Debug)]
pub struct StrictTransport(HeaderValue);

impl StrictTransport {
    /// For so long after each answer; zero takes it back.
    #[must_use]
    pub fn lasting(time: Duration) -> Self {
        let value = format!("max-age={}", time.as_secs());
        // Digits are always a legal header value.
        Self(HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("max-age=0")))
    }
}

/// Middleware for `from_fn`: adds what an answer does not say by itself.
///
/// # Errors
/// Passes on what the inner service failed with, set to say the same.
pub async fn harden<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let strict = request.app_data::<web::Data<StrictTransport>>();
    let strict = strict.map(|strict| strict.get_ref().clone());
    let mut outcome = next.call(request).await;
    match &mut outcome {
        Ok(response) => complete(response.headers_mut(), strict.as_ref()),
        Err(error) => error.add_response_mapper(move |mut response| {
            complete(response.headers_mut(), strict.as_ref());
            response
        }),
    }
    outcome
}

fn complete(headers: &mut HeaderMap, strict: Option<&StrictTransport>) {
    for (name, value) in DEFAULTS {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    }
    if !headers.contains_key(CACHE_CONTROL) {
        let has_tag = headers.contains_key(ETAG);
        headers.insert(CACHE_CONTROL, if has_tag { ASK_AGAIN } else { NO_STORE });
    }
    if let Some(StrictTransport(value)) = strict {
        headers.insert(STRICT_TRANSPORT_SECURITY, value.clone());
    }
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse};

    use super::*;

    async fn answered(app: HttpResponse, strict: Option<StrictTransport>) -> HeaderMap {
        let (status, given) = (app.status(), app.headers().clone());
        let app = App::new().configure(|config| {
            if let Some(strict) = strict {
                config.app_data(web::Data::new(strict));
            }
        });
        let app = app.wrap(from_fn(harden)).default_service(web::to(move || {
            let mut response = HttpResponse::new(status);
            for (name, value) in &given {
                response.headers_mut().append(name.clone(), value.clone());
            }
            async move { response }
        }));
        let app = init_service(app).await;
        let answer = call_service(&app, TestRequest::get().uri("/").to_request()).await;
        answer.headers().clone()
    }

    #[actix_web::test]
    async fn an_answer_says_what_it_does_not_say_by_itself() {
        let headers = answered(HttpResponse::Ok().finish(), None).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            (
                "content-security-policy",
                "default-src 'none'; frame-ancestors 'none'",
            ),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(headers.get(name).expect(name), value);
        }
        assert!(!headers.contains_key("strict-transport-security"));
        let mut own = HttpResponse::Ok();
        own.insert_header(("cache-control", "public, max-age=60"));
        own.insert_header(("content-security-policy", "sandbox"));
        let headers = answered(own.finish(), None).await;
        assert_eq!(
            headers.get("cache-control").expect("it"),
            "public, max-age=60"
        );
        let policies: Vec<_> = headers.get_all("content-security-policy").collect();
        assert_eq!(policies, ["sandbox"]);
    }

    #[actix_web::test]
    async fn what_has_a_tag_may_be_kept_by_who_asked() {
        let mut tagged = HttpResponse::NotModified();
        tagged.insert_header(("etag", "\"1\""));
        let headers = answered(tagged.finish(), None).await;
        assert_eq!(
            headers.get("cache-control").expect("it"),
            "private, no-cache"
        );
    }

    #[actix_web::test]
    async fn behind_tls_browsers_are_told_to_stay_there() {
        for (seconds, told) in [(31_536_000, "max-age=31536000"), (0, "max-age=0")] {
            let strict = StrictTransport::lasting(Duration::from_secs(seconds));
            let headers = answered(HttpResponse::NotFound().finish(), Some(strict)).await;
            assert_eq!(headers.get("strict-transport-security").expect("it"), told);
        }
    }
}
