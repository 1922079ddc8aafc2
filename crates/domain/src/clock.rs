//! The one place that knows what time it is.

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time. Injected everywhere, so that tests decide what "now" means.
pub trait Clock: Send + Sync {
    /// The current instant in UTC, truncated to microseconds: the finest resolution that
    /// survives storage on every engine, so a value read back equals the value written.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is the home of the clock")]
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that stands still until a test moves it.
#[cfg(any(test, feature = "mock"))]
#[derive(Debug)]
pub struct FixedClock(parking_lot::Mutex<DateTime<Utc>>);

#[cfg(any(test, feature = "mock"))]
impl FixedClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(parking_lot::Mutex::new(now))
    }

    /// Moves the clock by `step`.
    pub fn advance(&self, step: chrono::TimeDelta) {
        *self.0.lock() += step;
    }
}

#[cfg(any(test, feature = "mock"))]
impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock()
    }
}
