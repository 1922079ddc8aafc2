//! That this node is about to stop.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether this node is about to stop. It still answers everything then, but tells whoever decides
/// where requests go to send them elsewhere.
#[derive(Debug, Default)]
pub struct Departure(AtomicBool);

impl Departure {
    /// From now on it is.
    pub fn announce(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is.
    #[must_use]
    pub fn is_announced(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
