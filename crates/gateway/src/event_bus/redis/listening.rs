//! Hearing the other nodes: subscribing, and noticing when the subscription is lost.

use std::sync::Arc;

use ::redis::aio::{PubSubSink, PubSubStream};
use domain::event::Signal;
use futures_util::StreamExt;
use tokio::time::{Instant, sleep, timeout};

use super::backoff::Backoff;
use super::{Envelope, MISSED, RedisBusError, Shared};

/// Subscribes, hears, and subscribes anew, for ever.
pub(super) async fn listen(shared: Arc<Shared>) {
    let (address, channel) = (&shared.address, &shared.channel);
    let mut backoff = Backoff::new(shared.options.longest_pause);
    let mut warned = false;
    loop {
        let error = match shared.establish().await {
            Ok((sink, stream)) => {
                tracing::info!(address, channel, "the event bus is live");
                warned = false;
                let since = Instant::now();
                let error = shared.hear(sink, stream).await;
                // A connection that never holds for long must not be tried without pause.
                if since.elapsed() > shared.options.longest_pause {
                    backoff = Backoff::new(shared.options.longest_pause);
                }
                error
            }
            Err(error) => error,
        };
        let pause = backoff.pause();
        if warned {
            tracing::debug!(address, channel, %error, ?pause, "the event bus is still cut off");
        } else {
            tracing::warn!(address, channel, %error, ?pause, "the event bus is cut off");
            warned = true;
        }
        sleep(pause).await;
    }
}

impl Shared {
    async fn establish(&self) -> Result<(PubSubSink, PubSubStream), RedisBusError> {
        let limit = self.options.timeout;
        let subscribe = async {
            let (mut sink, stream) = self.link.client().get_async_pubsub().await?.split();
            sink.subscribe(&self.channel).await?;
            Ok((sink, stream))
        };
        match timeout(limit, subscribe).await {
            Ok(result) => result,
            Err(_) => Err(RedisBusError::Timeout(limit)),
        }
    }

    /// Hears the other nodes until the connection is lost; returns how it was.
    async fn hear(&self, sink: PubSubSink, mut stream: PubSubStream) -> RedisBusError {
        let _live = Live::begin(self);
        let heart = self.beat(sink);
        tokio::pin!(heart);
        loop {
            tokio::select! {
                message = stream.next() => match message {
                    Some(message) => self.receive(message.get_payload_bytes()),
                    None => return RedisBusError::Lost,
                },
                error = &mut heart => return error,
            }
        }
    }

    /// Tests the connection now and then; returns what was wrong.
    async fn beat(&self, mut sink: PubSubSink) -> RedisBusError {
        let limit = self.options.timeout;
        loop {
            self.settle().await;
            sleep(self.options.heartbeat).await;
            match timeout(limit, sink.ping::<::redis::Value>()).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return error.into(),
                Err(_) => return RedisBusError::Timeout(limit),
            }
        }
    }

    fn receive(&self, payload: &[u8]) {
        let signal = match serde_json::from_slice::<Envelope>(payload) {
            Ok(envelope) if envelope.from == self.instance => return,
            Ok(envelope) if envelope.event["event"] == MISSED => Signal::Missed,
            Ok(envelope) => serde_json::from_value(envelope.event)
                .map_or_else(|error| not_understood(&error), Signal::Event),
            Err(error) => not_understood(&error),
        };
        self.local.deliver(signal);
    }
}

/// A newer node tells of something this one does not know: something was missed, but not what.
fn not_understood(error: &serde_json::Error) -> Signal {
    tracing::warn!(%error, "another node sent an event this one does not understand");
    Signal::Missed
}

/// Live for as long as this is held: also an aborted task ends it.
struct Live<'a>(&'a Shared);

impl<'a> Live<'a> {
    fn begin(shared: &'a Shared) -> Self {
        // Whoever sees the bus live has been told already, and whoever subscribes from then on
        // has missed nothing.
        shared.local.deliver(Signal::Missed);
        shared.live.send_replace(true);
        Self(shared)
    }
}

impl Drop for Live<'_> {
    fn drop(&mut self) {
        self.0.live.send_replace(false);
        self.0.local.deliver(Signal::Missed);
    }
}
