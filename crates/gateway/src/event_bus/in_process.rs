//! The bus of an installation that is one process.

use async_trait::async_trait;
use domain::event::{BusError, Event, EventBus, Signal, Subscription};

use super::{CAPACITY, Local};

/// Carries events within this process. There are no other nodes to be cut off from, so it is
/// always live.
pub struct InProcessBus {
    local: Local,
}

impl InProcessBus {
    /// A bus without subscribers.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    /// A bus that keeps `capacity` signals (at least 1, rounded up to a power of two) for a slow
    /// subscriber before it tells it [`Signal::Missed`].
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            local: Local::new(capacity.max(1)),
        }
    }

    /// Ends every subscription, once it has read what is already there.
    pub fn shutdown(&self) {
        self.local.close();
    }
}

impl Default for InProcessBus {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl EventBus for InProcessBus {
    async fn publish(&self, event: Event) -> Result<(), BusError> {
        self.local.deliver(Signal::Event(event));
        Ok(())
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        self.local.subscribe()
    }

    fn is_live(&self) -> bool {
        true
    }
}
