//! Waking the worker.

use std::sync::Arc;

use domain::notification::Channel;
use tokio::sync::Notify;

/// Rung after a message was committed, so that it leaves at once. A ring that nobody heard (the
/// process died) costs a moment only: the worker looks by itself now and then.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Wakes the worker, now or as soon as it listens.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for a ring.
    pub(super) async fn rung(&self) {
        self.0.notified().await;
    }
}

/// A bell for each channel.
#[derive(Clone, Default)]
pub struct Bells {
    mail: Bell,
    gmail: Bell,
    ses: Bell,
    kakao: Bell,
}

impl Bells {
    /// The bell of a channel's worker.
    #[must_use]
    pub fn of(&self, channel: Channel) -> &Bell {
        match channel {
            Channel::Mail => &self.mail,
            Channel::Gmail => &self.gmail,
            Channel::Ses => &self.ses,
            Channel::Kakao => &self.kakao,
        }
    }
}
