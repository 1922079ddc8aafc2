//! Where use-cases put their mails.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::notification::{Channel, Mail, MessageId, NewMessage, Priority};
use domain::unit_of_work::UnitOfWork;
use domain::user::UserId;
use domain::{Clock, IdGenerator, RepositoryError};
use trace::Origin;

use super::Bell;
use crate::sealing::Sealer;

/// A mail, and what is to be known of it while it waits.
pub struct Letter {
    /// The mail.
    pub mail: Mail,
    /// Whose account it is about, where it is about one.
    pub owner: Option<UserId>,
    /// Worthless from then on.
    pub expires_at: Option<DateTime<Utc>>,
    /// To nobody: see [`NewMessage::is_blank`].
    pub is_blank: bool,
}

/// Puts mails into the outbox, sealed: they hold addresses, and links that let people in.
pub struct Postbox {
    /// Seals them.
    pub sealer: Arc<Sealer>,
    /// Wakes the worker.
    pub bell: Bell,
    /// New ids.
    pub ids: Arc<IdGenerator>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Postbox {
    /// Stores a mail with what the unit of work does. Once it is committed, ring the bell.
    ///
    /// # Errors
    /// Where storage fails, or nothing can be sealed; drop the unit of work then.
    pub async fn put(&self, unit: &dyn UnitOfWork, letter: Letter) -> Result<(), RepositoryError> {
        let id: MessageId = self.ids.next();
        let now = self.clock.now();
        let plain = serde_json::to_vec(&letter.mail).map_err(RepositoryError::storage)?;
        let payload = self
            .sealer
            .seal(&context(id), &plain)
            .map_err(RepositoryError::storage)?;
        let message = NewMessage {
            id,
            channel: Channel::Mail,
            priority: Priority::High,
            owner: letter.owner,
            payload,
            due_at: now,
            expires_at: letter.expires_at,
            created_at: now,
            is_blank: letter.is_blank,
            trace: Origin::current().map(|origin| origin.to_string()),
        };
        unit.outbox().insert(&message).await
    }

    /// Tells the worker that there is something to do.
    pub fn ring(&self) {
        self.bell.ring();
    }
}

/// What a message's payload is bound to: it opens in its own row only.
pub(super) fn context(id: MessageId) -> String {
    format!("outbox {id} payload")
}
