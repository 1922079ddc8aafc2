//! Who waits for a place to hash in.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// How much there is to hash at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashFigures {
    /// How many may hash at the same time.
    pub size: usize,
    /// How many do.
    pub busy: usize,
    /// How many wait for their turn.
    pub waiting: usize,
    /// How many were told since the start that theirs did not come in time.
    pub refused: u64,
}

/// Counts those who wait, of whom there are only so many.
pub(super) struct HashQueue {
    most: usize,
    waiting: AtomicUsize,
    refused: AtomicU64,
}

/// Somebody who waits, until dropped.
pub(super) struct Waiting<'a>(&'a HashQueue);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl HashQueue {
    /// Nobody waits yet, and no more than so many ever do.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            waiting: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// Counts one more; where too many wait, notes that somebody was refused.
    pub(super) fn join(&self) -> Option<Waiting<'_>> {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        // Dropped, it is counted no longer.
        let waiting = Waiting(self);
        if before >= self.most {
            self.note_refusal();
            return None;
        }
        Some(waiting)
    }

    /// Notes that somebody waited in vain.
    pub(super) fn note_refusal(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// The figures, of so many places of which so many are free.
    pub(super) fn figures(&self, size: usize, free: usize) -> HashFigures {
        HashFigures {
            size,
            busy: size.saturating_sub(free),
            waiting: self.waiting.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
        }
    }
}
