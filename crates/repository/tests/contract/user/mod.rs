//! Accounts, sessions, refresh tokens and guests.

mod accounts;
mod guests;
mod hold;
mod refresh_tokens;
mod sessions;
mod uniqueness;
