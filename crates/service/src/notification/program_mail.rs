//! Mails of programs on their way out.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::notification::{Channel, DeliveryError, Mail, Mailer, MessageId, SuppressionReason};
use domain::user::{Email, UserId};
use serde::{Deserialize, Serialize};
use tracing::warn;

use super::{Delivery, Subscriptions};

/// A mail, and whose program sends it.
#[derive(Serialize, Deserialize)]
pub(super) struct ProgramMail {
    /// The account.
    pub(super) sender: i64,
    /// The mail, to one address.
    pub(super) mail: Mail,
}

/// Delivers mails of programs, except to those who get none.
pub struct ProgramMailDelivery {
    /// Which of the channels it serves.
    pub channel: Channel,
    /// Who carries them.
    pub mailer: Arc<dyn Mailer>,
    /// Who gets none.
    pub subscriptions: Arc<Subscriptions>,
}

/// Whether a refusal says that there is no such address (RFC 5321, 4.2.3), now and ever.
fn is_bounce(error: &DeliveryError) -> bool {
    matches!(
        error,
        DeliveryError::Never {
            status: Some(550 | 551 | 553),
            ..
        }
    )
}

#[async_trait]
impl Delivery for ProgramMailDelivery {
    fn channel(&self) -> Channel {
        self.channel
    }

    async fn deliver(
        &self,
        id: MessageId,
        written_at: DateTime<Utc>,
        payload: &[u8],
    ) -> Result<(), DeliveryError> {
        let unreadable = DeliveryError::Never {
            reason: "payload",
            status: None,
        };
        let ProgramMail { sender, mail } =
            serde_json::from_slice(payload).map_err(|_| unreadable)?;
        let sender = UserId::from(sender);
        let to = mail.to.first().and_then(|to| Email::parse(&to.email).ok());
        let to = to.ok_or(unreadable)?;
        let ended = self.subscriptions.ended(sender, &to).await;
        let ended = ended.map_err(|_| DeliveryError::Later {
            reason: "storage",
            status: None,
        })?;
        if let Some(reason) = ended {
            return Err(DeliveryError::Never {
                reason: reason.as_str(),
                status: None,
            });
        }
        let sent = self.mailer.send(id, written_at, &mail).await;
        if sent.as_ref().is_err_and(is_bounce) {
            let bounced = SuppressionReason::Bounced;
            if let Err(error) = self.subscriptions.stop(sender, &to, bounced).await {
                // The next mail there bounces as well, and is noted then.
                warn!(%error, message_id = %id, "a bounce was not noted");
            }
        }
        sent
    }
}

#[cfg(test)]
mod tests {
    use domain::notification::{MailProfile, MockMailer, MockSuppressionRepository, Recipient};
    use domain::user::MockUserRepository;

    use super::*;
    use crate::testing::{OWNER, clock, sealer, start};

    fn payload() -> Vec<u8> {
        let mail = Mail {
            profile: MailProfile::Gmail,
            to: vec![Recipient {
                name: None,
                email: "yuna@example.com".into(),
            }],
            subject: "소식".into(),
            text: "안녕하세요".into(),
            html: None,
            unsubscribe: None,
        };
        serde_json::to_vec(&ProgramMail {
            sender: OWNER,
            mail,
        })
        .expect("JSON")
    }

    fn delivery(
        mailer: MockMailer,
        suppressions: MockSuppressionRepository,
    ) -> ProgramMailDelivery {
        ProgramMailDelivery {
            channel: Channel::Gmail,
            mailer: Arc::new(mailer),
            subscriptions: Arc::new(Subscriptions {
                suppressions: Arc::new(suppressions),
                users: Arc::new(MockUserRepository::new()),
                sealer: sealer(),
                public_url: "https://shop.example".into(),
                clock: clock(),
            }),
        }
    }

    #[tokio::test]
    async fn who_gets_none_is_not_written_to() {
        let mut suppressions = MockSuppressionRepository::new();
        suppressions
            .expect_find()
            .returning(|_, _| Ok(Some(SuppressionReason::Unsubscribed)));
        let delivery = delivery(MockMailer::new(), suppressions);
        let done = delivery.deliver(1.into(), start(), &payload()).await;
        let unsubscribed = DeliveryError::Never {
            reason: "unsubscribed",
            status: None,
        };
        assert_eq!(done, Err(unsubscribed));
    }

    #[tokio::test]
    async fn an_address_that_does_not_exist_is_noted_and_others_are_not() {
        let never = |status| DeliveryError::Never {
            reason: "refused",
            status: Some(status),
        };
        let later = DeliveryError::Later {
            reason: "refused",
            status: Some(450),
        };
        for (error, noted) in [(never(550), 1), (never(552), 0), (later, 0)] {
            let mut suppressions = MockSuppressionRepository::new();
            suppressions.expect_find().returning(|_, _| Ok(None));
            suppressions
                .expect_add()
                .withf(|_, _, reason, _| *reason == SuppressionReason::Bounced)
                .times(noted)
                .returning(|_, _, _, _| Ok(()));
            let mut mailer = MockMailer::new();
            mailer.expect_send().returning(move |_, _, _| Err(error));
            let delivery = delivery(mailer, suppressions);
            let done = delivery.deliver(1.into(), start(), &payload()).await;
            assert_eq!(done, Err(error));
        }
    }
}
