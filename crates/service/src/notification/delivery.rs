//! From an opened payload to whoever carries it.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::notification::{Channel, DeliveryError, Mail, Mailer, MessageId};

/// What delivers the messages of one channel. Another channel is another one of these, with a
/// [`Dispatcher`](super::Dispatcher) of its own: a slow provider holds up nobody else's messages.
#[async_trait]
pub trait Delivery: Send + Sync {
    /// Whose messages it delivers.
    fn channel(&self) -> Channel;

    /// Delivers one. It may be the second time: the worker that did it before died before it
    /// could say so.
    async fn deliver(
        &self,
        id: MessageId,
        written_at: DateTime<Utc>,
        payload: &[u8],
    ) -> Result<(), DeliveryError>;
}

/// Mails.
pub struct MailDelivery(pub Arc<dyn Mailer>);

#[async_trait]
impl Delivery for MailDelivery {
    fn channel(&self) -> Channel {
        Channel::Mail
    }

    async fn deliver(
        &self,
        id: MessageId,
        written_at: DateTime<Utc>,
        payload: &[u8],
    ) -> Result<(), DeliveryError> {
        let mail: Mail = serde_json::from_slice(payload).map_err(|_| DeliveryError::Never {
            reason: "payload",
            status: None,
        })?;
        self.0.send(id, written_at, &mail).await
    }
}
