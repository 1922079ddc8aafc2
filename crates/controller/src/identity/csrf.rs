//! Requests that a browser sends on behalf of another site.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use url::Url;

use super::{CookieSettings, credentials};
use crate::http::{Code, Problem};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// For routes that ask nobody who they are, and still set a cookie: not for another site's page
/// that sends ours along.
pub(crate) struct OwnPage;

impl FromRequest for OwnPage {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let has_cookie = credentials::cookie(request).is_some();
        let checked = if has_cookie { check(request) } else { Ok(()) };
        ready(checked.map(|()| Self))
    }
}

/// Refuses a change that a cookie would authorise and that comes from another site's page. Clients
/// that are no browsers send neither header, and pass.
///
/// # Errors
/// 403 `csrf`.
pub(crate) fn check(request: &HttpRequest) -> Result<(), Problem> {
    match request.method().is_safe() {
        true => Ok(()),
        false => from_known_page(request),
    }
}

/// Refuses what another site's page sends, whatever it asks for; for sockets, which begin with a
/// `GET` and do not end with it.
///
/// # Errors
/// 403 `csrf`.
pub(crate) fn from_known_page(request: &HttpRequest) -> Result<(), Problem> {
    let headers = request.headers();
    let origin = headers.get(ORIGIN);
    // A front end on another site is cross-site by nature; it is known by its origin.
    let known = request.app_data::<Data<CookieSettings>>();
    let is_known = known.zip(origin).is_some_and(|(settings, origin)| {
        let mut origins = settings.origins.iter();
        origins.any(|known| known.as_bytes() == origin.as_bytes())
    });
    let site = headers.get(SEC_FETCH_SITE).map(|site| site.as_bytes());
    let is_foreign =
        origin.is_some_and(|origin| !is_same_host(origin.to_str().unwrap_or_default(), headers));
    if !is_known && (is_foreign || site == Some(b"cross-site")) {
        Err(Problem::new(Code::Csrf))
    } else {
        Ok(())
    }
}

/// Whether the page came from the very host that the request goes to.
fn is_same_host(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = Url::parse(origin).ok().and_then(|url| {
        let host = url.host_str()?.to_owned();
        Some(
            url.port()
                .map_or(host.clone(), |port| format!("{host}:{port}")),
        )
    });
    host.is_some() && authority.as_deref() == host
}
