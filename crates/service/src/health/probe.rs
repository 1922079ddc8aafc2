//! Asking the database how much waits, which also tells whether it answers.

use std::sync::Arc;
use std::time::Duration;

use domain::notification::{Backlog, OutboxRepository};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tracing::warn;

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// For how long an answer is good: however often somebody asks, the database is asked no oftener.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// Asks the outbox how much waits, for as many as want to know: one question at a time, and none
/// that holds anybody up. A statement that takes too long is not cut off, for that costs its
/// connection; the next to ask finds it under way.
pub struct BacklogProbe {
    outbox: Arc<dyn OutboxRepository>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: Option<(Instant, Reading)>,
    under_way: Option<JoinHandle<Reading>>,
}

/// What waits in each channel; `None` where the database did not answer.
type Reading = Option<Arc<[Backlog]>>;

impl BacklogProbe {
    /// Asks `outbox`.
    #[must_use]
    pub fn new(outbox: Arc<dyn OutboxRepository>) -> Self {
        Self {
            outbox,
            state: Mutex::default(),
        }
    }

    /// What waits in each channel, as it was a second ago at the earliest; `None` where the
    /// database did not answer in time.
    pub async fn ask(&self) -> Option<Arc<[Backlog]>> {
        let mut state = self.state.lock().await;
        if let Some((at, reading)) = &state.last
            && at.elapsed() < GOOD_FOR
        {
            return reading.clone();
        }
        let under_way = state.under_way.get_or_insert_with(|| {
            let outbox = self.outbox.clone();
            tokio::spawn(async move { read(outbox.as_ref()).await })
        });
        let reading = match timeout(PATIENCE, under_way).await {
            Ok(done) => {
                state.under_way = None;
                done.ok().flatten()
            }
            Err(_) => {
                warn!("the database did not say in time how much waits");
                None
            }
        };
        state.last = Some((Instant::now(), reading.clone()));
        reading
    }
}

async fn read(outbox: &dyn OutboxRepository) -> Reading {
    match outbox.backlog().await {
        Ok(backlog) => Some(backlog.into()),
        Err(error) => {
            warn!(%error, "the database did not say how much waits");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::notification::{Channel, MockOutboxRepository};
    use tokio::time::{advance, sleep};

    use super::*;
    use crate::testing::failure;

    fn probe(mut answers: Vec<bool>) -> BacklogProbe {
        let mut outbox = MockOutboxRepository::new();
        let times = answers.len();
        outbox.expect_backlog().times(times).returning(move || {
            let all = || Channel::ALL.map(Backlog::empty).into();
            answers.remove(0).then(all).ok_or_else(failure)
        });
        BacklogProbe::new(Arc::new(outbox))
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_good_for_a_moment_whatever_it_is() {
        let probe = probe(vec![true, false, true]);
        for expected in [true, false, true] {
            for _ in 0..3 {
                assert_eq!(probe.ask().await.is_some(), expected);
            }
            advance(GOOD_FOR).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn many_who_ask_at_once_are_one_question() {
        let probe = probe(vec![true]);
        let (one, other, third) = tokio::join!(probe.ask(), probe.ask(), probe.ask());
        assert!(one.is_some() && other.is_some() && third.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_database_is_asked_once_and_waited_for_a_second_each_time() {
        let under_way = tokio::spawn(async {
            sleep(PATIENCE * 3 / 2).await;
            Some(Vec::new().into())
        });
        // Whoever asked anew would meet a mock that expects nobody.
        let probe = BacklogProbe {
            outbox: Arc::new(MockOutboxRepository::new()),
            state: Mutex::new(State {
                last: None,
                under_way: Some(under_way),
            }),
        };
        assert!(probe.ask().await.is_none());
        assert!(probe.ask().await.is_none(), "good for a moment");
        advance(GOOD_FOR).await;
        assert!(probe.ask().await.is_some(), "the same question");
    }
}
