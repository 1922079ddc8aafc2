//! The bus of an installation of several nodes: Redis publish/subscribe.
//!
//! Redis keeps nothing for a node that is cut off, so all that a node can do is to know that it
//! was: [`is_live`](EventBus::is_live) is false in between, and [`Signal::Missed`] is heard on
//! both edges. An event that could not be sent is made good as soon as Redis answers again, by
//! telling the other nodes that they missed something.

mod backoff;
mod listening;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ::redis::RedisError;
use async_trait::async_trait;
use domain::event::{BusError, Event, EventBus, Signal, Subscription};
use parking_lot::Mutex;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::listening::listen;
use super::{CAPACITY, Local};
use crate::redis_link::{RedisLink, RedisLinkError};

/// The kind of the message that says no more than that something was lost. A node that does not
/// know it takes it for a newer kind, which comes to the same.
const MISSED: &str = "missed";

/// How a [`RedisBus`] behaves. The default is meant for production.
#[derive(Clone, Debug)]
pub struct RedisBusOptions {
    /// What the channel's name begins with: `ensemble` makes `ensemble:events:v1`. Installations
    /// that share a Redis need one each, for publish/subscribe knows no database numbers.
    pub prefix: String,
    /// How long Redis may take to connect, to subscribe, or to take one event.
    pub timeout: Duration,
    /// How often the subscription is tested, for a connection can die without a word. An unheard
    /// death is noticed after `heartbeat` + `timeout` at the latest.
    pub heartbeat: Duration,
    /// The longest pause between two attempts to subscribe.
    pub longest_pause: Duration,
}

impl Default for RedisBusOptions {
    fn default() -> Self {
        Self {
            prefix: "ensemble".to_owned(),
            timeout: Duration::from_secs(2),
            heartbeat: Duration::from_secs(5),
            longest_pause: Duration::from_secs(10),
        }
    }
}

/// Why the Redis bus did not do what it was asked. Says nothing of the URL but where a fault is.
#[derive(Debug, Error)]
pub enum RedisBusError {
    /// The URL is no good, or Redis did not take a command.
    #[error(transparent)]
    Link(#[from] RedisLinkError),
    /// The system gave no random number.
    #[error("the system gives no random numbers")]
    Random(#[source] getrandom::Error),
    /// Redis cannot be reached or refused.
    #[error(transparent)]
    Redis(#[from] RedisError),
    /// Redis did not answer in this time.
    #[error("Redis did not answer within {0:?}")]
    Timeout(Duration),
    /// The connection ended.
    #[error("Redis ended the subscription")]
    Lost,
    /// The event could not be written as JSON.
    #[error("the event cannot be written as JSON")]
    Encode(#[from] serde_json::Error),
    /// The bus was shut down, or its runtime is ending.
    #[error("the event bus is shut down")]
    Closed,
}

impl From<RedisBusError> for BusError {
    fn from(error: RedisBusError) -> Self {
        Self(Box::new(error))
    }
}

/// Carries events between the nodes that share a Redis. Dropping it ends its task.
pub struct RedisBus {
    shared: Arc<Shared>,
    /// `None` once shut down.
    task: Mutex<Option<JoinHandle<()>>>,
}

impl RedisBus {
    /// A bus over the Redis at `url` (`redis://`, `rediss://` or `redis+unix://`). It returns at
    /// once; a task of its own connects, and tries again for ever. Must be called within a Tokio
    /// runtime.
    ///
    /// # Errors
    /// Where the URL is no good ([`RedisBusError::Link`]) or [`RedisBusError::Random`]; never
    /// because Redis is absent.
    pub fn connect(url: &SecretString, options: RedisBusOptions) -> Result<Self, RedisBusError> {
        let link = RedisLink::new(url, options.timeout)?;
        let instance = getrandom::u64().map_err(RedisBusError::Random)?;
        let shared = Arc::new(Shared {
            address: link.address(),
            link,
            channel: format!("{}:events:v1", options.prefix),
            instance: format!("{instance:016x}"),
            options,
            local: Local::new(CAPACITY),
            live: watch::Sender::new(false),
            owed: AtomicU64::new(0),
        });
        let task = tokio::spawn(listen(shared.clone()));
        Ok(Self {
            shared,
            task: Mutex::new(Some(task)),
        })
    }

    /// [`is_live`](EventBus::is_live) as a value that can be waited for.
    #[must_use]
    pub fn liveness(&self) -> watch::Receiver<bool> {
        self.shared.live.subscribe()
    }

    /// Asks Redis for a sign of life.
    ///
    /// # Errors
    /// If there is none within [`RedisBusOptions::timeout`].
    pub async fn ping(&self) -> Result<(), RedisBusError> {
        Ok(self.shared.link.query(&::redis::cmd("PING")).await?)
    }

    /// Leaves Redis and ends every subscription, once it has read what is already there.
    pub async fn shutdown(&self) {
        let task = self.task.lock().take();
        if let Some(task) = task {
            task.abort();
            // An error says that the task was aborted, which is what was wanted.
            let _ = task.await;
        }
        self.shared.local.close();
        self.shared.link.close().await;
    }
}

impl Drop for RedisBus {
    fn drop(&mut self) {
        if let Some(task) = self.task.get_mut() {
            task.abort();
        }
    }
}

#[async_trait]
impl EventBus for RedisBus {
    async fn publish(&self, event: Event) -> Result<(), BusError> {
        self.shared.local.deliver(Signal::Event(event.clone()));
        if self.task.lock().is_none() {
            return Err(RedisBusError::Closed.into());
        }
        let event = serde_json::to_value(event).map_err(RedisBusError::Encode)?;
        // In a task of its own: a request whose client hangs up is dropped half-way, but the
        // other nodes must hear all the same.
        let shared = self.shared.clone();
        tokio::spawn(async move { shared.send(event).await })
            .await
            .map_err(|_| RedisBusError::Closed)??;
        Ok(())
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        self.shared.local.subscribe()
    }

    fn is_live(&self) -> bool {
        *self.shared.live.borrow()
    }
}

/// What travels: the sender, so that it does not hear itself, and the event as `domain` writes it.
#[derive(Serialize, Deserialize)]
struct Envelope {
    from: String,
    event: Value,
}

struct Shared {
    link: RedisLink,
    /// Where Redis is, for the log: no user, no password.
    address: String,
    channel: String,
    /// This bus among all, drawn at random.
    instance: String,
    options: RedisBusOptions,
    local: Local,
    live: watch::Sender<bool>,
    /// How many of this node's messages the others have missed and not yet been told so.
    owed: AtomicU64,
}

impl Shared {
    async fn send(&self, event: Value) -> Result<(), RedisBusError> {
        let envelope = Envelope {
            from: self.instance.clone(),
            event,
        };
        let payload = serde_json::to_string(&envelope)?;
        let mut publish = ::redis::cmd("PUBLISH");
        publish.arg(&self.channel).arg(payload);
        let result = self.link.query::<()>(&publish).await;
        if result.is_err() {
            self.owed.fetch_add(1, Ordering::Relaxed);
        }
        Ok(result?)
    }

    /// Tells the other nodes that they missed something, if they did.
    async fn settle(&self) {
        let owed = self.owed.load(Ordering::Relaxed);
        if owed == 0 {
            return;
        }
        match self.send(json!({ "event": MISSED })).await {
            Ok(()) => {
                // Only what was owed before: whatever failed meanwhile may have come too late.
                self.owed.fetch_sub(owed, Ordering::Relaxed);
            }
            Err(error) => {
                tracing::debug!(%error, "the other nodes still cannot be told what they missed");
            }
        }
    }
}
