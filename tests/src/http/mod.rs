//! What holds on every route.

mod once;
mod pages;
mod refusals;
mod request_ids;
