//! Who is asking.

use std::ops::Deref;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, web};
use futures_util::future::LocalBoxFuture;
use service::user::{AuthenticationError, Principal, SessionGuard};

use crate::http::{Code, Problem};

/// Somebody signed in: the bearer of a good access token. For routes that read nothing else of the
/// request; see [`SignedInWith`].
#[derive(Clone, Copy, Debug)]
pub struct SignedIn(pub Principal);

impl Deref for SignedIn {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.0
    }
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = bearer(request);
        let guard = request.app_data::<web::Data<SessionGuard>>().cloned();
        Box::pin(async move {
            let token = token?;
            let guard = guard.ok_or_else(|| Problem::internal("no session guard was set up"))?;
            match guard.authenticate(&token).await {
                Ok(principal) => Ok(Self(principal)),
                Err(AuthenticationError::InvalidToken) => Err(Problem::new(Code::InvalidToken)),
                Err(AuthenticationError::Repository(error)) => Err(error.into()),
            }
        })
    }
}

/// Somebody signed in, and what else a route reads: only once they are let in, so that a stranger
/// learns nothing from how it is read. (actix reads a route's arguments side by side, whatever
/// their order.)
#[derive(Clone, Copy, Debug)]
pub struct SignedInWith<T>(pub Principal, pub T);

impl<T: FromRequest + 'static> FromRequest for SignedInWith<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let who = SignedIn::from_request(request, payload);
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let SignedIn(principal) = who.await?;
            let rest = T::from_request(&request, &mut payload).await;
            rest.map(|rest| Self(principal, rest)).map_err(Into::into)
        })
    }
}

/// The token of `Authorization: Bearer …`; the scheme's case does not matter (RFC 9110, 11.1).
fn bearer(request: &HttpRequest) -> Result<String, Problem> {
    let header = request.headers().get(AUTHORIZATION);
    let header = header.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let text = header
        .to_str()
        .map_err(|_| Problem::new(Code::InvalidToken))?;
    match text.trim().split_once(' ') {
        Some((scheme, token))
            if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() =>
        {
            Ok(token.trim().to_owned())
        }
        _ => Err(Problem::new(Code::InvalidToken)),
    }
}
