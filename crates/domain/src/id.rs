//! 64-bit, time-ordered ids ("snowflakes") and the newtypes that keep them apart.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Clock;

/// Milliseconds of the id epoch, 2025-01-01T00:00:00Z, after the Unix epoch.
const EPOCH_MS: i64 = 1_735_689_600_000;
const NODE_BITS: u32 = 10;
/// How many of the lowest bits of an id count within a millisecond; those above name the node.
pub const SEQUENCE_BITS: u32 = 12;

/// The highest node id (1023).
pub const MAX_NODE: u16 = (1 << NODE_BITS) - 1;

/// Makes ids: 41 bits of milliseconds (until 2094), 10 bits of node, 12 bits of sequence.
///
/// Ids of one generator strictly increase, also when the clock steps back or more than 4,096
/// are asked for in a millisecond: the generator then runs ahead of the clock.
pub struct IdGenerator {
    clock: Arc<dyn Clock>,
    node: u64,
    /// Scatters where a millisecond's sequence begins. Two nodes that were given the same id by
    /// mistake then hardly ever make the same one.
    seed: RandomState,
    /// The last time and sequence handed out, as `ms << 12 | sequence`.
    last: AtomicU64,
}

impl IdGenerator {
    /// A generator for one node; `node` is at most [`MAX_NODE`] and unique among the nodes
    /// that share a database.
    #[must_use]
    pub fn new(node: u16, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            node: u64::from(node.min(MAX_NODE)),
            seed: RandomState::new(),
            last: AtomicU64::new(0),
        }
    }

    /// The node whose ids these are.
    #[must_use]
    pub fn node(&self) -> u16 {
        // What was taken from a u16 fits in one.
        u16::try_from(self.node).unwrap_or(MAX_NODE)
    }

    /// The next id: positive, unique, larger than every one before.
    pub fn next<Id: From<i64>>(&self) -> Id {
        Id::from(self.take(1))
    }

    /// The first of `number` ids, at most 2,048, that follow each other without a gap: what belongs
    /// together can be told by that.
    pub fn next_run<Id: From<i64>>(&self, number: u16) -> Id {
        Id::from(self.take(u64::from(number).clamp(1, 1 << (SEQUENCE_BITS - 1))))
    }

    /// Takes so many ids of one millisecond; the first.
    fn take(&self, number: u64) -> i64 {
        let elapsed = (self.clock.now().timestamp_millis() - EPOCH_MS).max(0);
        // The lower half, so that as many again can follow before the millisecond is used up.
        let start = self.seed.hash_one(elapsed) & ((1 << (SEQUENCE_BITS - 1)) - 1);
        let now = (elapsed.unsigned_abs()) << SEQUENCE_BITS | start;
        let first = |last: u64| {
            let tick = now.max(last + 1);
            let rest = (1 << SEQUENCE_BITS) - (tick & ((1 << SEQUENCE_BITS) - 1));
            // What this millisecond has no room for goes to the next.
            if rest < number { tick + rest } else { tick }
        };
        let step = |last: u64| Some(first(last) + number - 1);
        let last = match self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, step)
        {
            Ok(last) | Err(last) => last,
        };
        let tick = first(last);
        let (ms, sequence) = (tick >> SEQUENCE_BITS, tick & ((1 << SEQUENCE_BITS) - 1));
        let id = ms << (NODE_BITS + SEQUENCE_BITS) | self.node << SEQUENCE_BITS | sequence;
        id.cast_signed()
    }
}

/// The node that made an id.
#[must_use]
pub fn node_of(id: i64) -> u16 {
    let node = (id >> SEQUENCE_BITS) & i64::from(MAX_NODE);
    // Ten bits.
    u16::try_from(node).unwrap_or(MAX_NODE)
}

/// The lowest id that any node could have made at `at`: what was made before it has a lower one.
pub fn lowest_at<Id: From<i64>>(at: chrono::DateTime<chrono::Utc>) -> Id {
    let elapsed = (at.timestamp_millis() - EPOCH_MS).max(0);
    Id::from(elapsed << (NODE_BITS + SEQUENCE_BITS))
}

/// By how much an id grows in `span`: subtracted from an id, what was made that long before it.
pub fn span<Id: From<i64>>(span: chrono::TimeDelta) -> Id {
    Id::from(span.num_milliseconds() << (NODE_BITS + SEQUENCE_BITS))
}

/// Declares an id newtype.
macro_rules! define_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The number itself, for storage and for the wire.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
pub(crate) use define_id;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::{TimeDelta, TimeZone, Utc};

    use super::*;
    use crate::clock::FixedClock;

    fn generator() -> (Arc<FixedClock>, IdGenerator) {
        let start = Utc
            .with_ymd_and_hms(2026, 1, 1, 0, 0, 0)
            .single()
            .expect("a date");
        let clock = Arc::new(FixedClock::at(start));
        (clock.clone(), IdGenerator::new(7, clock))
    }

    #[test]
    fn ids_increase_even_when_the_clock_steps_back() {
        let (clock, ids) = generator();
        let first: i64 = ids.next();
        clock.advance(TimeDelta::seconds(-60));
        let second: i64 = ids.next();
        clock.advance(TimeDelta::seconds(120));
        let third: i64 = ids.next();
        assert!(0 < first && first < second && second < third);
    }

    #[test]
    fn more_than_a_milliseconds_worth_are_still_unique() {
        let (_clock, ids) = generator();
        let made: HashSet<i64> = (0..10_000).map(|_| ids.next()).collect();
        assert_eq!(made.len(), 10_000);
    }

    #[test]
    fn a_run_has_no_gap_and_is_nobody_elses() {
        let (_clock, ids) = generator();
        let mut last = 0;
        for number in (1..=2_048).step_by(89) {
            let first: i64 = ids.next_run(number);
            assert!(last < first);
            last = first + i64::from(number) - 1;
            assert_eq!(first >> SEQUENCE_BITS, last >> SEQUENCE_BITS);
            assert!(last < ids.next());
            last += 1;
        }
    }

    #[test]
    fn an_id_tells_which_node_made_it() {
        let (clock, ids) = generator();
        assert_eq!((ids.node(), node_of(ids.next())), (7, 7));
        let other = IdGenerator::new(MAX_NODE, clock);
        assert_eq!(node_of(other.next()), MAX_NODE);
        assert_eq!(node_of(other.next_run(2_048)), MAX_NODE);
    }

    #[test]
    fn threads_never_share_an_id() {
        let (_clock, ids) = generator();
        let made: Vec<i64> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..2_000).map(|_| ids.next()).collect::<Vec<i64>>()))
                .collect();
            workers
                .into_iter()
                .flat_map(|w| w.join().expect("a worker"))
                .collect()
        });
        assert_eq!(made.iter().collect::<HashSet<_>>().len(), made.len());
    }
}
