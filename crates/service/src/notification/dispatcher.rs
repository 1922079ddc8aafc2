//! The worker that empties the outbox.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::notification::{Channel, ClaimedMessage, DeliveryError, OutboxRepository};
use domain::{Clock, RepositoryError};
use secrecy::ExposeSecret;
use tokio::sync::watch;
use tokio::task::JoinSet;
use trace::{Kind, Origin, Span};
use tracing::{Instrument, error_span, info, warn};

use super::backoff;
use super::postbox::context;
use super::{Bell, Delivery, Tally};
use crate::sealing::{SealError, Sealer};
use crate::throttle::Throttle;

/// How patient the worker is.
#[derive(Clone, Copy, Debug)]
pub struct DispatchSettings {
    /// How long to wait after the first failure; doubled after each further one.
    pub retry_base: Duration,
    /// After how many attempts a message is given up.
    pub max_attempts: u32,
    /// Messages on their way at the same time.
    pub concurrency: usize,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// How long a message belongs to who claimed it: longer than an attempt and its note take.
    pub lease: Duration,
    /// How often to look without being woken: another node may have died with messages in hand.
    pub poll: Duration,
    /// How long attempts under way may go on when the process stops.
    pub grace: Duration,
}

impl DispatchSettings {
    /// Settings with the usual patience; a lease is four times what an attempt may take.
    #[must_use]
    pub fn new(retry_base: Duration, max_attempts: u32, timeout: Duration) -> Self {
        Self {
            retry_base,
            max_attempts,
            concurrency: 8,
            timeout,
            lease: timeout * 4,
            poll: Duration::from_secs(5),
            grace: Duration::from_secs(3),
        }
    }
}

/// Delivers the messages of one channel, each at least once: an attempt is noted only after it
/// was made, and whoever dies in between loses the message to the next worker when its lease ends.
/// Any number of these may run, on any number of nodes.
pub struct Dispatcher {
    /// Where messages wait.
    pub outbox: Arc<dyn OutboxRepository>,
    /// What delivers them.
    pub delivery: Arc<dyn Delivery>,
    /// Opens what they say.
    pub sealer: Arc<Sealer>,
    /// Who wakes us.
    pub bell: Bell,
    /// How patient we are.
    pub settings: DispatchSettings,
    /// How many attempts may begin in what time: what the provider takes.
    pub pace: Arc<Throttle>,
    /// How it goes.
    pub tally: Arc<Tally>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What came of an attempt.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Delivered,
    Failed(DeliveryError),
    /// The process stops; whether it was delivered is not known.
    CutOff,
    /// There was no point in trying.
    Hopeless(&'static str),
}

impl Outcome {
    /// Why it was not delivered, as a stable word.
    fn failure(&self) -> Option<&'static str> {
        match self {
            Self::Delivered => None,
            Self::Failed(
                DeliveryError::Later { reason, .. } | DeliveryError::Never { reason, .. },
            )
            | Self::Hopeless(reason) => Some(reason),
            Self::CutOff => Some("cut_off"),
        }
    }
}

/// Between two looks there is always a moment, whatever the clock says.
const MOMENT: Duration = Duration::from_millis(20);

impl Dispatcher {
    /// The way its messages take.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.delivery.channel()
    }

    /// Delivers until told to stop; then lets attempts under way end, and gives back what did not.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        while !*stop.borrow() {
            let wait = match self.start(&mut under_way, &stop).await {
                Ok(wait) => wait,
                Err(error) => {
                    warn!(%error, "the outbox cannot be read; trying again");
                    self.settings.poll
                }
            };
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => break,
                Some(_) = under_way.join_next() => {}
                () = self.bell.rung() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Starts as many attempts as there is room for; how long until there may be more to do.
    async fn start(
        self: &Arc<Self>,
        under_way: &mut JoinSet<()>,
        stop: &watch::Receiver<bool>,
    ) -> Result<Duration, RepositoryError> {
        let free = self.settings.concurrency.saturating_sub(under_way.len());
        if free == 0 {
            return Ok(self.settings.poll);
        }
        let channel = self.delivery.channel();
        let (room, next_slot) = self.take_slots(channel, free).await;
        if room == 0 {
            return Ok(next_slot);
        }
        let now = self.clock.now();
        let until = later(now, self.settings.lease);
        let claimed = self.outbox.claim(channel, now, until, room as u64).await;
        for _ in claimed.as_ref().map_or(0, Vec::len)..room {
            self.pace.give_back(channel.as_str()).await;
        }
        let claimed = claimed?;
        let is_full = claimed.len() == room;
        for message in claimed {
            let (dispatcher, stop) = (self.clone(), stop.clone());
            under_way.spawn(async move { dispatcher.handle(&message, stop).await });
        }
        if is_full {
            return Ok(next_slot);
        }
        let next = self.outbox.next_due(channel).await?;
        let wait = next.map(|next| (next - self.clock.now()).to_std().unwrap_or_default());
        let wait = wait.unwrap_or(self.settings.poll);
        Ok(wait.clamp(MOMENT, self.settings.poll.max(MOMENT)))
    }

    /// Takes up to so many slots of the provider's; how many there were, and when to look again.
    async fn take_slots(&self, channel: Channel, wanted: usize) -> (usize, Duration) {
        for taken in 0..wanted {
            if let Err(wait) = self.pace.take(channel.as_str()).await {
                return (taken, wait.time);
            }
        }
        (wanted, self.settings.poll)
    }

    /// One attempt, and the note of what came of it; part of the trace of what it was sent for.
    async fn handle(&self, message: &ClaimedMessage, stop: watch::Receiver<bool>) {
        let origin = message.trace.as_deref().and_then(Origin::recall);
        let name = match self.channel() {
            Channel::Mail => "deliver mail",
            Channel::Gmail => "deliver gmail",
            Channel::Ses => "deliver ses",
            Channel::Kakao => "deliver kakao",
        };
        let span = Span::begin(name, Kind::Consumer, origin.as_ref());
        span.note("messaging.message.id", message.id.to_string());
        span.note("ensemble.attempt", i64::from(message.attempt));
        let lines = span.origin().map(|here| {
            // Of level error, so that errors keep it however little else is logged.
            error_span!("delivery", trace_id = here.trace_id())
        });
        let work = span.around(self.try_once(message, stop, &span));
        match lines {
            Some(lines) => work.instrument(lines).await,
            None => work.await,
        }
    }

    async fn try_once(&self, message: &ClaimedMessage, stop: watch::Receiver<bool>, span: &Span) {
        let outcome = self.attempt(message, stop).await;
        if let Some(why) = outcome.failure() {
            span.fail(why);
        }
        if let Err(error) = self.settle(message, outcome).await {
            // Delivered or not, it comes again when its lease ends.
            warn!(%error, message_id = %message.id, "what came of a message was not noted");
        }
    }

    async fn attempt(&self, message: &ClaimedMessage, stop: watch::Receiver<bool>) -> Outcome {
        let now = self.clock.now();
        if message.expires_at.is_some_and(|end| end <= now) {
            return Outcome::Hopeless("expired");
        }
        // Each of its attempts so far ended with the process.
        if message.attempt > self.settings.max_attempts {
            return Outcome::Hopeless("attempts");
        }
        let payload = match self.sealer.open(&context(message.id), &message.payload) {
            Ok(payload) => payload,
            // The key may come back with the next start.
            Err(SealError::UnknownKey) => return failed_for_now("sealed"),
            Err(SealError::Key | SealError::Random | SealError::Forged) => {
                return Outcome::Hopeless("sealed");
            }
        };
        let delivery =
            self.delivery
                .deliver(message.id, message.created_at, payload.expose_secret());
        tokio::select! {
            done = tokio::time::timeout(self.settings.timeout, delivery) => match done {
                Ok(Ok(())) => Outcome::Delivered,
                Ok(Err(error)) => Outcome::Failed(error),
                Err(_) => failed_for_now("timeout"),
            },
            () = self.cut_off(stop) => Outcome::CutOff,
        }
    }

    /// Ends when the process has been stopping for long enough.
    async fn cut_off(&self, mut stop: watch::Receiver<bool>) {
        // Where nobody can tell us to stop any more, the process is at its end, too.
        let _ = stop.wait_for(|stop| *stop).await;
        tokio::time::sleep(self.settings.grace).await;
    }

    async fn settle(
        &self,
        message: &ClaimedMessage,
        outcome: Outcome,
    ) -> Result<(), RepositoryError> {
        let (id, attempt, now) = (message.id, message.attempt, self.clock.now());
        match outcome {
            Outcome::Delivered => self.tally.sent(),
            Outcome::Failed(error) => {
                self.tally
                    .failed(error, attempt >= self.settings.max_attempts);
            }
            Outcome::Hopeless(_) => self.tally.hopeless(),
            Outcome::CutOff => {}
        }
        let held = match outcome {
            Outcome::Delivered => {
                info!(message_id = %id, attempt, "a message was sent");
                self.outbox.mark_sent(id, now).await?
            }
            Outcome::Failed(DeliveryError::Later { reason, status })
                if attempt < self.settings.max_attempts =>
            {
                let delay = backoff::delay(self.settings.retry_base, attempt);
                info!(message_id = %id, attempt, reason, status, ?delay, "a message was put off");
                let until = later(now, delay);
                self.outbox.postpone(id, attempt, until, reason).await?
            }
            Outcome::Failed(
                DeliveryError::Later { reason, status } | DeliveryError::Never { reason, status },
            ) => {
                warn!(message_id = %id, attempt, reason, status, "a message was given up");
                self.outbox.bury(id, attempt, now, reason).await?
            }
            Outcome::Hopeless(reason) => {
                warn!(message_id = %id, attempt, reason, "a message was given up");
                self.outbox.bury(id, attempt, now, reason).await?
            }
            Outcome::CutOff => {
                info!(message_id = %id, attempt, "a message was given back");
                self.outbox.give_back(id, attempt, now).await?
            }
        };
        if !held {
            info!(message_id = %id, attempt, "another worker has the message by now");
        }
        Ok(())
    }
}

fn failed_for_now(reason: &'static str) -> Outcome {
    Outcome::Failed(DeliveryError::Later {
        reason,
        status: None,
    })
}

fn later(now: DateTime<Utc>, span: Duration) -> DateTime<Utc> {
    now + TimeDelta::from_std(span).unwrap_or(TimeDelta::hours(1))
}

#[cfg(test)]
mod tests;
