//! Who signed a request with an API key.

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest, web};
use bytes::Bytes;
use domain::notification::Scope;
use domain::user::User;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use service::notification::{Caller, Form, OnceKey, SignedCall, SignedCalls};
use validator::Validate;

use crate::http::{BodyLimits, ClientAddress, Code, Problem, ValidQuery, read_file, read_json};
use crate::limited::count_key;
use crate::once::idempotency_key;

/// The header of the older form: the signature of the query string.
const SECRET: &str = "secret";
/// The headers of the newer form.
const KEY: &str = "ensemble-key";
const TIMESTAMP: &str = "ensemble-timestamp";
const NONCE: &str = "ensemble-nonce";
const SIGNATURE: &str = "ensemble-signature";
/// The longest nonce, in characters.
const MAX_NONCE: usize = 64;

/// A request that was signed.
pub(crate) struct Signed {
    /// Who signed it.
    pub(crate) caller: Caller,
    request: HttpRequest,
    body: Bytes,
}

impl Signed {
    /// On whose behalf it was signed, if the key may be used for this.
    pub(super) fn sender(&self, scope: Scope) -> Result<&User, Problem> {
        self.caller.needs(scope)?;
        Ok(&self.caller.user)
    }

    /// Its body, validated.
    pub(super) fn json<T: DeserializeOwned + Validate>(&self) -> Result<T, Problem> {
        read_json(&self.body)
    }

    /// Its query, validated.
    pub(super) async fn query<T: DeserializeOwned + Validate>(&self) -> Result<T, Problem> {
        let query = ValidQuery::<T>::from_request(&self.request, &mut Payload::None);
        query.await.map(|ValidQuery(query)| query)
    }

    /// The key under which it is answered once, where it has one, and what stands for the rest.
    pub(super) fn once(&self) -> Result<Option<OnceKey>, Problem> {
        let Some(key) = idempotency_key(self.request.headers())? else {
            return Ok(None);
        };
        let (method, path) = (self.request.method(), self.request.path());
        Ok(Some(OnceKey::new(key, method.as_str(), path, &self.body)))
    }
}

impl FromRequest for Signed {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let calls = request.app_data::<web::Data<SignedCalls>>();
            let calls = calls.ok_or_else(|| Problem::internal("nobody verifies signatures"))?;
            let limits = request.app_data::<BodyLimits>().copied();
            let limits = limits.unwrap_or_default();
            let body = read_file(&request, payload, limits.max_bytes).await?;
            let caller = verify(calls, &request, &body).await?;
            count_key(&request, caller.key.id)?;
            Ok(Self {
                caller,
                request,
                body,
            })
        })
    }
}

fn missing() -> Problem {
    Problem::new(Code::SignatureMissing)
}

fn header<'r>(headers: &'r HeaderMap, name: &str) -> Result<&'r str, Problem> {
    let value = headers.get(name).ok_or_else(missing)?;
    let text = value.to_str().map_err(|_| missing())?.trim();
    (!text.is_empty()).then_some(text).ok_or_else(missing)
}

async fn verify(
    calls: &SignedCalls,
    request: &HttpRequest,
    body: &Bytes,
) -> Result<Caller, Problem> {
    let (headers, query) = (request.headers(), request.query_string());
    let older = |name: &str| {
        let mut pairs = form_urlencoded(query).filter(|(key, _)| key == name);
        // Said twice, it is not clear which is meant.
        match (pairs.next(), pairs.next()) {
            (Some((_, value)), None) => Ok(value),
            _ => Err(missing()),
        }
    };
    let (key, timestamp, form, signature);
    if headers.contains_key(SIGNATURE) {
        key = header(headers, KEY)?.to_owned();
        timestamp = header(headers, TIMESTAMP)?.to_owned();
        let nonce = header(headers, NONCE)?;
        if nonce.len() > MAX_NONCE {
            return Err(missing());
        }
        form = Form::Whole { nonce };
        signature = header(headers, SIGNATURE)?;
    } else {
        (key, timestamp) = (older("key")?, older("timestamp")?);
        form = Form::QueryOnly;
        signature = header(headers, SECRET)?;
    }
    let call = SignedCall {
        form,
        key: &key,
        timestamp: &timestamp,
        signature,
        method: request.method().as_str(),
        path: request.uri().path(),
        query,
        body,
        from: ClientAddress::of(request).0,
    };
    Ok(calls.verify(&call).await?)
}

/// The names and values of a query, decoded.
fn form_urlencoded(query: &str) -> impl Iterator<Item = (String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned()
}
