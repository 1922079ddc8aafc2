//! Telling a client who it has become.

use std::time::Duration;

use actix_web::cookie::Cookie;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue, SET_COOKIE};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, body::MessageBody, web::Data};
use domain::user::{SessionId, UserId};
use service::user::{CookieHolder, NewGuest, SessionCookies};

use super::CookieSettings;
use crate::http::Problem;

/// Where clients that refuse cookies find their guest id.
const X_GUEST_ID: HeaderName = HeaderName::from_static("x-guest-id");

/// The mark that a new guest leaves on its first request.
struct Introduced(NewGuest);

/// Leaves the mark of a new guest.
pub(crate) fn introduced(request: &HttpRequest, guest: NewGuest) {
    request.extensions_mut().insert(Introduced(guest));
}

/// Middleware for `from_fn`: tells a new guest its id, as a cookie and in `X-Guest-Id`.
pub(crate) async fn introduce<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    let guest = response.request().extensions_mut().remove::<Introduced>();
    if let Some(Introduced(guest)) = guest {
        let cookie = cookie(
            response.request(),
            &CookieHolder::Guest(guest.guest_id.clone()),
        )?;
        let id = HeaderValue::from_str(guest.expose()).map_err(Problem::internal)?;
        let cookie =
            HeaderValue::from_str(&cookie.encoded().to_string()).map_err(Problem::internal)?;
        let headers = response.headers_mut();
        headers.insert(X_GUEST_ID, id);
        headers.append(SET_COOKIE, cookie);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// The session cookie of somebody who just signed in.
pub(crate) fn new_session_cookie(
    request: &HttpRequest,
    user: UserId,
    session: SessionId,
) -> Result<Cookie<'static>, Problem> {
    cookie(request, &CookieHolder::Session(user, session))
}

/// The cookie that takes the session cookie away.
pub(crate) fn no_session_cookie(request: &HttpRequest) -> Result<Cookie<'static>, Problem> {
    let settings = request.app_data::<Data<CookieSettings>>();
    let settings = settings.ok_or_else(|| Problem::internal("no session cookies were set up"))?;
    Ok(settings.cookie(String::new(), Duration::ZERO))
}

fn cookie(request: &HttpRequest, holder: &CookieHolder) -> Result<Cookie<'static>, Problem> {
    let absent = || Problem::internal("no session cookies were set up");
    let settings = request
        .app_data::<Data<CookieSettings>>()
        .ok_or_else(absent)?;
    let cookies = request
        .app_data::<Data<SessionCookies>>()
        .ok_or_else(absent)?;
    let value = cookies.issue(holder).map_err(Problem::internal)?;
    Ok(settings.cookie(value, cookies.lifetime(holder)))
}
