//! Messages to people: mails now, and whatever other channel leads to somebody; and the keys by
//! which programs ask for them.

mod api_key;
mod kakao;
mod language;
mod mail;
mod message;
mod repository;
mod suppression;

#[cfg(feature = "mock")]
pub use api_key::MockApiKeyRepository;
pub use api_key::{
    AccessKey, Allowed, AllowedId, ApiKey, ApiKeyChange, ApiKeyId, ApiKeyRepository, KeyMemo,
    Network, OutgoingSecret, Scope,
};
#[cfg(feature = "mock")]
pub use kakao::MockKakaoTalk;
pub use kakao::{KakaoError, KakaoNote, KakaoTalk};
pub use language::Language;
#[cfg(feature = "mock")]
pub use mail::MockMailer;
pub use mail::{DeliveryError, Mailer};
pub use mail::{Mail, MailProfile, Recipient};
pub use message::{
    Backlog, Channel, ClaimedMessage, MessageId, MessageState, MessageStatus, NewMessage, Priority,
};
#[cfg(feature = "mock")]
pub use repository::MockOutboxRepository;
pub use repository::OutboxRepository;
#[cfg(feature = "mock")]
pub use suppression::MockSuppressionRepository;
pub use suppression::{SuppressionReason, SuppressionRepository};
