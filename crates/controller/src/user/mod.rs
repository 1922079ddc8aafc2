//! Accounts and sessions on the wire.

mod account;
mod by_type;
mod dialects;
mod dto;
mod email_account;
mod email_address;
mod identities;
mod kakao;
mod password_reset;
mod problem;
mod profile;
mod proof;
mod session;
mod social;

pub(crate) use account::{change_password, delete_me, me, put_me, sign_up, update_me};
pub(crate) use by_type::{
    login_by_type, login_by_type_alias, register_by_type, register_by_type_alias,
};
pub(crate) use dialects::ByType;
pub(crate) use dto::MovedDto;
pub(crate) use email_account::{chat_login, email_verify, open_link, register};
pub(crate) use email_address::{change_email, prove_email};
pub(crate) use identities::{link_identity, list_identities, unlink_by_query, unlink_identity};
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use kakao::UnlinkedBody;
pub(crate) use kakao::{kakao_unlinked, kakao_unlinked_by_query, unlink_kakao};
pub(crate) use password_reset::{forgot_password, reset_password};
pub(crate) use profile::{log_out, note_profile, note_profile_old, note_profile_short, who_am_i};
pub(crate) use session::{end_session, end_sessions, list_sessions, refresh, sign_in, sign_out};
pub(crate) use social::{
    FrontEndUrl, google_login, kakao_login, naver_login, provider_callback, provider_login,
    provider_token,
};
