//! Leaving alone for a while what failed.

use std::error::Error;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;
use tracing::{info, warn};

/// Whether Redis is asked: while it fails, by one command at a time now and then, so that nobody
/// else waits for it.
pub(super) struct Rest {
    length: Duration,
    address: String,
    /// Until when it is left alone; `None` while it is well.
    until: Mutex<Option<Instant>>,
}

impl Rest {
    pub(super) fn new(length: Duration, address: String) -> Self {
        Self {
            length,
            address,
            until: Mutex::new(None),
        }
    }

    /// Whether this command may go; where the rest is over, it is the one that tries.
    pub(super) fn may_ask(&self) -> bool {
        let mut until = self.until.lock();
        let Some(end) = *until else { return true };
        let now = Instant::now();
        let is_over = end <= now;
        if is_over {
            *until = Some(now + self.length);
        }
        is_over
    }

    /// Hears how a command went.
    pub(super) fn heed(&self, failure: Option<&(impl Error + 'static)>) {
        let mut until = self.until.lock();
        let address = &self.address;
        match failure {
            Some(error) => {
                if until.is_none() {
                    warn!(address, %error, "the nodes cannot count together: each counts alone");
                }
                *until = Some(Instant::now() + self.length);
            }
            None => {
                if until.take().is_some() {
                    info!(address, "the nodes count together again");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_failed_is_tried_by_one_at_a_time() {
        let rest = Rest::new(Duration::from_secs(1), "redis.example:6379".into());
        assert!(rest.may_ask() && rest.may_ask());
        rest.heed(Some(&io::Error::other("away")));
        assert!(!rest.may_ask());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(rest.may_ask());
        assert!(!rest.may_ask());
        rest.heed(None::<&io::Error>);
        assert!(rest.may_ask() && rest.may_ask());
    }
}
