//! Who is asking.

use std::ops::Deref;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use futures_util::future::LocalBoxFuture;
use service::user::{AuthenticationError, Principal, SessionGuard};

use crate::http::{Code, Problem};

/// Somebody signed in: the bearer of a good access token. Name it first among a route's
/// arguments, so that a stranger learns nothing from how the rest is read.
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
