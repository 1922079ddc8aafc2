//! Logs: pretty for people, one JSON object a line for machines.

use std::io::{IsTerminal, stderr};

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::configuration::{Log, LogFormat};

/// What a client sends that is no HTTP is no error of ours: it is answered, and anybody can send it
/// by the thousand. Who wants to see it names the target in the level.
const NOISE: &str = "actix_http::h1::dispatcher=off";

/// Begins logging to standard error. What was logged is written when the guard is dropped.
///
/// Lines go through a thread of their own: writing them from the workers was the largest single
/// cost of a request.
pub(crate) fn start(log: &Log) -> Option<WorkerGuard> {
    let directives = format!("{NOISE},{}", log.level);
    let filter = EnvFilter::try_new(directives).unwrap_or_else(|_| EnvFilter::new("info"));
    let (writer, guard) = NonBlockingBuilder::default().lossy(false).finish(stderr());
    let started = match log.format {
        LogFormat::Json => {
            let lines = fmt::layer()
                .json()
                .flatten_event(true)
                // All of them, from the request on: what a service adds takes nothing away.
                .with_current_span(false)
                .with_span_list(true);
            tracing_subscriber::registry()
                .with(filter)
                .with(lines.with_writer(writer))
                .try_init()
        }
        LogFormat::Pretty => {
            let lines = fmt::layer()
                .compact()
                .with_ansi(stderr().is_terminal())
                .with_target(false);
            tracing_subscriber::registry()
                .with(filter)
                .with(lines.with_writer(writer))
                .try_init()
        }
    };
    // In tests several servers share one process, and the first one's logging.
    started.ok().map(|()| guard)
}
