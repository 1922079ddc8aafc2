//! A circuit breaker: what failed a few times in a row is left alone for a while.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Failures in a row after which the service is left alone.
const FAILURES: u32 = 3;

#[derive(Debug)]
pub(super) struct Breaker {
    cooldown: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// Since when it is left alone.
    opened: Option<Instant>,
}

impl Breaker {
    pub(super) fn new(cooldown: Duration) -> Self {
        Self {
            cooldown,
            state: Mutex::default(),
        }
    }

    /// Whether the service may be asked now. After the cooldown one request may try; the others go
    /// on leaving it alone until that one has come back, or another cooldown has passed.
    pub(super) fn admits(&self, now: Instant) -> bool {
        let mut state = self.state.lock();
        let Some(opened) = state.opened else {
            return true;
        };
        let may_try = now.saturating_duration_since(opened) >= self.cooldown;
        if may_try {
            state.opened = Some(now);
        }
        may_try
    }

    /// Whether the service is left alone, but for the one request that may try after each cooldown.
    pub(super) fn is_open(&self) -> bool {
        self.state.lock().opened.is_some()
    }

    pub(super) fn succeeded(&self) {
        *self.state.lock() = State::default();
    }

    pub(super) fn failed(&self, now: Instant) {
        let mut state = self.state.lock();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES {
            state.opened = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOLDOWN: Duration = Duration::from_secs(30);

    #[test]
    fn after_failures_in_a_row_it_is_left_alone_and_then_tried_by_one() {
        let (breaker, start) = (Breaker::new(COOLDOWN), Instant::now());
        for _ in 0..FAILURES {
            assert!(breaker.admits(start) && !breaker.is_open());
            breaker.failed(start);
        }
        assert!(breaker.is_open());
        assert!(!breaker.admits(start + COOLDOWN / 2));
        assert!(breaker.admits(start + COOLDOWN));
        assert!(!breaker.admits(start + COOLDOWN));
        breaker.failed(start + COOLDOWN);
        assert!(!breaker.admits(start + COOLDOWN * 3 / 2));
        assert!(breaker.admits(start + COOLDOWN * 2));
        assert!(breaker.is_open());
        breaker.succeeded();
        assert!(breaker.admits(start + COOLDOWN * 2) && !breaker.is_open());
    }

    #[test]
    fn failures_with_successes_between_them_do_no_harm() {
        let (breaker, start) = (Breaker::new(COOLDOWN), Instant::now());
        for _ in 0..3 * FAILURES {
            breaker.failed(start);
            breaker.succeeded();
        }
        assert!(breaker.admits(start));
    }
}
