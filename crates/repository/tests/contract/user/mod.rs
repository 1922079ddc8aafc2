//! Accounts, sessions, refresh tokens and guests.

mod accounts;
mod email_claims;
mod guests;
mod hold;
mod identities;
mod links;
mod refresh_tokens;
mod sessions;
mod uniqueness;
