//! Accounts and sessions on the wire.

mod account;
mod dto;
mod problem;
mod session;

pub(crate) use account::{change_password, delete_me, me, sign_up, update_me};
pub(crate) use session::{end_session, end_sessions, list_sessions, refresh, sign_in, sign_out};
