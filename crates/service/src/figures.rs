//! Numbers that are counted while the work is done, for whoever watches it: plain atomics, which
//! know nothing of how they are shown.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The upper bounds of what [`Timings`] tells apart, in microseconds; what takes longer has a place
/// of its own. From a page of the feed (tens of microseconds) to a client's patience.
pub const BOUNDS: [u64; 15] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 10_000_000,
];
const PLACES: usize = BOUNDS.len() + 1;

/// How long something took, each time: a histogram of a fixed size.
#[derive(Debug, Default)]
pub struct Timings {
    places: [AtomicU64; PLACES],
    nanoseconds: AtomicU64,
}

/// What [`Timings`] held when it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimingsRead {
    /// How many took up to each of [`BOUNDS`] and longer than the one before it; the last place is
    /// of those that took longer than all.
    pub places: [u64; PLACES],
    /// All together.
    pub total: Duration,
}

impl Timings {
    /// Notes one.
    pub fn note(&self, took: Duration) {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let place = BOUNDS.partition_point(|bound| bound.saturating_mul(1_000) < nanoseconds);
        self.places[place].fetch_add(1, Ordering::Relaxed);
        // In 584 years of work it begins anew.
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// What it holds.
    #[must_use]
    pub fn read(&self) -> TimingsRead {
        TimingsRead {
            places: self.places.each_ref().map(read),
            total: Duration::from_nanos(read(&self.nanoseconds)),
        }
    }
}

impl TimingsRead {
    /// How many were noted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.places.iter().sum()
    }
}

/// How often a cache was asked, and with what success.
#[derive(Debug, Default)]
pub struct Lookups {
    hits: AtomicU64,
    misses: AtomicU64,
}

/// A cache at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheFigures {
    /// Answers from memory.
    pub hits: u64,
    /// Answers that had to be worked out or asked for.
    pub misses: u64,
    /// About how many answers are kept.
    pub entries: u64,
}

impl Lookups {
    /// Notes a look-up.
    pub fn note(&self, is_hit: bool) {
        let count = if is_hit { &self.hits } else { &self.misses };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// What was noted, of a cache that keeps so many answers.
    #[must_use]
    pub fn read(&self, entries: u64) -> CacheFigures {
        CacheFigures {
            hits: read(&self.hits),
            misses: read(&self.misses),
            entries,
        }
    }
}

fn read(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_exactly_a_bound_is_within_it() {
        let timings = Timings::default();
        let micros = Duration::from_micros;
        for took in [
            Duration::ZERO,
            micros(100),
            micros(100) + Duration::from_nanos(1),
            micros(10_000_000),
            micros(10_000_001),
            Duration::MAX,
        ] {
            timings.note(took);
        }
        let mut expected = [0; PLACES];
        (expected[0], expected[1]) = (2, 1);
        (expected[PLACES - 2], expected[PLACES - 1]) = (1, 2);
        assert_eq!(timings.read().places, expected);
        assert_eq!(timings.read().count(), 6);
    }

    #[test]
    fn times_add_up() {
        let timings = Timings::default();
        timings.note(Duration::from_nanos(1_500));
        timings.note(Duration::from_secs(2));
        assert_eq!(timings.read().total, Duration::from_nanos(2_000_001_500));
    }

    #[test]
    fn bounds_ascend() {
        assert!(BOUNDS.is_sorted_by(|one, other| one < other));
    }
}
