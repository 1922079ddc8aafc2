//! Whether everything here does what it should, for those who decide where requests go.

mod departure;
mod probe;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::Clock;
use domain::event::EventBus;
use domain::notification::Channel;
use domain::persona::PortraitAi;

use crate::notification::Tally;
use crate::outfit::Mind;

pub use departure::Departure;
pub use probe::BacklogProbe;

/// A message that nobody has tried for so long after it was due is late.
const LATE: Duration = Duration::from_secs(120);

/// How everything is. Without the database nothing works; without the rest only some of it, or
/// less well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// This node is about to stop: requests belong elsewhere.
    pub leaving: bool,
    /// For how long the message that is due longest has been waiting; `None` where the database
    /// did not answer.
    pub queue_age: Option<Duration>,
    /// Events of the other nodes arrive.
    pub bus: bool,
    /// The recommender knows what it knew.
    pub recommender: bool,
    /// Mails get through.
    pub mail: bool,
    /// Notes to Kakao get through.
    pub kakao: bool,
    /// The portrait service is asked; `None` where there is none.
    pub portraits: Option<bool>,
}

impl Readiness {
    /// Whether messages leave in time.
    #[must_use]
    pub fn is_in_time(&self) -> bool {
        self.queue_age.is_none_or(|age| age < LATE)
    }

    /// Whether all of it does what it should.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.leaving
            && self.queue_age.is_some()
            && self.is_in_time()
            && self.bus
            && self.recommender
            && self.mail
            && self.kakao
            && self.portraits != Some(false)
    }
}

/// Tells how everything is.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait HealthService: Send + Sync {
    /// How everything is, within about a second.
    async fn readiness(&self) -> Readiness;
}

/// [`HealthService`] over what is here.
pub struct DefaultHealthService {
    /// Whether this node is about to stop.
    pub departure: Arc<Departure>,
    /// Asks the database.
    pub probe: Arc<BacklogProbe>,
    /// What connects the nodes.
    pub bus: Arc<dyn EventBus>,
    /// What the recommender knows.
    pub mind: Arc<Mind>,
    /// What draws portraits, where there is such a service.
    pub portrait_ai: Option<Arc<dyn PortraitAi>>,
    /// How deliveries go.
    pub tallies: Vec<(Channel, Arc<Tally>)>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl DefaultHealthService {
    fn gets_through(&self, channels: &[Channel]) -> bool {
        let mut theirs = self
            .tallies
            .iter()
            .filter(|(one, _)| channels.contains(one));
        !theirs.any(|(_, tally)| tally.is_failing())
    }
}

#[async_trait]
impl HealthService for DefaultHealthService {
    async fn readiness(&self) -> Readiness {
        let backlog = self.probe.ask().await;
        let now = self.clock.now();
        let queue_age = backlog.map(|backlog| {
            let ages = backlog.iter().map(|channel| channel.lateness(now));
            ages.max().unwrap_or_default()
        });
        Readiness {
            leaving: self.departure.is_announced(),
            queue_age,
            bus: self.bus.is_live(),
            recommender: self.mind.has_caught_up(),
            mail: self.gets_through(&[Channel::Mail, Channel::Gmail, Channel::Ses]),
            kakao: self.gets_through(&[Channel::Kakao]),
            portraits: self.portrait_ai.as_ref().map(|ai| !ai.is_resting()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use chrono::TimeDelta;
    use domain::RepositoryError;
    use domain::notification::{Backlog, DeliveryError, MockOutboxRepository};
    use domain::persona::MockPortraitAi;

    use super::*;
    use crate::outfit::Catalogue;
    use crate::testing::{FakeBus, clock, failure, start};

    const WELL: Readiness = Readiness {
        leaving: false,
        queue_age: Some(Duration::ZERO),
        bus: true,
        recommender: false,
        mail: true,
        kakao: true,
        portraits: None,
    };

    fn service(backlog: Result<Vec<Backlog>, RepositoryError>) -> DefaultHealthService {
        let mut outbox = MockOutboxRepository::new();
        outbox.expect_backlog().return_once(|| backlog);
        let tallies = Channel::ALL.map(|channel| (channel, Arc::<Tally>::default()));
        DefaultHealthService {
            departure: Arc::default(),
            probe: Arc::new(BacklogProbe::new(Arc::new(outbox))),
            bus: FakeBus::new(),
            mind: Arc::new(Mind::new(Arc::new(Catalogue::default()))),
            portrait_ai: None,
            tallies: tallies.into(),
            clock: clock(),
        }
    }

    #[tokio::test]
    async fn the_longest_due_message_is_the_age_of_the_queue() {
        let late = Backlog {
            waiting: 1,
            next_due: Some(start() - TimeDelta::seconds(119)),
            ..Backlog::empty(Channel::Ses)
        };
        let backlog = vec![Backlog::empty(Channel::Mail), late];
        let mut found = service(Ok(backlog)).readiness().await;
        assert_eq!(found.queue_age, Some(Duration::from_secs(119)));
        assert!(found.is_in_time());
        found.queue_age = Some(LATE);
        assert!(!found.is_in_time() && !found.is_whole());
    }

    #[tokio::test]
    async fn a_database_that_fails_is_told_apart_from_an_empty_queue() {
        assert_eq!(service(Ok(vec![])).readiness().await, WELL);
        let down = service(Err(failure())).readiness().await;
        assert_eq!(down.queue_age, None);
        assert!(down.is_in_time() && !down.is_whole());
    }

    #[tokio::test]
    async fn a_node_that_is_about_to_stop_says_so() {
        let service = service(Ok(vec![]));
        service.departure.announce();
        let expected = Readiness {
            leaving: true,
            ..WELL
        };
        assert_eq!(service.readiness().await, expected);
    }

    #[tokio::test]
    async fn each_part_is_heard_of_by_itself() {
        let later = DeliveryError::Later {
            reason: "connection",
            status: None,
        };
        for (channel, mail, kakao) in [
            (Channel::Mail, false, true),
            (Channel::Ses, false, true),
            (Channel::Kakao, true, false),
        ] {
            let service = service(Ok(vec![]));
            let tally = service.tallies.iter().find(|(one, _)| *one == channel);
            let (_, tally) = tally.expect("its tally");
            (0..3).for_each(|_| tally.failed(later, false));
            let expected = Readiness {
                mail,
                kakao,
                ..WELL
            };
            assert_eq!(service.readiness().await, expected);
        }
        let mut service = service(Ok(vec![]));
        let mut ai = MockPortraitAi::new();
        ai.expect_is_resting().return_const(true);
        service.portrait_ai = Some(Arc::new(ai));
        let bus = FakeBus::new();
        bus.live.store(false, Ordering::SeqCst);
        service.bus = bus;
        let expected = Readiness {
            bus: false,
            portraits: Some(false),
            ..WELL
        };
        assert_eq!(service.readiness().await, expected);
    }

    #[test]
    fn it_is_whole_only_where_every_part_is() {
        let whole = Readiness {
            recommender: true,
            ..WELL
        };
        assert!(whole.is_whole());
        for broken in [
            Readiness {
                leaving: true,
                ..whole
            },
            Readiness {
                bus: false,
                ..whole
            },
            Readiness {
                recommender: false,
                ..whole
            },
            Readiness {
                mail: false,
                ..whole
            },
            Readiness {
                kakao: false,
                ..whole
            },
            Readiness {
                portraits: Some(false),
                ..whole
            },
            Readiness {
                queue_age: None,
                ..whole
            },
        ] {
            assert!(!broken.is_whole(), "{broken:?}");
        }
        let drawn = Readiness {
            portraits: Some(true),
            ..whole
        };
        assert!(drawn.is_whole());
    }
}
