//! How fast one connection may talk.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use tokio::time::Instant;

/// So many times the frames of a second may come in a row.
const BURST: f64 = 4.0;

/// A token bucket.
pub(super) struct Limiter {
    rate: f64,
    tokens: f64,
    at: Instant,
}

impl Limiter {
    /// A full bucket, for so many frames a second in the long run.
    pub(super) fn new(rate: u32, now: Instant) -> Self {
        let rate = f64::from(rate);
        Self {
            rate,
            tokens: rate * BURST,
            at: now,
        }
    }

    /// Whether another frame is allowed.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let passed: Duration = now - self.at;
        self.tokens = (self.tokens + passed.as_secs_f64() * self.rate).min(self.rate * BURST);
        self.at = now;
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

/// How long who was told that somebody types is not told again.
const TYPING_PAUSE: Duration = Duration::from_secs(3);

/// When this connection told of its typing last, in each room of late.
#[derive(Default)]
pub(super) struct Typing(HashMap<i64, Instant>);

impl Typing {
    /// Whether it is told again in this room.
    pub(super) fn take(&mut self, room: i64, now: Instant) -> bool {
        // Only rooms that are silenced have to be known.
        self.0.retain(|_, told| now - *told < TYPING_PAUSE);
        match self.0.entry(room) {
            Entry::Occupied(_) => false,
            Entry::Vacant(vacant) => {
                vacant.insert(now);
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_told_once_in_a_while_for_each_room() {
        let start = Instant::now();
        let mut typing = Typing::default();
        assert!(typing.take(1, start) && typing.take(2, start));
        let soon = start + Duration::from_millis(2_999);
        assert!(!typing.take(1, soon) && typing.take(3, soon));
        let later = start + Duration::from_secs(3);
        assert!(typing.take(1, later) && !typing.take(3, later));
        assert_eq!(typing.0.len(), 2);
    }

    #[test]
    fn a_burst_is_allowed_and_then_so_many_a_second() {
        let start = Instant::now();
        let mut limiter = Limiter::new(50, start);
        assert_eq!((0..300).filter(|_| limiter.take(start)).count(), 200);
        let later = start + Duration::from_secs(1);
        assert_eq!((0..300).filter(|_| limiter.take(later)).count(), 50);
    }
}
