//! HEAD for every GET route: actix's route macros answer only the method that they name.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::{BodySize, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
};
use bytes::Bytes;

/// Middleware for `from_fn`, around [`problems`](super::render::problems): routes HEAD as GET and then drops the body,
/// whose length is still told. (OPTIONS is answered by [`unmatched`](super::route_table::unmatched).)
///
/// # Errors
/// Passes on what the inner service failed with.
pub async fn methods<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, Bodiless>>, Error> {
    if request.method() != Method::HEAD {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    request.head_mut().method = Method::GET;
    request.extensions_mut().insert(Head);
    let response = next.call(request).await?;
    Ok(response.map_body(|_, body| EitherBody::right(Bodiless(body.size()))))
}

/// The mark of a request that was a HEAD.
struct Head;

/// Whether the client asked for the head only: for the few routes whose GET does something.
#[must_use]
pub fn is_head(request: &HttpRequest) -> bool {
    request.extensions().contains::<Head>()
}

/// A body that tells a size and sends nothing.
#[derive(Debug)]
pub struct Bodiless(BodySize);

impl MessageBody for Bodiless {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}
