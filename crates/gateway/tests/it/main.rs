//! The gateways against the real thing. What needs Redis runs when `TEST_REDIS_URL` is set.

mod in_process;
mod mail;
mod proxy;
mod redis_buckets;
mod redis_bus;
mod redis_server;

use std::time::Duration;

use domain::event::{Event, Signal, Subscription};
use domain::user::UserId;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn changed(user: i64) -> Event {
    Event::UserChanged {
        user: UserId::from(user),
    }
}

/// What the subscriber hears next; fails if that is nothing.
async fn hear(subscription: &mut Box<dyn Subscription>) -> Option<Signal> {
    tokio::time::timeout(PATIENCE, subscription.next())
        .await
        .expect("something is heard in time")
}

/// The subscriber hears exactly these events next.
async fn hears<const N: usize>(subscription: &mut Box<dyn Subscription>, users: [i64; N]) {
    for user in users {
        assert_eq!(hear(subscription).await, Some(Signal::Event(changed(user))));
    }
}
