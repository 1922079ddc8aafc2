//! How long to wait after a failure.

use std::time::Duration;

/// Nobody waits longer than this for the next attempt.
const CAP: Duration = Duration::from_secs(3_600);

/// A random part of `base * 2^(attempt - 1)`, at most an hour: exponential back-off with full
/// jitter, so that those who failed together do not come back together.
pub(super) fn delay(base: Duration, attempt: u32) -> Duration {
    let mut random = [0; 4];
    // Without random numbers everybody waits the whole time: worse, but not wrong.
    let part = match getrandom::fill(&mut random) {
        Ok(()) => f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX),
        Err(_) => 1.0,
    };
    ceiling(base, attempt).mul_f64(part)
}

/// The longest that is waited after this attempt.
fn ceiling(base: Duration, attempt: u32) -> Duration {
    let factor = 2_u32.saturating_pow(attempt.saturating_sub(1));
    base.checked_mul(factor).unwrap_or(CAP).min(CAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_doubles_up_to_an_hour() {
        let seconds = |attempt| ceiling(Duration::from_secs(1), attempt).as_secs();
        let ceilings: Vec<u64> = [1, 2, 3, 10, 12, 13, 40].map(seconds).into();
        assert_eq!(ceilings, [1, 2, 4, 512, 2_048, 3_600, 3_600]);
    }

    #[test]
    fn delays_are_scattered_below_the_ceiling() {
        let base = Duration::from_secs(8);
        let delays: Vec<Duration> = (0..200).map(|_| delay(base, 2)).collect();
        assert!(delays.iter().all(|delay| *delay <= base * 2));
        // Of 200 in 16 seconds, some are in each half.
        assert!(delays.iter().any(|delay| *delay < base));
        assert!(delays.iter().any(|delay| *delay > base));
    }
}
