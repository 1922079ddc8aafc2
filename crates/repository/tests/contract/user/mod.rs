//! Accounts, sessions and refresh tokens.

mod accounts;
mod refresh_tokens;
mod sessions;
mod uniqueness;
