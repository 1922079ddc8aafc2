use std::time::Duration;

use domain::outfit::Action;
use futures_util::future::join_all;
use tokio::time::Instant;

use super::*;
use crate::outfit::testing::{Log, event, mind};

struct World {
    log: Arc<Log>,
    mind: Arc<Mind>,
    recorder: Recorder,
    writer: Writer,
}

fn world() -> World {
    let (log, (_, mind)) = (Arc::new(Log::default()), mind());
    let (recorder, writer) = Recorder::new(log.clone(), mind.clone());
    World {
        log,
        mind,
        recorder,
        writer,
    }
}

fn shares(number: i64) -> Vec<OutfitEvent> {
    (0..number).map(|n| event(n, n, 1, Action::Share)).collect()
}

fn views(number: i64) -> Vec<OutfitEvent> {
    (0..number).map(|n| event(n, n, 1, Action::View)).collect()
}

#[tokio::test]
async fn an_event_is_acknowledged_once_it_is_durable_and_learned() {
    let World {
        log,
        mind,
        recorder,
        writer,
    } = world();
    let waiting = tokio::spawn(async move { recorder.record(shares(1)).await });
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert!(!waiting.is_finished());
    writer.run().await;
    waiting.await.expect("a task").expect("it was written");
    assert_eq!(log.actions(), [Action::Share]);
    assert_eq!(mind.engine().statistics().events, 1);
}

#[tokio::test]
async fn those_who_wait_at_the_same_time_are_written_in_one_transaction() {
    let world = world();
    let waiting = shares(50).into_iter().map(|share| {
        let recorder = world.recorder.clone();
        async move { recorder.record(vec![share]).await }
    });
    let waiting = join_all(waiting);
    let (outcomes, ()) = tokio::join!(
        async {
            let outcomes = waiting.await;
            drop(world.recorder);
            outcomes
        },
        world.writer.run()
    );
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(*world.log.batches.lock(), [50]);
    assert_eq!(world.mind.engine().statistics().events, 50);
}

#[tokio::test]
async fn a_write_that_fails_is_told_and_not_learned() {
    let world = world();
    *world.log.fails_after.lock() = Some(0);
    let recorder = world.recorder.clone();
    tokio::spawn(world.writer.run());
    let outcome = recorder.record(shares(2)).await;
    assert!(matches!(outcome, Err(RecordError::Repository(_))));
    assert_eq!(world.mind.engine().statistics().events, 0);
    recorder.record(shares(2)).await.expect("it is over");
    assert_eq!(world.mind.engine().statistics().events, 2);
}

#[tokio::test]
async fn somebodys_bad_luck_is_not_everybodys() {
    let world = world();
    let events = shares(5);
    *world.log.poison.lock() = Some(events[2].id);
    let waiting = events
        .iter()
        .map(|share| world.recorder.record(vec![*share]));
    let waiting = join_all(waiting);
    let recorder = world.recorder.clone();
    let writing = tokio::spawn(world.writer.run());
    let outcomes: Vec<bool> = waiting.await.iter().map(Result::is_ok).collect();
    assert_eq!(outcomes, [true, true, false, true, true]);
    assert_eq!(world.log.all().len(), 4);
    assert_eq!(world.mind.engine().statistics().events, 4);
    drop((recorder, world.recorder));
    writing.await.expect("the writer ends");
}

#[tokio::test(start_paused = true)]
async fn views_wait_a_moment_for_company() {
    let world = world();
    world.recorder.note(views(1));
    tokio::spawn(world.writer.run());
    tokio::time::sleep(LINGER / 2).await;
    assert!(world.log.all().is_empty());
    world.recorder.note(views(3)[1..].iter().copied());
    tokio::time::sleep(LINGER).await;
    assert_eq!(*world.log.batches.lock(), [3]);
    assert_eq!(world.mind.engine().statistics().events, 3);
}

#[tokio::test(start_paused = true)]
async fn somebody_who_waits_takes_the_views_before_along() {
    let world = world();
    world.recorder.note(views(3));
    tokio::spawn(world.writer.run());
    let begin = Instant::now();
    let recorded = world.recorder.record(vec![event(9, 9, 1, Action::Click)]);
    recorded.await.expect("it is written");
    world.recorder.flush().await;
    assert!(begin.elapsed() < LINGER, "{:?}", begin.elapsed());
    assert_eq!(world.log.all().len(), 4);
}

#[tokio::test]
async fn under_too_much_load_views_are_dropped_and_counted() {
    let world = world();
    assert_eq!(world.recorder.dropped(), 0);
    let view = event(0, 1, 1, Action::View);
    for _ in 0..QUEUE {
        world.recorder.note([view]);
    }
    assert_eq!(world.recorder.dropped(), 0);
    world.recorder.note([view; 3]);
    assert_eq!(world.recorder.dropped(), 3);
    // What has to be durable is refused, not lost in silence.
    let outcome = world.recorder.record(shares(1)).await;
    assert!(matches!(outcome, Err(RecordError::Overloaded)));
    assert_eq!(world.recorder.dropped(), 3);
}

#[tokio::test]
async fn flushing_waits_for_everything_handed_in_before() {
    let world = world();
    // More than one transaction takes.
    world.recorder.note(views(2_500));
    let recorder = world.recorder.clone();
    tokio::spawn(world.writer.run());
    recorder.flush().await;
    assert_eq!(world.log.all().len(), 2_500);
    assert_eq!(world.mind.engine().statistics().events, 2_500);
    let batches = world.log.batches.lock();
    assert!(batches.iter().all(|size| *size <= BATCH), "{batches:?}");
}

#[tokio::test]
async fn flushing_a_recorder_whose_writer_is_gone_ends() {
    let World {
        recorder, writer, ..
    } = world();
    drop(writer);
    recorder.flush().await;
    let outcome = recorder.record(shares(1)).await;
    assert!(matches!(outcome, Err(RecordError::Overloaded)));
}

#[tokio::test]
async fn what_is_left_is_written_when_nobody_records_any_more() {
    let world = world();
    world.recorder.note(views(5));
    drop(world.recorder);
    world.writer.run().await;
    assert_eq!(world.log.all().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn views_get_a_second_try_and_no_third() {
    for (failures, written) in [(1, 5), (2, 0)] {
        let world = world();
        *world.log.fails_after.lock() = Some(0);
        let log = world.log.clone();
        world.recorder.note(views(5));
        tokio::spawn(world.writer.run());
        if failures == 2 {
            // Between the tries.
            tokio::time::sleep(LINGER + PAUSE / 2).await;
            *log.fails_after.lock() = Some(0);
        }
        world.recorder.flush().await;
        assert_eq!(log.all().len(), written);
        assert_eq!(log.batches.lock().len(), 2);
        world.recorder.note([event(99, 9, 1, Action::View)]);
        world.recorder.flush().await;
        assert_eq!(log.all().len(), written + 1, "it goes on afterwards");
    }
}

#[tokio::test(start_paused = true)]
async fn views_that_cannot_be_written_hold_nobody_up() {
    let world = world();
    let views = views(3);
    *world.log.poison.lock() = Some(views[0].id);
    world.recorder.note(views);
    let recorder = world.recorder.clone();
    let waiting = recorder.record(vec![event(9, 9, 1, Action::Click)]);
    tokio::pin!(waiting);
    // It is handed in before the writer begins: one batch.
    assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    let learned = || world.mind.engine().statistics().events;
    assert_eq!(learned(), 0);
    tokio::spawn(world.writer.run());
    let begin = Instant::now();
    waiting.await.expect("it is written");
    assert!(begin.elapsed() < Duration::from_millis(500));
    assert_eq!(learned(), 1);
}

#[tokio::test]
async fn who_left_leaves_nothing_that_was_still_to_be_written() {
    let world = world();
    let (leaves, stays) = (event(0, 1, 1, Action::View), event(1, 2, 1, Action::View));
    world.recorder.note([leaves, stays]);
    world.recorder.forget(1.into());
    // A request that was under way.
    world.recorder.note([event(2, 1, 2, Action::View)]);
    let recorder = world.recorder.clone();
    tokio::spawn(world.writer.run());
    recorder.flush().await;
    assert_eq!(world.log.all(), [stays]);
}

#[tokio::test(start_paused = true)]
async fn forgetting_is_tried_again_until_it_is_done() {
    let world = world();
    world.log.put(&[event(0, 1, 1, Action::View)]);
    *world.log.fails_after.lock() = Some(0);
    world.recorder.forget(1.into());
    let recorder = world.recorder.clone();
    tokio::spawn(world.writer.run());
    recorder.flush().await;
    assert_eq!(world.log.all().len(), 1);
    // With whatever is written next.
    recorder.note([event(9, 2, 1, Action::View)]);
    recorder.flush().await;
    assert_eq!(world.log.all().len(), 1);
    assert_eq!(world.log.all()[0].person, 2.into());
}
