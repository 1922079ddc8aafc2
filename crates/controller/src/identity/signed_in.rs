//! Routes for members.

use std::ops::Deref;

use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, web};
use domain::user::Role;
use futures_util::future::LocalBoxFuture;
use service::user::{AuthenticationError, CookieHolder, Principal, SessionGuard};

use super::{credentials, csrf};
use crate::http::{Code, Problem};

/// Somebody signed in: the bearer of a good access token, or the holder of a good session cookie. For routes that read
/// nothing else of the request; see [`SignedInWith`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignedIn(pub(crate) Principal);

impl Deref for SignedIn {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.0
    }
}

/// The member who asks, by token or cookie; none where neither is there, or the cookie's session has ended.
///
/// # Errors
/// 401 for a token that lets nobody in; 403 for a change that another site's page asks for with a cookie.
pub(crate) async fn member(request: HttpRequest) -> Result<Option<Principal>, Problem> {
    let guard = request.app_data::<web::Data<SessionGuard>>().cloned();
    let guard = guard.ok_or_else(|| Problem::internal("no session guard was set up"))?;
    if let Some(token) = credentials::bearer(&request)? {
        return match guard.authenticate(&token).await {
            Ok(principal) => Ok(Some(principal)),
            Err(AuthenticationError::InvalidToken) => Err(Problem::new(Code::InvalidToken)),
            Err(AuthenticationError::Repository(error)) => Err(error.into()),
        };
    }
    let Some(CookieHolder::Session(user, session)) = credentials::cookie(&request) else {
        return Ok(None);
    };
    match guard.recognise(user, session).await {
        Ok(principal) => csrf::check(&request).map(|()| Some(principal)),
        // A browser keeps sending the cookie of a session that ended: that is a stranger, not an error.
        Err(AuthenticationError::InvalidToken) => Ok(None),
        Err(AuthenticationError::Repository(error)) => Err(error.into()),
    }
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let member = member(request).await?;
            member
                .map(Self)
                .ok_or_else(|| Problem::new(Code::Unauthenticated))
        })
    }
}

/// Somebody signed in, and what else a route reads: only once they are let in, so that a stranger
/// learns nothing from how it is read. (actix reads a route's arguments side by side, whatever
/// their order.)
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignedInWith<T>(pub(crate) Principal, pub(crate) T);

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

/// An administrator, and what else a route reads, once they are let in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Editor<T>(pub(crate) Principal, pub(crate) T);

impl<T: FromRequest + 'static> FromRequest for Editor<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let who = SignedIn::from_request(request, payload);
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let SignedIn(principal) = who.await?;
            if principal.role != Role::Admin {
                return Err(Problem::new(Code::Forbidden).into());
            }
            let rest = T::from_request(&request, &mut payload).await;
            rest.map(|rest| Self(principal, rest)).map_err(Into::into)
        })
    }
}
