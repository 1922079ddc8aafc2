//! What is told of each request once it is answered: to the access log, and to who counts.

use std::time::Instant;

use actix_web::{
    Error,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    web,
};

use super::{
    access_log,
    traffic::{Traffic, UnderWay},
};

/// A request that somebody will be told of.
pub(super) struct Begun {
    start: Instant,
    method: Method,
    is_logged: bool,
    counted: Option<UnderWay>,
}

impl Begun {
    /// Begins; `None` where nobody wants to know, and then not even the clock is read.
    pub(super) fn of(request: &ServiceRequest) -> Option<Self> {
        let is_logged = access_log::is_on();
        let traffic = request.app_data::<web::Data<Traffic>>();
        if !is_logged && traffic.is_none() {
            return None;
        }
        Some(Self {
            start: Instant::now(),
            method: request.method().clone(),
            is_logged,
            counted: traffic.cloned().map(UnderWay::begin),
        })
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
    }
}
