//! The name of one request, the same in its answer and in every line that is logged for it.

use std::{
    cell::RefCell,
    convert::Infallible,
    future::{Ready, ready},
    hash::{BuildHasher, RandomState},
};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
};
use tracing::Instrument;

use super::answered::Begun;

/// The header that carries it in both directions.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that we take over from a client or proxy.
const MAX_LENGTH: usize = 128;

/// The name of one request. Cloning it copies no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The client's id where it is 1–128 of `A–Z a–z 0–9 . _ -`, else a new one of 32 hexadecimal digits. Anything
    /// else would let a client write into our logs.
    fn of(request: &ServiceRequest) -> Self {
        match request.headers().get(X_REQUEST_ID) {
            Some(given) if is_acceptable(given.as_bytes()) => Self(given.clone()),
            _ => Self::random(),
        }
    }

    /// A new id of 128 bits.
    #[must_use]
    pub fn random() -> Self {
        let random = random_bits();
        let mut digits = [0; 32];
        for (digit, shift) in digits.iter_mut().zip((0..128).step_by(4)) {
            let bits = (random >> shift & 0xf) as u8;
            *digit = if bits < 10 {
                b'0' + bits
            } else {
                b'a' + bits - 10
            };
        }
        // Hexadecimal digits are always a legal header value.
        Self(HeaderValue::from_bytes(&digits).unwrap_or_else(|_| HeaderValue::from_static("-")))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or("-")
    }
}

impl FromRequest for RequestId {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    /// The id that [`identify`] gave; a new one where that does not run.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = request.extensions().get::<Self>().cloned();
        ready(Ok(known.unwrap_or_else(Self::random)))
    }
}

fn is_acceptable(id: &[u8]) -> bool {
    let legal = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    (1..=MAX_LENGTH).contains(&id.len()) && id.iter().all(legal)
}

/// Two keyed hashes of a counter. The key comes from the operating system once a thread, so that no request waits for
/// it; an id has to be unique and hard to guess, but protects nothing.
fn random_bits() -> u128 {
    thread_local! {
        static SOURCE: RefCell<(RandomState, u64)> = RefCell::new((RandomState::new(), 0));
    }
    SOURCE.with_borrow_mut(|(key, counter)| {
        *counter += 1;
        let high = key.hash_one((*counter, 0_u8));
        let low = key.hash_one((*counter, 1_u8));
        u128::from(high) << 64 | u128::from(low)
    })
}

/// Middleware for `from_fn`, the outermost one: names the request, opens the span that every line of its log is
/// written in, writes the access log, counts the request where that is wanted (a [`Traffic`](super::Traffic) in the
/// app's data) and puts the id on the answer.
///
/// # Errors
/// Passes on what the inner service failed with.
pub async fn identify<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = RequestId::of(&request);
    request.extensions_mut().insert(id.clone());
    let begun = Begun::of(&request);
    let origin = begun.as_ref().and_then(|begun| begun.span().origin());
    // Of level error, so that errors keep their request id however little else is logged.
    let span = match origin {
        Some(origin) => {
            let trace_id = origin.trace_id();
            tracing::error_span!("request", request_id = id.as_str(), trace_id)
        }
        None => tracing::error_span!("request", request_id = id.as_str()),
    };

    async move {
        let mut outcome = match &begun {
            Some(begun) => begun.span().around(next.call(request)).await,
            None => next.call(request).await,
        };
        if let Some(begun) = begun {
            begun.end(&outcome);
        }
        match &mut outcome {
            Ok(response) => {
                response.headers_mut().insert(X_REQUEST_ID, id.0);
            }
            Err(error) => error.add_response_mapper(move |mut response| {
                response.headers_mut().insert(X_REQUEST_ID, id.0.clone());
                response
            }),
        }
        outcome
    }
    .instrument(span)
    .await
}
