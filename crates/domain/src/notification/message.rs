//! Messages as they wait in the outbox.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::id::define_id;
use crate::user::UserId;

define_id! {
    /// Identifies a message.
    MessageId
}

/// The way a message takes. Each has a worker of its own: one that hangs holds up no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// The mails of accounts, through whichever server there is.
    Mail,
    /// Mails of programs through Gmail.
    Gmail,
    /// Mails of programs through Amazon SES.
    Ses,
    /// Notes of programs to their owner's own Kakao chat.
    Kakao,
}

impl Channel {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Mail, Self::Gmail, Self::Ses, Self::Kakao];
    /// Those that programs send through: what its owner may look at.
    pub const OF_PROGRAMS: [Self; 3] = [Self::Gmail, Self::Ses, Self::Kakao];

    /// As clients and operators know it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Gmail => "gmail",
            Self::Ses => "ses",
            Self::Kakao => "kakao",
        }
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageState {
    /// It waits, or is being tried.
    Waiting,
    /// It was handed over to who carries it.
    Sent,
    /// It was given up.
    Dead,
    /// It was called off before it was first tried.
    Cancelled,
}

impl MessageState {
    /// As clients and operators know it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What may be told of a message: nothing of what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageStatus {
    /// Its id.
    pub id: MessageId,
    /// The way it takes.
    pub channel: Channel,
    /// What became of it.
    pub state: MessageState,
    /// How often it was tried, the present try included.
    pub attempts: u32,
    /// Why the last try failed, as a stable word.
    pub reason: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it is tried next, at the earliest.
    pub due_at: DateTime<Utc>,
    /// When it was sent, given up or called off.
    pub settled_at: Option<DateTime<Utc>>,
}

/// How much of one channel is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// The channel.
    pub channel: Channel,
    /// Messages that wait or are being tried.
    pub waiting: u64,
    /// Messages that were given up and not forgotten yet.
    pub dead: u64,
    /// When the first of those that wait is due, or its present try is given up.
    pub next_due: Option<DateTime<Utc>>,
}

impl Backlog {
    /// A channel with nothing to do.
    #[must_use]
    pub fn empty(channel: Channel) -> Self {
        Self {
            channel,
            waiting: 0,
            dead: 0,
            next_due: None,
        }
    }

    /// For how long a message has been due that nobody tries.
    #[must_use]
    pub fn lateness(&self, now: DateTime<Utc>) -> Duration {
        let late = self.next_due.map(|due| now - due);
        late.and_then(|late| late.to_std().ok()).unwrap_or_default()
    }
}

/// Who goes first among those that are due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Somebody is waiting for it: the mails of accounts.
    High,
    /// As it comes.
    #[default]
    Normal,
    /// Whenever nothing else is due.
    Low,
}

/// A message about to be stored.
#[derive(Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Its id, which every attempt to deliver it carries.
    pub id: MessageId,
    /// The way it takes.
    pub channel: Channel,
    /// Who goes first.
    pub priority: Priority,
    /// Whose account it is about, where it is about one: it goes when the account goes.
    pub owner: Option<UserId>,
    /// What is to be delivered, sealed.
    pub payload: String,
    /// Not before this.
    pub due_at: DateTime<Utc>,
    /// Worthless from then on: a link in it stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// To nobody: stored as if it had been sent, so that asking takes as long for an address
    /// that nobody has as for one that somebody has.
    pub is_blank: bool,
    /// On whose account it is sent, where that is traced: W3C `traceparent` and, after a blank, `tracestate`.
    pub trace: Option<String>,
}

/// Hides what it says.
impl fmt::Debug for NewMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewMessage")
            .field("id", &self.id)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

/// A message that one worker, and no other, tries to deliver until its lease ends.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimedMessage {
    /// Its id.
    pub id: MessageId,
    /// What is to be delivered, sealed.
    pub payload: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Worthless from then on.
    pub expires_at: Option<DateTime<Utc>>,
    /// On whose account it is sent: see [`NewMessage::trace`].
    pub trace: Option<String>,
}

/// Hides what it says.
impl fmt::Debug for ClaimedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimedMessage")
            .field("id", &self.id)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};

    use super::*;

    #[test]
    fn only_what_is_due_already_is_late() {
        let noon = Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0);
        let noon = noon.single().expect("a date");
        for (due, expected) in [
            (None, 0),
            (Some(noon), 0),
            (Some(noon + TimeDelta::hours(1)), 0),
            (Some(noon - TimeDelta::seconds(90)), 90),
        ] {
            let backlog = Backlog {
                next_due: due,
                ..Backlog::empty(Channel::Ses)
            };
            assert_eq!(backlog.lateness(noon), Duration::from_secs(expected));
        }
    }
}
