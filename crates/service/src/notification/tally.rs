//! How the deliveries of one channel went.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::notification::DeliveryError;

/// Attempts in a row that came to nothing, after which it is not the messages' fault.
const IN_A_ROW: u64 = 3;

/// What came of the attempts of one channel on this node, since its start.
#[derive(Debug, Default)]
pub struct Tally {
    sent: AtomicU64,
    put_off: AtomicU64,
    given_up: AtomicU64,
    in_a_row: AtomicU64,
}

/// A [`Tally`] at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TallyRead {
    /// Messages that were handed over.
    pub sent: u64,
    /// Attempts that failed and are made again.
    pub put_off: u64,
    /// Messages that were given up.
    pub given_up: u64,
}

impl Tally {
    /// Notes that a message was handed over.
    pub(super) fn sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.in_a_row.store(0, Ordering::Relaxed);
    }

    /// Notes an attempt that failed; whether the message is tried again.
    pub(crate) fn failed(&self, error: DeliveryError, is_last: bool) {
        match error {
            DeliveryError::Later { .. } => self.in_a_row.fetch_add(1, Ordering::Relaxed),
            // Whoever refuses one message for good is there, and takes others.
            DeliveryError::Never { .. } => self.in_a_row.swap(0, Ordering::Relaxed),
        };
        match error {
            DeliveryError::Later { .. } if !is_last => {
                self.put_off.fetch_add(1, Ordering::Relaxed);
            }
            _ => self.hopeless(),
        }
    }

    /// Notes a message that there was no point in trying.
    pub(super) fn hopeless(&self) {
        self.given_up.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether nothing seems to get through: the last few attempts all failed.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.in_a_row.load(Ordering::Relaxed) >= IN_A_ROW
    }

    /// What came of them.
    #[must_use]
    pub fn read(&self) -> TallyRead {
        TallyRead {
            sent: self.sent.load(Ordering::Relaxed),
            put_off: self.put_off.load(Ordering::Relaxed),
            given_up: self.given_up.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: DeliveryError = DeliveryError::Later {
        reason: "refused",
        status: None,
    };
    const NEVER: DeliveryError = DeliveryError::Never {
        reason: "recipient",
        status: None,
    };

    #[test]
    fn failures_in_a_row_are_told_from_messages_that_nobody_takes() {
        let tally = Tally::default();
        for _ in 0..IN_A_ROW {
            assert!(!tally.is_failing());
            tally.failed(LATER, false);
        }
        assert!(tally.is_failing());
        tally.sent();
        assert!(!tally.is_failing());
        for _ in 0..2 * IN_A_ROW {
            tally.failed(NEVER, false);
            tally.hopeless();
        }
        assert!(!tally.is_failing());
    }

    #[test]
    fn every_attempt_is_counted_once() {
        let tally = Tally::default();
        tally.sent();
        tally.failed(LATER, false);
        tally.failed(LATER, true);
        tally.failed(NEVER, false);
        tally.hopeless();
        let expected = TallyRead {
            sent: 1,
            put_off: 1,
            given_up: 3,
        };
        assert_eq!(tally.read(), expected);
    }
}
