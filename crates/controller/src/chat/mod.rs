//! Friends and direct messages on the wire: one WebSocket, and the same over HTTP.

mod blocks;
mod conversations;
mod following;
pub(crate) mod frames;
mod limiter;
mod problem;
mod requests;
mod rest;
mod settings;
mod socket;
mod wire_time;

pub(crate) use blocks::{block, list_blocks, unblock};
pub(crate) use conversations::{list_conversations, mark_read};
pub(crate) use rest::{
    befriend, change_message, history, list_friends, send_message, take_back_message,
};
pub(crate) use settings::{chat_settings, set_chat_settings};
pub use socket::ChatSettings;
pub(crate) use socket::{Desk, chat_socket};
