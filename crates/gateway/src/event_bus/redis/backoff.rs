//! How long to wait before trying again.

use std::time::Duration;

/// The pause after the first failed attempt; each further one doubles it.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// Pauses that double up to a limit, each shortened by up to a half at random, so that the nodes
/// do not all come back to a Redis in one moment.
pub(super) struct Backoff {
    next: Duration,
    longest: Duration,
}

impl Backoff {
    pub(super) fn new(longest: Duration) -> Self {
        Self {
            next: SHORTEST_PAUSE.min(longest),
            longest,
        }
    }

    pub(super) fn pause(&mut self) -> Duration {
        let whole = self.next;
        self.next = whole.saturating_mul(2).min(self.longest);
        let part = f64::from(getrandom::u32().unwrap_or(0)) / f64::from(u32::MAX);
        whole.mul_f64(0.5 + part / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_limit_and_are_shortened_by_at_most_half() {
        let mut backoff = Backoff::new(Duration::from_millis(500));
        for whole in [100, 200, 400, 500, 500] {
            let whole = Duration::from_millis(whole);
            let pause = backoff.pause();
            assert!(
                pause >= whole / 2 && pause <= whole,
                "{pause:?} of {whole:?}"
            );
        }
    }
}
