//! The outbox, who gets no mails, and API keys.

mod api_key_entity;
mod api_keys;
mod network_entity;
mod outbox;
mod outbox_entity;
mod outbox_status;
mod suppression_entity;
mod suppressions;

pub use api_keys::SeaApiKeys;
pub use outbox::SeaOutbox;
pub use suppressions::SeaSuppressions;
