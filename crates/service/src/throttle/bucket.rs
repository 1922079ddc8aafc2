//! One bucket, told by when it is full again (the generic cell rate algorithm, ITU-T I.371).

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Limit;

/// A bucket of tries. Each taken try puts off the moment at which it is full by the time that a
/// try takes to come back, and that moment lies no further ahead than the whole bucket takes.
pub(super) struct Bucket {
    /// What is missing, as the time after which nothing is.
    owed: Duration,
    at: DateTime<Utc>,
}

impl Bucket {
    /// A full one.
    pub(super) fn full(now: DateTime<Utc>) -> Self {
        Self {
            owed: Duration::ZERO,
            at: now,
        }
    }

    /// Lets time pass. A clock that steps back gives nothing and takes nothing.
    pub(super) fn pass(&mut self, now: DateTime<Utc>) {
        let passed = (now - self.at).to_std().unwrap_or_default();
        self.owed = self.owed.saturating_sub(passed);
        self.at = now;
    }

    /// The time after which it is full.
    pub(super) fn owed(&self) -> Duration {
        self.owed
    }

    /// Makes it one that is full after so long.
    pub(super) fn owe(&mut self, owed: Duration) {
        self.owed = owed;
    }

    /// Takes so many tries; `false`, and takes none, where there are fewer.
    pub(super) fn take(&mut self, limit: Limit, tries: u32) -> bool {
        let owed = self.owed.saturating_add(limit.refill.saturating_mul(tries));
        let granted = owed <= limit.window();
        if granted {
            self.owed = owed;
        }
        granted
    }

    /// Gives so many tries back.
    pub(super) fn give_back(&mut self, limit: Limit, tries: u32) {
        let given = limit.refill.saturating_mul(tries);
        self.owed = self.owed.saturating_sub(given);
    }
}
