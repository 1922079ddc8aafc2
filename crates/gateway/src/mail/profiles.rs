//! Which server a mail goes through.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::notification::{DeliveryError, Mail, MailProfile, Mailer, MessageId};

/// Chooses by the mail's profile. One that is not configured gives way to the other, and both to
/// files: nothing is lost because of a setting.
pub struct ProfileMailer {
    /// Gmail, where it is configured.
    pub gmail: Option<Arc<dyn Mailer>>,
    /// Amazon SES, where it is configured.
    pub ses: Option<Arc<dyn Mailer>>,
    /// Where neither is.
    pub files: Arc<dyn Mailer>,
}

impl ProfileMailer {
    fn choose(&self, profile: MailProfile) -> &dyn Mailer {
        let order = match profile {
            MailProfile::Any | MailProfile::Gmail => [&self.gmail, &self.ses],
            MailProfile::Ses => [&self.ses, &self.gmail],
        };
        let first = order.into_iter().flatten().next();
        first.unwrap_or(&self.files).as_ref()
    }
}

#[async_trait]
impl Mailer for ProfileMailer {
    async fn send(
        &self,
        id: MessageId,
        written_at: DateTime<Utc>,
        mail: &Mail,
    ) -> Result<(), DeliveryError> {
        self.choose(mail.profile).send(id, written_at, mail).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Refuses with its name.
    struct Named(&'static str);

    #[async_trait]
    impl Mailer for Named {
        async fn send(
            &self,
            _: MessageId,
            _: DateTime<Utc>,
            _: &Mail,
        ) -> Result<(), DeliveryError> {
            Err(DeliveryError::Never {
                reason: self.0,
                status: None,
            })
        }
    }

    async fn chosen(gmail: bool, ses: bool, profile: MailProfile) -> &'static str {
        let named = |name| Arc::new(Named(name)) as Arc<dyn Mailer>;
        let mailer = ProfileMailer {
            gmail: gmail.then(|| named("gmail")),
            ses: ses.then(|| named("ses")),
            files: named("files"),
        };
        let mail = Mail {
            profile,
            to: vec![],
            subject: String::new(),
            text: String::new(),
            html: None,
            unsubscribe: None,
        };
        let now = DateTime::from_timestamp(0, 0).expect("a time");
        match mailer.send(1.into(), now, &mail).await {
            Err(DeliveryError::Never { reason, .. }) => reason,
            _ => "none",
        }
    }

    #[tokio::test]
    async fn a_profile_that_is_not_configured_gives_way() {
        use MailProfile::{Any, Gmail, Ses};
        for (gmail, ses, profile, expected) in [
            (true, true, Any, "gmail"),
            (true, true, Gmail, "gmail"),
            (true, true, Ses, "ses"),
            (false, true, Gmail, "ses"),
            (true, false, Ses, "gmail"),
            (false, false, Any, "files"),
        ] {
            assert_eq!(chosen(gmail, ses, profile).await, expected);
        }
    }
}
