//! Traces: which pieces of work happened on account of one request, here and in other programs.
//!
//! Every layer says here what it does ([`Span`]) and on whose account ([`Origin`]); only the program itself knows where
//! that is sent. Until it has said so ([`install`]) nothing is recorded and every call here ends after one comparison.
//!
//! Spans are named by what is done, never by whom: no person, address, query, body or secret stands in a name or an
//! attribute.

mod origin;
mod span;

use std::sync::OnceLock;

use opentelemetry::global::{BoxedTracer, ObjectSafeTracer};

pub use origin::{Origin, TRACEPARENT, TRACESTATE};
pub use span::{Kind, Span, carried, over};

static TRACER: OnceLock<BoxedTracer> = OnceLock::new();

/// Begins to record with this tracer, for as long as the process lives. The first call counts; of several servers in
/// one process (there are in tests) all use the first one's.
pub fn install(tracer: Box<dyn ObjectSafeTracer + Send + Sync>) {
    let _ = TRACER.set(BoxedTracer::new(tracer));
}

/// Whether anything is recorded.
#[must_use]
pub fn is_on() -> bool {
    TRACER.get().is_some()
}
