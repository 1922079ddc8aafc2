//! `Idempotency-Key`: a member's `POST` that came before is answered as it was then, and does
//! nothing more.
//!
//! The form is that of the IETF draft (draft-ietf-httpapi-idempotency-key-header): another request
//! under the same key is 422, one that comes while the first is in hand 409. What failed changed
//! nothing and is tried again. Programs that sign their requests have the same of their own
//! ([`crate::notification`]), files that are imported are read as they come and not kept, and
//! whoever signs in is nobody yet.

use std::time::Duration;

use actix_web::body::{BoxBody, EitherBody, MessageBody, to_bytes};
use actix_web::dev::{Payload, ResourceDef, ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LOCATION,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use service::once::{Claim, Claimed, MAX_ANSWER, OnceRequests};
use tracing::warn;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{OpenApi, Required};

use crate::http::{Code, Problem, problem_response, read_raw};
use crate::identity::member;

/// What the client calls a request, so that it may ask twice and be heard once.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Its longest, in characters.
const MAX_KEY: usize = 255;
/// That an answer is one of before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The largest body under a key: a picture in JSON.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// The headers that belong to an answer.
const KEPT: [HeaderName; 5] = [
    CONTENT_TYPE,
    LOCATION,
    ETAG,
    CONTENT_LANGUAGE,
    CACHE_CONTROL,
];

/// The client's key for this request, if it has one.
///
/// # Errors
/// `idempotency_key_invalid`.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let invalid = || Problem::new(Code::IdempotencyKeyInvalid);
    let key = key.to_str().map_err(|_| invalid())?.trim();
    let fits = (1..=MAX_KEY).contains(&key.len());
    if !fits || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(invalid());
    }
    Ok(Some(key))
}

/// An answer, as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Kept {
    fn of(status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Self {
        let kept = KEPT.iter().filter_map(|name| {
            let value = headers.get(name)?.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        });
        Self {
            status: status.as_u16(),
            headers: kept.collect(),
            body: STANDARD.encode(body),
        }
    }

    fn again(self) -> Result<HttpResponse, Problem> {
        let status = StatusCode::from_u16(self.status).map_err(Problem::internal)?;
        let body = STANDARD.decode(&self.body).map_err(Problem::internal)?;
        let mut response = HttpResponse::build(status);
        for header in self.headers {
            response.insert_header(header);
        }
        response.insert_header((REPLAYED, "true"));
        Ok(response.body(body))
    }
}

/// All there is to a request, but for who asks.
fn whole(request: &HttpRequest, body: &Bytes) -> Vec<u8> {
    let kind = request.headers().get(CONTENT_TYPE);
    let mut whole = format!("{} {}\n", request.method(), request.uri()).into_bytes();
    whole.extend_from_slice(kind.map_or(&[], |kind| kind.as_bytes()));
    whole.push(b'\n');
    whole.extend_from_slice(body);
    whole
}

/// Whether a key means anything at a route: members make or change something there, by one body.
fn takes_keys(path: &str, item: &PathItem) -> bool {
    let is_for_members = |post: &Operation| post.security.is_some();
    item.post.as_ref().is_some_and(is_for_members) && !path.ends_with("/import")
}

/// The routes where a key means something, as the OpenAPI document tells of them; app data.
pub(crate) struct OnceRoutes(Vec<ResourceDef>);

impl OnceRoutes {
    pub(crate) fn of(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        let routes = paths.filter(|(path, item)| takes_keys(path, item));
        Self(
            routes
                .map(|(path, _)| ResourceDef::new(path.as_str()))
                .collect(),
        )
    }

    fn contain(&self, path: &str) -> bool {
        self.0.iter().any(|route| route.is_match(path))
    }
}

/// Whether a key means anything here.
fn concerns(request: &ServiceRequest) -> bool {
    let routes = || request.app_data::<web::Data<OnceRoutes>>();
    request.method() == Method::POST
        && request.headers().contains_key(IDEMPOTENCY_KEY)
        && routes().is_some_and(|routes| routes.contain(request.path()))
}

/// Middleware that does what it says above.
///
/// # Errors
/// What the inner service answers.
pub(crate) async fn once<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if !concerns(&request) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let begun = match begin(&mut request).await {
        Ok(begun) => begun,
        Err(problem) => return Err(problem.into()),
    };
    match begun {
        Begun::Freely => Ok(next.call(request).await?.map_into_left_body()),
        Begun::Answered(response) => Ok(request.into_response(response).map_into_right_body()),
        Begun::Claimed(requests, claim) => finish(&requests, claim, next.call(request).await).await,
    }
}

/// Tells of the key at every route where it means something.
pub(crate) fn document_once(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        if !takes_keys(path, item) {
            continue;
        }
        let Some(post) = item.post.as_mut() else {
            continue;
        };
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "The same key and request within 24 hours is answered alike (`Idempotency-Replayed: true`), and changes nothing more",
            ))
            .schema(Some(key_schema()))
            .build();
        post.parameters.get_or_insert_default().push(key.into());
        for (status, text) in [
            ("400", "`idempotency_key_invalid`"),
            ("408", "`request_timeout`: the body did not arrive in time"),
            ("409", "`idempotency_key_in_use`: see `Retry-After`"),
            ("413", "`payload_too_large`"),
            ("422", "`idempotency_key_reused`"),
        ] {
            let responses = &mut post.responses.responses;
            let known = responses.entry(status.into());
            known.or_insert_with(|| problem_response(text));
        }
    }
}

/// What [`idempotency_key`] takes.
fn key_schema() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .min_length(Some(1))
        .max_length(Some(MAX_KEY))
        .pattern(Some("^[!-~]+$"))
        .build()
}

enum Begun {
    /// Nobody is signed in: whoever answers says so.
    Freely,
    Answered(HttpResponse),
    Claimed(web::Data<OnceRequests>, Claim),
}

async fn begin(request: &mut ServiceRequest) -> Result<Begun, Problem> {
    let Ok(Some(principal)) = member(request.request().clone()).await else {
        return Ok(Begun::Freely);
    };
    let key = idempotency_key(request.headers())?.map(str::to_owned);
    let requests = request.app_data::<web::Data<OnceRequests>>().cloned();
    let (Some(key), Some(requests)) = (key, requests) else {
        return Ok(Begun::Freely);
    };
    let payload = request.take_payload();
    let body = read_raw(request.request(), payload, MAX_BODY).await?;
    let whole = whole(request.request(), &body);
    request.set_payload(Payload::from(body));
    match requests.claim(principal.user_id, &key, &whole).await? {
        Claimed::New(claim) => Ok(Begun::Claimed(requests, claim)),
        Claimed::Before(answer) => {
            let kept: Kept = serde_json::from_slice(&answer).map_err(Problem::internal)?;
            kept.again().map(Begun::Answered)
        }
        Claimed::InHand => {
            Err(Problem::new(Code::IdempotencyKeyInUse).retry_after(Duration::from_secs(1)))
        }
        Claimed::Reused => Err(Problem::new(Code::IdempotencyKeyReused)),
    }
}

/// Keeps what was answered, if anything came of it.
async fn finish<B: MessageBody + 'static>(
    requests: &OnceRequests,
    claim: Claim,
    answered: Result<ServiceResponse<B>, Error>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let response = match answered {
        Ok(response) if response.status().is_success() => response,
        other => {
            if let Err(error) = requests.release(claim).await {
                warn!(%error, "the key of a request that failed is not free yet");
            }
            return other.map(ServiceResponse::map_into_left_body);
        }
    };
    let (request, response) = response.into_parts();
    let (head, body) = response.into_parts();
    // Where this fails, which nothing here can make it, the key is free when its time is up.
    let body = to_bytes(body).await;
    let body = body.map_err(|_| Problem::internal("an answer could not be read"))?;
    let kept = Kept::of(head.status(), head.headers(), &body);
    let kept = serde_json::to_vec(&kept).map_err(Problem::internal)?;
    let done = if kept.len() <= MAX_ANSWER {
        requests.keep(claim, &kept).await
    } else {
        // No route that creates something answers so much.
        warn!("an answer is too long to be kept under its key");
        requests.release(claim).await
    };
    if let Err(error) = done {
        warn!(%error, "an answer is not kept under its key");
    }
    let response = head.set_body(BoxBody::new(body));
    Ok(ServiceResponse::new(
        request,
        response.map_into_right_body(),
    ))
}
