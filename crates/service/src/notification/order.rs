//! What programs ask to be sent, and the mails that come of it.

use chrono::{DateTime, Utc};
use domain::notification::{Channel, Language, Mail, MailProfile, Priority, Recipient};
use domain::user::{Email, User};
use sha2::{Digest, Sha256};

use super::template::{Notice, Values, fill};
use super::{SendError, Subscriptions};
use crate::hex::hexadecimal;

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// What the program wrote, as text, as page or as both.
    Written {
        /// As text.
        text: Option<String>,
        /// As page.
        html: Option<String>,
    },
    /// A notice that we lay out.
    Notice(Notice),
    /// Nothing in particular.
    Greeting,
}

/// A mail to be sent to each of some people.
#[derive(Clone, Debug)]
pub struct MailOrder {
    /// Through whom it goes.
    pub profile: MailProfile,
    /// Who gets it, each a mail of their own.
    pub to: Vec<(Option<String>, Email)>,
    /// What it is about; a default where absent.
    pub subject: Option<String>,
    /// What it says.
    pub content: Content,
    /// Values for `{{name}}` in subject and text; `name` and `email` are the recipient's.
    pub values: Values,
    /// In which language we lay it out.
    pub language: Language,
}

/// When and how often.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// Not before this.
    pub send_at: Option<DateTime<Utc>>,
    /// Who goes first.
    pub priority: Priority,
    /// Once, however often it is asked for.
    pub once: Option<OnceKey>,
}

/// What the client calls a request, and what stands for the request.
#[derive(Clone, Debug)]
pub struct OnceKey {
    pub(super) key: String,
    pub(super) request: String,
}

impl OnceKey {
    /// The client's key for this request: method, path and body. Not the query, which holds what
    /// makes each signature another.
    #[must_use]
    pub fn new(key: &str, method: &str, path: &str, body: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(format!("{method} {path}\n"));
        hash.update(body);
        Self {
            key: key.to_owned(),
            request: hexadecimal(&hash.finalize()),
        }
    }
}

impl MailOrder {
    /// The channel that such mails take.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self.profile {
            MailProfile::Ses => Channel::Ses,
            MailProfile::Gmail | MailProfile::Any => Channel::Gmail,
        }
    }

    /// The mail to each of the recipients.
    ///
    /// # Errors
    /// A variable without a value; that nothing can be sealed.
    pub(super) fn write(
        &self,
        sender: &User,
        subscriptions: &Subscriptions,
    ) -> Result<Vec<Mail>, SendError> {
        self.to
            .iter()
            .map(|(name, email)| {
                let end = subscriptions.address(sender.id, email)?;
                self.write_to(name.as_ref(), email, end)
            })
            .collect()
    }

    fn write_to(
        &self,
        name: Option<&String>,
        email: &Email,
        unsubscribe: String,
    ) -> Result<Mail, SendError> {
        let mut values = self.values.clone();
        // Who has no name is called by the address, up to the `@`.
        let local = email.as_str().split('@').next().unwrap_or_default();
        let called = name.map_or(local, String::as_str).to_owned();
        values.entry("name".into()).or_insert(called);
        values
            .entry("email".into())
            .or_insert_with(|| email.as_str().to_owned());
        values.insert("unsubscribe".into(), unsubscribe.clone());
        let default = self
            .language
            .choose("A message for you", "메시지가 도착했습니다");
        let subject = self.subject.as_deref().unwrap_or(default);
        let subject = fill(subject, &values, false).map_err(SendError::Variable)?;
        // A value may hold line breaks; a subject is one line.
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        let greeting;
        let (text, html) = match &self.content {
            Content::Written { text, html } => {
                let text = text.as_ref().map(|text| fill(text, &values, false));
                let html = html.as_ref().map(|html| fill(html, &values, true));
                let written = text
                    .transpose()
                    .and_then(|text| Ok((text, html.transpose()?)));
                let (text, html) = written.map_err(SendError::Variable)?;
                (text.unwrap_or_default(), html)
            }
            Content::Notice(notice) => self.lay_out(notice, &subject, &values, &unsubscribe)?,
            Content::Greeting => {
                greeting = Notice::greeting(self.language);
                self.lay_out(&greeting, &subject, &values, &unsubscribe)?
            }
        };
        Ok(Mail {
            profile: self.profile,
            to: vec![Recipient {
                name: name.cloned(),
                email: email.as_str().to_owned(),
            }],
            subject,
            text,
            html,
            unsubscribe: Some(unsubscribe),
        })
    }

    fn lay_out(
        &self,
        notice: &Notice,
        subject: &str,
        values: &Values,
        unsubscribe: &str,
    ) -> Result<(String, Option<String>), SendError> {
        let written = notice.write(subject, values, self.language, unsubscribe);
        let (text, page) = written.map_err(SendError::Variable)?;
        Ok((text, Some(page)))
    }
}
