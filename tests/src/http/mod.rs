//! What holds on every route.

mod pages;
mod refusals;
mod request_ids;
