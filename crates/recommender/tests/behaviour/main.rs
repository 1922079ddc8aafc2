//! What the engine promises, asked through its public interface.

mod concurrency;
mod feed;
mod learning;
mod snapshot;
mod support;
