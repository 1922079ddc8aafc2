//! One event a request, under the target `access`.
//!
//! It holds the route's template, never the path or query, which may carry secrets, and nothing about the person. The
//! request id comes from the span around it. It is the largest single cost of a small request, hence the care.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use tracing::Level;

use super::traffic::standard_name;

/// The target to switch it on and off by, as in `access=off`.
pub const TARGET: &str = "access";

/// What stands for a route when no template matched, so that log lines cannot be forged by inventing paths.
const UNMATCHED: &str = "-";

/// Whether anybody listens; if not, not even the clock is read.
pub(super) fn is_on() -> bool {
    tracing::enabled!(target: TARGET, Level::INFO)
}

/// Writes the event of one answered request.
pub(super) fn write(route: Option<&str>, method: &Method, status: StatusCode, duration: Duration) {
    tracing::info!(
        target: TARGET,
        method = standard_name(method),
        route = route.unwrap_or(UNMATCHED),
        status = status.as_u16(),
        // 2^64 microseconds are half a million years.
        duration_us = duration.as_micros() as u64,
    );
}
