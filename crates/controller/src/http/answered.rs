//! What is told of each request once it is answered: to the access log, and to who counts.

use std::time::Instant;

use actix_web::{
    Error,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode},
    web,
};
use trace::{Kind, Origin, Span, TRACEPARENT, TRACESTATE};

use super::{
    access_log,
    traffic::{Traffic, UnderWay, standard_name},
};

/// A request that somebody will be told of.
pub(super) struct Begun {
    start: Instant,
    method: Method,
    is_logged: bool,
    counted: Option<UnderWay>,
    span: Span,
}

impl Begun {
    /// Begins; `None` where nobody wants to know, and then not even the clock is read.
    pub(super) fn of(request: &ServiceRequest) -> Option<Self> {
        let is_logged = access_log::is_on();
        let traffic = request.app_data::<web::Data<Traffic>>();
        if !is_logged && traffic.is_none() && !trace::is_on() {
            return None;
        }
        Some(Self {
            start: Instant::now(),
            method: request.method().clone(),
            is_logged,
            counted: traffic.cloned().map(UnderWay::begin),
            span: span(request),
        })
    }

    /// On whose account everything is done until it is answered.
    pub(super) fn span(&self) -> &Span {
        &self.span
    }

    /// Tells how it was answered. Finding the template costs something, so it is done once.
    pub(super) fn end<B>(self, outcome: &Result<ServiceResponse<B>, Error>) {
        let (status, route) = match outcome {
            Ok(response) => (response.status(), response.request().match_pattern()),
            Err(error) => (error.as_response_error().status_code(), None),
        };
        let (route, took) = (route.as_deref(), self.start.elapsed());
        if self.is_logged {
            access_log::write(route, &self.method, status, took);
        }
        if let Some(counted) = self.counted {
            counted.end(route, &self.method, status, took);
        }
        if self.span.is_recorded() {
            tell(&self.span, route, &self.method, status);
        }
    }
}

/// The span of a request, on account of what its client says it is done for. Its route is known only once it is
/// answered.
fn span(request: &ServiceRequest) -> Span {
    if !trace::is_on() {
        return Span::default();
    }
    let headers = request.headers();
    let parent = headers
        .get(TRACEPARENT)
        .and_then(|value| value.to_str().ok());
    let states: Vec<&str> = headers
        .get_all(TRACESTATE)
        .filter_map(|value| value.to_str().ok())
        .collect();
    let state = Some(states.join(",")).filter(|state| !state.is_empty());
    let origin = parent.and_then(|parent| Origin::read(parent, state.as_deref()));
    Span::begin(
        standard_name(request.method()),
        Kind::Server,
        origin.as_ref(),
    )
}

/// Method, template and status: nothing of the path, the query or the person.
fn tell(span: &Span, route: Option<&str>, method: &Method, status: StatusCode) {
    let method = standard_name(method);
    span.note("http.request.method", method);
    span.note("http.response.status_code", i64::from(status.as_u16()));
    if let Some(route) = route {
        span.rename(format!("{method} {route}"));
        span.note("http.route", route.to_owned());
    }
    if status.is_server_error() {
        span.fail("5xx");
    }
}
