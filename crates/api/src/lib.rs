//! The only crate that knows all others: configuration, wiring, telemetry, the command line and
//! the server.

mod backup;
pub mod cli;
pub mod configuration;
mod keys;
pub mod metrics;
mod panics;
mod private;
mod queue_watch;
mod seed;
pub mod server;
mod signals;
mod social;
mod stopping;
mod telemetry;
mod tls;
mod traces;
pub mod wiring;
