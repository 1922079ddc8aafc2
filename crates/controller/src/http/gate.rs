//! How many requests are in hand at the same time, and how many may be.
//!
//! Requests that read and requests that change something have a limit each, so that neither can
//! take the place of the other. The limit is one of the settings, and less for as long as the
//! database cannot keep up ([`Gate::heed`]). See docs/adr/0019-shedding.md.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::http::Method;

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It reads.
    Read,
    /// It changes something.
    Change,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Read, Self::Change];

    /// What a request of that method does.
    #[must_use]
    pub fn of(method: &Method) -> Self {
        if method.is_safe() {
            Self::Read
        } else {
            Self::Change
        }
    }

    /// Its name in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Change => "change",
        }
    }
}

/// However long the database makes everybody wait, so many are let in.
const FEWEST: usize = 8;
/// A request that waits longer than that for a connection waits too long.
const PATIENCE: Duration = Duration::from_millis(500);

/// Counts requests in hand.
pub struct Gate {
    most: usize,
    lanes: [Lane; Kind::ALL.len()],
}

struct Lane {
    in_hand: AtomicUsize,
    allowed: AtomicUsize,
    crowded_out: AtomicU64,
    late: AtomicU64,
}

/// One kind of requests at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShedFigures {
    /// How many are in hand.
    pub in_hand: usize,
    /// How many may be.
    pub allowed: usize,
    /// How many were turned away because too many were in hand.
    pub crowded_out: u64,
    /// How many were turned away because a worker was late.
    pub late: u64,
}

/// A request in hand, until dropped.
pub(crate) struct InHand {
    gate: Arc<Gate>,
    kind: Kind,
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.gate
            .lane(self.kind)
            .in_hand
            .fetch_sub(1, Ordering::Relaxed);
    }
}

impl Gate {
    /// A gate for so many requests of each kind.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let lane = |_| Lane {
            in_hand: AtomicUsize::new(0),
            allowed: AtomicUsize::new(most),
            crowded_out: AtomicU64::new(0),
            late: AtomicU64::new(0),
        };
        Self {
            most,
            lanes: Kind::ALL.map(lane),
        }
    }

    /// Lets a request in; `None` where too many are.
    pub(crate) fn enter(self: &Arc<Self>, kind: Kind) -> Option<InHand> {
        let lane = self.lane(kind);
        let before = lane.in_hand.fetch_add(1, Ordering::Relaxed);
        // Dropped, it is in hand no longer.
        let entered = InHand {
            gate: self.clone(),
            kind,
        };
        if before >= lane.allowed.load(Ordering::Relaxed) {
            lane.crowded_out.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(entered)
    }

    /// Notes a request that was turned away because its worker was late.
    pub(crate) fn note_late(&self, kind: Kind) {
        self.lane(kind).late.fetch_add(1, Ordering::Relaxed);
    }

    /// Hears for how long a request of this kind waits for a connection to the database; several
    /// times a second. Where that is too long, a quarter less is let in each time; afterwards a
    /// twentieth of all more each time.
    pub fn heed(&self, kind: Kind, waited: Duration) {
        let allowed = &self.lane(kind).allowed;
        let now = allowed.load(Ordering::Relaxed);
        let next = if waited > PATIENCE {
            (now - now / 4).max(FEWEST)
        } else {
            now + self.most.div_ceil(20)
        };
        allowed.store(next.min(self.most), Ordering::Relaxed);
    }

    /// How it stands.
    #[must_use]
    pub fn figures(&self, kind: Kind) -> ShedFigures {
        let lane = self.lane(kind);
        ShedFigures {
            in_hand: lane.in_hand.load(Ordering::Relaxed),
            allowed: lane.allowed.load(Ordering::Relaxed),
            crowded_out: lane.crowded_out.load(Ordering::Relaxed),
            late: lane.late.load(Ordering::Relaxed),
        }
    }

    fn lane(&self, kind: Kind) -> &Lane {
        &self.lanes[kind as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(most: usize) -> Arc<Gate> {
        Arc::new(Gate::new(most))
    }

    #[test]
    fn who_comes_when_all_places_are_taken_is_turned_away() {
        let gate = gate(2);
        let held = [gate.enter(Kind::Read), gate.enter(Kind::Read)];
        assert!(held.iter().all(Option::is_some));
        assert!(gate.enter(Kind::Read).is_none());
        // What changes something has places of its own.
        assert!(gate.enter(Kind::Change).is_some());
        drop(held);
        assert!(gate.enter(Kind::Read).is_some());
        let figures = gate.figures(Kind::Read);
        assert_eq!((figures.in_hand, figures.crowded_out), (0, 1));
        assert_eq!(gate.figures(Kind::Change).crowded_out, 0);
    }

    #[test]
    fn fewer_are_let_in_while_the_database_makes_them_wait() {
        let gate = gate(100);
        let allowed = |gate: &Gate| gate.figures(Kind::Read).allowed;
        gate.heed(Kind::Read, Duration::from_secs(1));
        assert_eq!(allowed(&gate), 75);
        for _ in 0..100 {
            gate.heed(Kind::Read, Duration::from_secs(1));
        }
        assert_eq!(allowed(&gate), FEWEST);
        gate.heed(Kind::Read, Duration::ZERO);
        assert_eq!(allowed(&gate), FEWEST + 5);
        for _ in 0..100 {
            gate.heed(Kind::Read, Duration::ZERO);
        }
        assert_eq!(allowed(&gate), 100);
        assert_eq!(gate.figures(Kind::Change).allowed, 100);
    }

    #[test]
    fn a_small_limit_stays_what_it_is() {
        let gate = gate(2);
        gate.heed(Kind::Change, Duration::from_secs(1));
        assert_eq!(gate.figures(Kind::Change).allowed, 2);
    }
}
