//! How the errors of an old contract differ from a plain problem document.
//!
//! Extractors refuse before a handler runs, so a contract's extra members cannot be left to its handlers: the whole
//! route speaks the dialect, by `wrap = "Speak(&CHAT)"` in its macro or `.wrap(Speak(&CHAT))` on its scope.

use std::{
    fmt,
    future::{Ready, ready},
};

use actix_web::{
    Error,
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
    http::StatusCode,
};
use futures_util::future::{FutureExt, LocalBoxFuture};
use serde_json::Value;

use super::{catalogue::Code, problem::Problem};

/// The differences between one contract's errors and a plain problem document.
pub trait Dialect: fmt::Debug + Sync {
    /// The status, where the contract fixes another one than ours.
    fn status(&self, problem: &Problem) -> StatusCode {
        problem.status()
    }

    /// Members that are added to the document, or that replace standard ones of the same name.
    fn members(&self, told: &Told<'_>) -> Vec<(&'static str, Value)>;
}

/// What a problem says, in the language that it will be answered in.
#[derive(Debug)]
pub struct Told<'a> {
    /// The stable reason.
    pub code: Code,
    /// The status, after [`Dialect::status`].
    pub status: StatusCode,
    /// The short summary.
    pub title: &'a str,
    /// The words for this occurrence.
    pub detail: &'a str,
}

/// Middleware: every problem from inside is answered in this dialect, unless a more inner one was chosen.
#[derive(Debug, Clone, Copy)]
pub struct Speak(pub &'static dyn Dialect);

/// The mark that [`Speak`] leaves on a response for the renderer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spoken(pub(super) &'static dyn Dialect);

impl<S, B> Transform<S, ServiceRequest> for Speak
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = Speaking<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Speaking {
            service,
            dialect: self.0,
        }))
    }
}

/// The service behind [`Speak`].
#[derive(Debug)]
pub struct Speaking<S> {
    service: S,
    dialect: &'static dyn Dialect,
}

impl<S, B> Service<ServiceRequest> for Speaking<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Error>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let dialect = self.dialect;
        self.service
            .call(request)
            .map(move |outcome| mark(outcome, dialect))
            .boxed_local()
    }
}

fn mark<B>(
    outcome: Result<ServiceResponse<B>, Error>,
    dialect: &'static dyn Dialect,
) -> Result<ServiceResponse<B>, Error> {
    match outcome {
        Ok(mut response) => {
            if response.status().as_u16() >= 400 {
                let mut marks = response.response_mut().extensions_mut();
                // The inner routes answered first, and know better.
                if !marks.contains::<Spoken>() {
                    marks.insert(Spoken(dialect));
                }
            }
            Ok(response)
        }
        Err(error) => Err(match error.as_error::<Problem>() {
            Some(problem) if problem.dialect().is_none() => {
                problem.clone().in_dialect(dialect).into()
            }
            _ => error,
        }),
    }
}
