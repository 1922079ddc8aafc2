//! [`EventBus`](domain::event::EventBus): within one process, or between nodes over Redis.

mod in_process;
mod redis;

use async_trait::async_trait;
use domain::event::{Signal, Subscription};
use parking_lot::Mutex;
use tokio::sync::broadcast::{self, error::RecvError};

pub use self::in_process::InProcessBus;
pub use self::redis::{RedisBus, RedisBusError, RedisBusOptions};

/// How many signals a subscriber may be behind before it is told [`Signal::Missed`] instead. They
/// are small; a thousand is a burst no healthy subscriber is ever behind.
const CAPACITY: usize = 1024;

/// Hands signals to every subscriber of this process. Never waits for a slow one.
struct Local {
    /// `None` once closed, so that subscribers end although somebody still holds the bus.
    sender: Mutex<Option<broadcast::Sender<Signal>>>,
}

impl Local {
    fn new(capacity: usize) -> Self {
        Self {
            sender: Mutex::new(Some(broadcast::Sender::new(capacity))),
        }
    }

    fn deliver(&self, signal: Signal) {
        if let Some(sender) = &*self.sender.lock() {
            // Fails if nobody listens, which is nobody's loss.
            let _ = sender.send(signal);
        }
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        let receiver = match &*self.sender.lock() {
            Some(sender) => sender.subscribe(),
            // Closed: the sender is dropped at once, and the subscription ends.
            None => broadcast::channel(1).1,
        };
        Box::new(LocalSubscription(receiver))
    }

    fn close(&self) {
        self.sender.lock().take();
    }
}

struct LocalSubscription(broadcast::Receiver<Signal>);

#[async_trait]
impl Subscription for LocalSubscription {
    // Safe to cancel (in a `select!`): a signal is either returned or still to come.
    async fn next(&mut self) -> Option<Signal> {
        match self.0.recv().await {
            Ok(signal) => Some(signal),
            Err(RecvError::Lagged(_)) => Some(Signal::Missed),
            Err(RecvError::Closed) => None,
        }
    }
}
