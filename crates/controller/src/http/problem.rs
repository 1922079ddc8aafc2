//! Refusals as RFC 9457 problem documents.
//!
//! A [`Problem`] is made far from the request, by a `From` of some service error. Its language, `instance` and
//! `request_id` are therefore filled in later, by [`problems`](super::render::problems).

use std::{borrow::Cow, error::Error, fmt, sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse, Responder, ResponseError,
    body::BoxBody,
    http::{
        StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER,
            VARY, WWW_AUTHENTICATE,
        },
    },
};
use serde_json::Value;
use service::throttle::Wait;

use super::{
    catalogue::Code,
    dialect::Dialect,
    document::{self, Situation},
    field_error::FieldError,
    language::Language,
    standing::{RATE_LIMIT, RATE_LIMIT_POLICY, policy, standing},
};

/// The media type of a problem document.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Rounded up, and at least 1.
pub(super) fn whole_seconds(span: Duration) -> u64 {
    let begun = u64::from(span.subsec_nanos() > 0);
    span.as_secs().saturating_add(begun).max(1)
}

/// A refusal: what went wrong, to be returned as a handler's error.
///
/// ```ignore
/// Err(Problem::new(Code::NameTaken).with_errors(vec![FieldError::new("/name", "taken")]))
/// ```
#[derive(Debug, Clone)]
// Boxed, because it is the error half of almost every `Result` in this crate.
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    code: Code,
    status: StatusCode,
    detail: Option<(Cow<'static, str>, Cow<'static, str>)>,
    errors: Vec<FieldError>,
    members: Vec<(Cow<'static, str>, Value)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
    dialect: Option<&'static dyn Dialect>,
}

impl Problem {
    /// A refusal with the catalogue's status and texts.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self(Box::new(Inner {
            code,
            status: code.status(),
            detail: None,
            errors: Vec::new(),
            members: Vec::new(),
            headers: Vec::new(),
            cause: None,
            dialect: None,
        }))
    }

    /// 422 `invalid_request` that names the failing fields, whether a shape or a domain rule refused them.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self::new(Code::InvalidRequest).with_errors(errors)
    }

    /// 429 `too_many_requests`, with what there is and when there is more: `Retry-After`, and `RateLimit-Policy` and
    /// `RateLimit` as draft-ietf-httpapi-ratelimit-headers has them (`q` tries in `w` seconds; `r` left, more in `t`).
    #[must_use]
    pub fn throttled(wait: &Wait) -> Self {
        Self::limited("tries", wait)
    }

    /// The same under the name of another policy.
    #[must_use]
    pub fn limited(name: &str, wait: &Wait) -> Self {
        let problem = Self::new(Code::TooManyRequests).retry_after(wait.time);
        problem
            .header(RATE_LIMIT_POLICY, policy(name, wait.limit))
            .header(RATE_LIMIT, standing(name, 0, wait.time))
    }

    /// 503 `overloaded`: turned away before anything was done.
    #[must_use]
    pub fn overloaded() -> Self {
        Self::new(Code::Overloaded).retry_after(Duration::from_secs(1))
    }

    /// 500 `internal`, whose cause is logged once and never shown.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Code::Internal).caused_by(cause)
    }

    /// Keeps the cause for the log. It never reaches the client.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.cause = Some(Arc::from(cause.into()));
        self
    }

    /// Another status than the catalogue's, where a contract fixes one.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = status;
        self
    }

    /// Better words than the catalogue's for this occurrence. No secrets, no values that the client sent.
    #[must_use]
    pub fn with_detail(
        mut self,
        english: impl Into<Cow<'static, str>>,
        korean: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.0.detail = Some((english.into(), korean.into()));
        self
    }

    /// Names the failing fields.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors.extend(errors);
        self
    }

    /// Adds a member to the document, or replaces one of the standard ones: old contracts name members of their own.
    #[must_use]
    pub fn with_member(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Value>,
    ) -> Self {
        let name = name.into();
        self.0.members.retain(|(known, _)| *known != name);
        self.0.members.push((name, value.into()));
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// Tells when to try again, in whole seconds rounded up and at least 1: `Retry-After: 0` invites a storm.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        self.header(RETRY_AFTER, HeaderValue::from(whole_seconds(wait)))
    }

    /// Speaks an old contract's dialect. Whole routes do so with [`Speak`](super::dialect::Speak) instead.
    #[must_use]
    pub fn in_dialect(mut self, dialect: &'static dyn Dialect) -> Self {
        self.0.dialect = Some(dialect);
        self
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Its status, before any dialect.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The failing fields.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// The members that were added or replaced.
    pub(super) fn members(&self) -> &[(Cow<'static, str>, Value)] {
        &self.0.members
    }

    /// The cause, for the log.
    pub(super) fn cause(&self) -> Option<&(dyn Error + Send + Sync)> {
        self.0.cause.as_deref()
    }

    /// The dialect that it was given itself.
    pub(super) fn dialect(&self) -> Option<&'static dyn Dialect> {
        self.0.dialect
    }

    /// Its words for this occurrence, or the catalogue's.
    #[must_use]
    pub fn detail(&self, language: Language) -> &str {
        match &self.0.detail {
            Some((english, korean)) => language.choose(english, korean),
            None => self.0.code.detail(language),
        }
    }

    /// RFC 9110 wants a challenge with every 401.
    fn challenge(&self) -> Option<HeaderValue> {
        let has_own = || {
            self.0
                .headers
                .iter()
                .any(|(name, _)| name == WWW_AUTHENTICATE)
        };
        if self.0.status != StatusCode::UNAUTHORIZED || has_own() {
            return None;
        }
        Some(HeaderValue::from_static(match self.0.code {
            Code::InvalidToken => "Bearer error=\"invalid_token\"",
            _ => "Bearer",
        }))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.code.as_str())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    /// The document as far as it can be told without the request: in English, without `instance` and `request_id`.
    fn error_response(&self) -> HttpResponse {
        let (status, body) = document::write(self, self.0.dialect, &Situation::default());
        let mut response = HttpResponse::build(status);
        response
            .insert_header((CONTENT_TYPE, PROBLEM_JSON))
            .insert_header((CONTENT_LANGUAGE, Language::default().tag()))
            .insert_header((CACHE_CONTROL, "no-store"))
            .append_header((VARY, "Accept-Language"));
        if let Some(challenge) = self.challenge() {
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        for (name, value) in &self.0.headers {
            response.append_header((name.clone(), value.clone()));
        }
        if matches!(self.0.code, Code::RequestTimeout | Code::PayloadTooLarge) {
            // The rest of the body may still be on its way; reading it is what we refuse to do.
            response.force_close();
        }
        response.body(body)
    }
}

impl Responder for Problem {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::from_error(self)
    }
}
