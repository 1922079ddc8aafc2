//! Mails, and the port they leave through.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::MessageId;
use crate::ValueError;
use crate::text::single_line;

/// Which of the configured mail servers a mail goes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailProfile {
    /// Whichever there is.
    #[default]
    Any,
    /// Gmail, where it is configured.
    Gmail,
    /// Amazon SES, where it is configured.
    Ses,
}

/// Somebody a mail is to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// What they are called, where that is known.
    pub name: Option<String>,
    /// Their address.
    pub email: String,
}

impl Recipient {
    /// Reads what somebody is called: up to 100 characters on one line.
    ///
    /// # Errors
    /// `length` or `control_character`.
    pub fn parse_name(text: &str) -> Result<String, ValueError> {
        single_line(text, 0, 100)
    }
}

/// A mail as it is to be sent, in the language of who gets it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The server it goes through.
    pub profile: MailProfile,
    /// Who gets it. Everybody sees everybody.
    pub to: Vec<Recipient>,
    /// What it is about, in one line.
    pub subject: String,
    /// It as plain text.
    pub text: String,
    /// It as a page, for those who look at pages.
    pub html: Option<String>,
    /// The address at which one request ends such mails (RFC 8058), where they can be ended.
    #[serde(default)]
    pub unsubscribe: Option<String>,
}

/// Hides the mail: addresses and links stay out of logs.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail(…)")
    }
}

/// Hides the person.
impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recipient(…)")
    }
}

/// Why a message did not leave. Holds a stable word and the other side's status code, never its
/// text: servers repeat addresses there.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DeliveryError {
    /// It may well leave another time.
    #[error("not delivered for now: {reason}")]
    Later {
        /// `connection`, `refused`, `timeout`, …
        reason: &'static str,
        /// What the other side answered.
        status: Option<u16>,
    },
    /// It never will.
    #[error("not deliverable: {reason}")]
    Never {
        /// `refused`, `address`, …
        reason: &'static str,
        /// What the other side answered.
        status: Option<u16>,
    },
}

/// Sends mails.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands a mail over to whoever carries it. The same message handed over twice has the same
    /// `Message-ID` and `Date`, so that a reader's program may tell.
    async fn send(
        &self,
        id: MessageId,
        written_at: DateTime<Utc>,
        mail: &Mail,
    ) -> Result<(), DeliveryError>;
}
