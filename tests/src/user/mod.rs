//! Accounts and sessions.

mod me;
mod password;
mod profile;
mod refresh;
mod sessions;
mod sign_in;
mod sign_up;
mod throttling;
