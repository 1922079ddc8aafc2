//! The server as a whole: its health, its metrics, its tokens, its neighbours, its end.

mod health;
mod metrics;
mod neighbours;
mod stopping;
mod tokens;
