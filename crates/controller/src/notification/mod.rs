//! API keys, and what programs ask for with them.

mod api_keys;
mod documented;
mod dto;
mod networks;
mod order;
mod problem;
mod sending;
mod services;
mod signed;
mod status;
mod unsubscribing;

pub(crate) use api_keys::{
    change_key, change_key_old, create_key, create_key_old, list_keys, list_keys_old, remove_key,
    remove_key_old, rotate_key,
};
pub(crate) use documented::document_signatures;
pub(crate) use networks::{
    allow, allow_old, disallow, disallow_old, list_allowed, list_allowed_old,
};
pub(crate) use sending::{
    send_by_gmail, send_by_gmail_async, send_by_gmail_async_old, send_by_gmail_old, send_by_ses,
    send_by_ses_old, send_to_kakao, send_to_kakao_old,
};
pub(crate) use services::{signing_works, signing_works_old};
pub(crate) use status::{cancel_sent, list_sent, list_sent_old, resume, sent, sent_old};
pub(crate) use unsubscribing::{unsubscribe, unsubscribe_page};
