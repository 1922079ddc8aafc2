//! What comes of an attempt, and of a worker that is stopped.

use async_trait::async_trait;
use domain::clock::FixedClock;
use domain::notification::{Channel, MessageId, MockOutboxRepository};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::*;
use crate::testing::{clock, sealer, start, throttle};

const ID: i64 = 42;

/// Does with each message what it is told; by default delivers it.
#[derive(Default)]
struct Fake {
    fails: Option<DeliveryError>,
    hangs: bool,
    delivered: Mutex<Vec<Vec<u8>>>,
    called: Notify,
}

#[async_trait]
impl Delivery for Fake {
    fn channel(&self) -> Channel {
        Channel::Mail
    }

    async fn deliver(
        &self,
        _: MessageId,
        _: DateTime<Utc>,
        payload: &[u8],
    ) -> Result<(), DeliveryError> {
        self.called.notify_one();
        if self.hangs {
            std::future::pending::<()>().await;
        }
        self.delivered.lock().push(payload.to_vec());
        self.fails.map_or(Ok(()), Err)
    }
}

fn settings() -> DispatchSettings {
    DispatchSettings::new(Duration::from_secs(1), 3, Duration::from_secs(30))
}

fn dispatcher(
    outbox: MockOutboxRepository,
    delivery: Fake,
    clock: &Arc<FixedClock>,
) -> (Arc<Dispatcher>, Arc<Fake>) {
    let unhurried = Arc::new(Throttle::new(None, clock.clone()));
    paced(outbox, delivery, clock, unhurried)
}

fn paced(
    outbox: MockOutboxRepository,
    delivery: Fake,
    clock: &Arc<FixedClock>,
    pace: Arc<Throttle>,
) -> (Arc<Dispatcher>, Arc<Fake>) {
    let delivery = Arc::new(delivery);
    let dispatcher = Dispatcher {
        outbox: Arc::new(outbox),
        delivery: delivery.clone(),
        sealer: sealer(),
        bell: Bell::default(),
        settings: settings(),
        pace,
        tally: Arc::default(),
        clock: clock.clone(),
    };
    (Arc::new(dispatcher), delivery)
}

fn message(attempt: u32) -> ClaimedMessage {
    let id = MessageId::from(ID);
    ClaimedMessage {
        id,
        payload: sealer().seal(&context(id), b"a mail").expect("sealed"),
        attempt,
        created_at: start(),
        expires_at: None,
        trace: None,
    }
}

/// Somebody who never says stop.
fn go_on() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    // Lives as long as the test: without a sender everything would be at its end.
    std::mem::forget(sender);
    receiver
}

fn later_because(reason: &'static str) -> Fake {
    let fails = DeliveryError::Later {
        reason,
        status: Some(451),
    };
    Fake {
        fails: Some(fails),
        ..Fake::default()
    }
}

fn burying(attempt: u32, reason: &'static str) -> MockOutboxRepository {
    let mut outbox = MockOutboxRepository::new();
    outbox
        .expect_bury()
        .withf(move |id, tried, at, why| {
            id.get() == ID && *tried == attempt && *at == start() && why == reason
        })
        .times(1)
        .returning(|_, _, _, _| Ok(true));
    outbox
}

#[tokio::test]
async fn no_more_attempts_begin_than_the_provider_takes() {
    let clock = clock();
    let mut outbox = MockOutboxRepository::new();
    // Three slots, of which one is used; then the two that are left.
    let mut claims = mockall::Sequence::new();
    for (slots, found) in [(3, 1), (2, 2)] {
        outbox
            .expect_claim()
            .withf(move |_, _, _, limit| *limit == slots)
            .times(1)
            .in_sequence(&mut claims)
            .returning(move |_, _, _, _| Ok(vec![message(1); found]));
    }
    outbox.expect_next_due().times(1).returning(|_| Ok(None));
    outbox
        .expect_mark_sent()
        .times(3)
        .returning(|_, _| Ok(true));
    let (dispatcher, delivery) = paced(outbox, Fake::default(), &clock, throttle(3, &clock));
    let mut under_way = JoinSet::new();
    for _ in 0..2 {
        let started = dispatcher.start(&mut under_way, &go_on()).await;
        started.expect("attempts");
        while under_way.join_next().await.is_some() {}
    }
    let wait = dispatcher.start(&mut under_way, &go_on()).await;
    assert_eq!(wait.expect("a look"), Duration::from_secs(60));
    assert_eq!(delivery.delivered.lock().len(), 3);
}

#[tokio::test]
async fn a_message_is_opened_delivered_and_noted() {
    let mut outbox = MockOutboxRepository::new();
    outbox
        .expect_mark_sent()
        .withf(|id, at| id.get() == ID && *at == start())
        .times(1)
        .returning(|_, _| Ok(true));
    let (dispatcher, delivery) = dispatcher(outbox, Fake::default(), &clock());
    dispatcher.handle(&message(1), go_on()).await;
    assert_eq!(*delivery.delivered.lock(), [b"a mail"]);
    assert_eq!(dispatcher.tally.read().sent, 1);
}

#[tokio::test]
async fn what_failed_is_put_off_for_no_longer_than_the_ceiling() {
    for (attempt, ceiling) in [(1, 1), (2, 2)] {
        let mut outbox = MockOutboxRepository::new();
        outbox
            .expect_postpone()
            .withf(move |id, tried, until, reason| {
                let latest = start() + TimeDelta::seconds(ceiling);
                let in_time = (start()..=latest).contains(until);
                id.get() == ID && *tried == attempt && in_time && reason == "refused"
            })
            .times(1)
            .returning(|_, _, _, _| Ok(true));
        let (dispatcher, _) = dispatcher(outbox, later_because("refused"), &clock());
        dispatcher.handle(&message(attempt), go_on()).await;
        assert_eq!(dispatcher.tally.read().put_off, 1);
    }
}

#[tokio::test]
async fn after_the_last_attempt_and_after_a_refusal_for_good_it_is_given_up() {
    let (last, _) = dispatcher(burying(3, "refused"), later_because("refused"), &clock());
    last.handle(&message(3), go_on()).await;
    assert_eq!(last.tally.read().given_up, 1);
    let never = Fake {
        fails: Some(DeliveryError::Never {
            reason: "address",
            status: None,
        }),
        ..Fake::default()
    };
    let (hopeless, _) = dispatcher(burying(1, "address"), never, &clock());
    hopeless.handle(&message(1), go_on()).await;
}

#[tokio::test]
async fn what_is_worthless_killed_every_worker_or_was_changed_is_not_delivered() {
    let expired = ClaimedMessage {
        expires_at: Some(start()),
        ..message(1)
    };
    let elsewhere = ClaimedMessage {
        payload: sealer().seal("outbox 43 payload", b"x").expect("sealed"),
        ..message(1)
    };
    for (message, attempt, reason) in [
        (expired, 1, "expired"),
        (message(4), 4, "attempts"),
        (elsewhere, 1, "sealed"),
    ] {
        let (dispatcher, delivery) =
            dispatcher(burying(attempt, reason), Fake::default(), &clock());
        dispatcher.handle(&message, go_on()).await;
        assert!(delivery.delivered.lock().is_empty());
    }
}

#[tokio::test]
async fn a_key_that_is_missing_may_come_back() {
    let other = Sealer::new(&[vec![8; 32].into()]).expect("a key");
    let sealed = ClaimedMessage {
        payload: other.seal(&context(ID.into()), b"x").expect("sealed"),
        ..message(1)
    };
    let mut outbox = MockOutboxRepository::new();
    outbox
        .expect_postpone()
        .withf(|_, _, _, reason| reason == "sealed")
        .times(1)
        .returning(|_, _, _, _| Ok(true));
    let (dispatcher, _) = dispatcher(outbox, Fake::default(), &clock());
    dispatcher.handle(&sealed, go_on()).await;
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_hangs_ends() {
    let hangs = Fake {
        hangs: true,
        ..Fake::default()
    };
    let mut outbox = MockOutboxRepository::new();
    outbox
        .expect_postpone()
        .withf(|_, _, _, reason| reason == "timeout")
        .times(1)
        .returning(|_, _, _, _| Ok(true));
    let (dispatcher, _) = dispatcher(outbox, hangs, &clock());
    dispatcher.handle(&message(1), go_on()).await;
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_is_stopped_gives_back_what_it_could_not_finish() {
    let hangs = Fake {
        hangs: true,
        ..Fake::default()
    };
    let mut outbox = MockOutboxRepository::new();
    let mut claimed = Some(vec![message(1)]);
    outbox
        .expect_claim()
        .withf(|_, now, until, limit| {
            *now == start() && *until == start() + TimeDelta::seconds(120) && *limit <= 8
        })
        .returning(move |_, _, _, _| Ok(claimed.take().unwrap_or_default()));
    outbox.expect_next_due().returning(|_| Ok(None));
    outbox
        .expect_give_back()
        .withf(|id, attempt, now| id.get() == ID && *attempt == 1 && *now == start())
        .times(1)
        .returning(|_, _, _| Ok(true));
    let (dispatcher, delivery) = dispatcher(outbox, hangs, &clock());
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(dispatcher.run(stopped));
    delivery.called.notified().await;
    stop.send_replace(true);
    worker.await.expect("the worker ends");
}

#[tokio::test(start_paused = true)]
async fn a_ring_is_heard_at_once_and_storage_that_fails_is_asked_again() {
    let (asked, mut asks) = watch::channel(0);
    let mut outbox = MockOutboxRepository::new();
    outbox.expect_claim().returning(move |_, _, _, _| {
        asked.send_modify(|count| *count += 1);
        if *asked.borrow() == 1 {
            return Err(RepositoryError::storage("the disk is full"));
        }
        Ok(vec![])
    });
    outbox.expect_next_due().returning(|_| Ok(None));
    let (dispatcher, _) = dispatcher(outbox, Fake::default(), &clock());
    let (stop, stopped) = watch::channel(false);
    let bell = dispatcher.bell.clone();
    let worker = tokio::spawn(dispatcher.run(stopped));
    asks.wait_for(|count| *count == 1).await.expect("a worker");
    let before = tokio::time::Instant::now();
    bell.ring();
    asks.wait_for(|count| *count == 2).await.expect("a worker");
    assert_eq!(before.elapsed(), Duration::ZERO);
    asks.wait_for(|count| *count == 3).await.expect("a worker");
    assert!(before.elapsed() >= settings().poll);
    stop.send_replace(true);
    worker.await.expect("the worker ends");
}
