use domain::outfit::{Action, MockOutfitRepository, Outfit};

use super::*;
use crate::outfit::testing::{Kept, Log, event, hearts, mind, outfit};
use crate::testing::{clock, start};

fn memory_of(
    (catalogue, mind): (Arc<Catalogue>, Arc<Mind>),
    log: &Arc<Log>,
    kept: &Arc<Kept>,
    outfits: MockOutfitRepository,
) -> Memory {
    let (outfits, log, kept) = (Arc::new(outfits), log.clone(), kept.clone());
    Memory::new((catalogue, mind), outfits, log, kept, clock())
}

/// A memory over a log, whose outfits never change.
fn memory(log: &Arc<Log>, kept: &Arc<Kept>) -> Memory {
    let mut outfits = MockOutfitRepository::new();
    outfits.expect_changed().returning(|_, _, _| Ok(vec![]));
    memory_of(mind(), log, kept, outfits)
}

impl Memory {
    fn learned(&self) -> u64 {
        self.mind.engine().statistics().events
    }

    fn hearts(&self) -> u64 {
        self.mind.engine().statistics().hearts
    }
}

/// A snapshot that has learned these.
async fn snapshot_of(log: &Arc<Log>) -> Arc<Kept> {
    let kept = Arc::new(Kept::default());
    let memory = memory(log, &kept);
    memory.recall().await.expect("a memory");
    memory.save().await.expect("a snapshot");
    assert!(kept.snapshot.lock().is_some());
    kept
}

#[tokio::test]
async fn the_catalogue_is_loaded_page_by_page() {
    let mut outfits = MockOutfitRepository::new();
    outfits
        .expect_after()
        .times(3)
        .returning(|last, _| match last.map(|id| id.get()) {
            None => Ok(vec![outfit(5, &[]), outfit(6, &[])]),
            Some(6) => Ok(vec![outfit(9, &[])]),
            _ => Ok(vec![]),
        });
    let (catalogue, mind) = mind();
    let parts = (catalogue.clone(), mind);
    let memory = memory_of(
        parts,
        &Arc::new(Log::default()),
        &Arc::new(Kept::default()),
        outfits,
    );
    memory.load().await.expect("a catalogue");
    assert_eq!(catalogue.len(), 6);
    assert!(catalogue.visible(9.into()).is_some());
}

#[tokio::test]
async fn without_a_snapshot_the_whole_log_is_learned_once() {
    let log = Log::of(&hearts(0, 50));
    let memory = memory(&log, &Arc::new(Kept::default()));
    assert!(!memory.mind.has_caught_up());
    memory.recall().await.expect("a memory");
    assert!(memory.mind.has_caught_up());
    assert_eq!((memory.learned(), memory.hearts()), (50, 50));
    // The log is looked back on, and nothing in it is new.
    memory.follow().await.expect("an answer");
    assert_eq!(memory.learned(), 50);
}

#[tokio::test]
async fn a_snapshot_and_what_came_after_it_are_learned_once() {
    let log = Log::of(&hearts(0, 50));
    let kept = snapshot_of(&log).await;
    log.put(&hearts(100, 7));
    // Another node committed this late, with an id from before the snapshot.
    log.put(&[event(-1_000, 4, 1, Action::Heart)]);
    let memory = memory(&log, &kept);
    memory.recall().await.expect("a memory");
    assert!(memory.mind.has_caught_up());
    assert_eq!(memory.hearts(), 58);
    let learned = memory.learned();
    memory.follow().await.expect("an answer");
    assert_eq!((memory.learned(), memory.hearts()), (learned, 58));
}

#[tokio::test]
async fn a_damaged_snapshot_is_noticed_and_everything_learned_anew() {
    let log = Log::of(&hearts(0, 50));
    let kept = snapshot_of(&log).await;
    let whole = kept.snapshot.lock().clone().expect("a snapshot");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    let mut longer = whole.clone();
    longer.push(0);
    for damaged in [
        flipped,
        whole[..whole.len() / 2].to_vec(),
        longer,
        b"nonsense".to_vec(),
        vec![],
    ] {
        *kept.snapshot.lock() = Some(damaged);
        let memory = memory(&log, &kept);
        memory.recall().await.expect("a memory");
        assert!(memory.mind.has_caught_up());
        assert_eq!((memory.learned(), memory.hearts()), (50, 50));
    }
}

#[tokio::test]
async fn a_store_that_fails_costs_only_the_time_to_learn_anew() {
    let log = Log::of(&hearts(0, 5));
    let kept = Arc::new(Kept {
        is_broken: true,
        ..Kept::default()
    });
    let memory = memory(&log, &kept);
    memory.recall().await.expect("a memory");
    assert_eq!(memory.hearts(), 5);
}

#[tokio::test]
async fn what_people_do_before_the_snapshot_is_read_is_not_lost() {
    let log = Log::of(&hearts(0, 50));
    let kept = snapshot_of(&log).await;
    let memory = memory(&log, &kept);
    let early = [event(1_000, 4, 1, Action::Heart)];
    log.put(&early);
    memory.mind.learn(&early);
    memory.recall().await.expect("a memory");
    assert_eq!(memory.hearts(), 51);
    // It comes by the log and by itself, and counts once.
    memory.mind.learn(&early);
    assert_eq!(memory.hearts(), 51);
}

#[tokio::test]
async fn recalling_that_fails_half_way_loses_nothing_when_repeated() {
    let log = Log::of(&hearts(0, 50));
    let kept = snapshot_of(&log).await;
    log.put(&hearts(100, 7));
    let memory = memory(&log, &kept);
    *log.fails_after.lock() = Some(1);
    assert!(memory.recall().await.is_err());
    assert!(!memory.mind.has_caught_up());
    memory.recall().await.expect("a memory");
    assert_eq!(memory.hearts(), 57);
}

#[tokio::test]
async fn half_a_memory_replaces_no_snapshot() {
    let log = Log::of(&hearts(0, 50));
    let kept = snapshot_of(&log).await;
    let whole = kept.snapshot.lock().clone();
    let memory = memory(&log, &kept);
    memory.save().await.expect("an answer");
    assert_eq!(*kept.snapshot.lock(), whole);
}

#[tokio::test]
async fn what_was_learned_during_a_rebuild_is_kept() {
    let log = Log::of(&hearts(0, 50));
    let memory = memory(&log, &Arc::new(Kept::default()));
    let mind = memory.mind.clone();
    // One was given its id before the last that was read, and was committed after it.
    let meanwhile = [
        event(-500, 4, 1, Action::Heart),
        event(500, 5, 1, Action::Heart),
    ];
    *log.while_reading.lock() = Some(Box::new(move |log: &Log| {
        log.put(&meanwhile);
        mind.learn(&meanwhile);
    }));
    memory.rebuild().await.expect("a rebuild");
    assert_eq!((memory.learned(), memory.hearts()), (52, 52));
    memory.follow().await.expect("an answer");
    assert_eq!((memory.learned(), memory.hearts()), (52, 52));
}

#[tokio::test]
async fn a_rebuild_forgets_what_was_taken_back() {
    let log = Log::of(&hearts(0, 50));
    let memory = memory(&log, &Arc::new(Kept::default()));
    log.put(&[event(100, 1_000, 1, Action::Unheart)]);
    memory.rebuild().await.expect("a rebuild");
    assert_eq!(memory.hearts(), 49);
}

#[tokio::test]
async fn a_rebuild_that_fails_keeps_what_was_known() {
    let log = Log::of(&hearts(0, 50));
    let memory = memory(&log, &Arc::new(Kept::default()));
    memory.recall().await.expect("a memory");
    *log.fails_after.lock() = Some(1);
    assert!(memory.rebuild().await.is_err());
    assert_eq!(memory.hearts(), 50);
    log.put(&hearts(100, 1));
    memory.follow().await.expect("an answer");
    assert_eq!(memory.hearts(), 51);
}

#[tokio::test]
async fn what_other_nodes_do_is_learned_once() {
    let log = Log::of(&hearts(0, 3));
    let mut outfits = MockOutfitRepository::new();
    outfits.expect_changed().returning(|_, after, _| {
        let hidden = Outfit {
            hidden: true,
            version: 2.into(),
            ..outfit(2, &[])
        };
        Ok(if after.is_none() {
            vec![hidden]
        } else {
            vec![]
        })
    });
    let (catalogue, mind) = mind();
    let parts = (catalogue.clone(), mind);
    let memory = memory_of(parts, &log, &Arc::new(Kept::default()), outfits);
    memory.recall().await.expect("a memory");
    log.put(&hearts(100, 2));
    for _ in 0..2 {
        memory.follow().await.expect("an answer");
        assert_eq!((memory.learned(), memory.hearts()), (5, 5));
    }
    assert!(catalogue.visible(2.into()).is_none());
    // Committed late, within the time that is looked back on.
    log.put(&[event(-2_000, 4, 1, Action::Heart)]);
    memory.follow().await.expect("an answer");
    assert_eq!(memory.hearts(), 6);
}

#[tokio::test]
async fn who_is_alone_reads_the_log_once() {
    let log = Log::of(&hearts(0, 50));
    let memory = memory(&log, &Arc::new(Kept::default())).alone(true);
    memory.recall().await.expect("a memory");
    let read = *log.read.lock();
    memory.follow().await.expect("an answer");
    assert_eq!((*log.read.lock(), memory.hearts()), (read, 50));
}

#[tokio::test]
async fn an_outage_loses_nothing_of_what_other_nodes_did() {
    let log = Log::of(&hearts(0, 3));
    let mut outfits = MockOutfitRepository::new();
    outfits.expect_changed().returning(|_, _, _| Ok(vec![]));
    let (kept, clock) = (Arc::new(Kept::default()), clock());
    let events = log.clone();
    let memory = Memory::new(mind(), Arc::new(outfits), events, kept, clock.clone());
    memory.recall().await.expect("a memory");
    // Others went on for ten minutes, of which this node heard nothing.
    log.put(&hearts(60_000, 2));
    clock.advance(TimeDelta::minutes(10));
    *log.fails_after.lock() = Some(0);
    assert!(memory.follow().await.is_err());
    memory.follow().await.expect("an answer");
    assert_eq!(memory.hearts(), 5);
}

#[tokio::test(start_paused = true)]
async fn it_tries_again_until_storage_answers() {
    let log = Log::of(&hearts(0, 5));
    *log.fails_after.lock() = Some(0);
    let memory = Arc::new(memory(&log, &Arc::new(Kept::default())));
    let (stop, stops) = watch::channel(false);
    let running = tokio::spawn(memory.clone().run(stops));
    let learned = async {
        while !memory.mind.has_caught_up() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let learned = tokio::time::timeout(Duration::from_secs(60), learned).await;
    learned.expect("it remembers in the end");
    assert_eq!(memory.hearts(), 5);
    // It ends by itself when it is told so, or nobody is left to tell it.
    stop.send_replace(true);
    running.await.expect("it ends");
}

#[tokio::test]
async fn what_happened_long_ago_is_not_read_again_each_time() {
    let log = Log::of(&hearts(0, 50));
    let mut outfits = MockOutfitRepository::new();
    let old = |since: &DateTime<Utc>| *since <= start();
    outfits.expect_changed().returning(move |since, after, _| {
        let first = after.is_none() && old(&since);
        Ok(first.then(|| outfit(2, &[])).into_iter().collect())
    });
    let kept = Arc::new(Kept::default());
    let (catalogue, mind) = mind();
    let (outfits, clock) = (Arc::new(outfits), clock());
    let (events, kept) = (log.clone(), kept.clone());
    let memory = Memory::new((catalogue, mind), outfits, events, kept, clock.clone());
    memory.recall().await.expect("a memory");
    memory.follow().await.expect("an answer");
    let read = *log.read.lock();
    memory.follow().await.expect("an answer");
    assert_eq!(*log.read.lock(), read + 50, "nodes commit out of order");
    clock.advance(TimeDelta::minutes(2));
    memory.follow().await.expect("an answer");
    let read = *log.read.lock();
    memory.follow().await.expect("an answer");
    assert_eq!(*log.read.lock(), read);
    assert!(memory.followed.lock().change > start());
}

#[tokio::test]
async fn what_this_node_wrote_itself_is_not_read_again() {
    const NODE: u16 = 5;
    let log = Arc::new(Log::default());
    let memory = memory(&log, &Arc::new(Kept::default())).on_node(NODE);
    memory.recall().await.expect("a memory");
    let of = |node: i64, n: i64| {
        let heart = event(100 + n, 10 + n, 1, Action::Heart);
        let id = (heart.id.get() | node << 12).into();
        OutfitEvent { id, ..heart }
    };
    log.put(&[of(5, 1), of(6, 2), of(5, 3), of(0, 4)]);
    memory.follow().await.expect("an answer");
    // Its own it learned when it wrote them, which here nobody did.
    assert_eq!(memory.learned(), 2);
    memory.follow().await.expect("an answer");
    assert_eq!(memory.learned(), 2);
    // At a start it has learned nothing yet, and reads all.
    let again = self::memory(&log, &Arc::new(Kept::default())).on_node(NODE);
    again.recall().await.expect("a memory");
    assert_eq!(again.learned(), 4);
}
