//! What holds on every route.

mod described;
mod once;
mod pages;
mod refusals;
mod request_ids;
