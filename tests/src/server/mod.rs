//! The server as a whole: its health, its limits, its metrics, its tokens, its neighbours, its end.

mod health;
mod limits;
mod metrics;
mod neighbours;
mod stopping;
mod tokens;
