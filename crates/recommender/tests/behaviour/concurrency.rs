//! Readers beside the learner.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
};

use recommender::OutfitKey;

use crate::support::{hearts, outfit, rank, world};

#[test]
fn feeds_are_whole_while_others_learn_and_the_catalogue_grows() {
    let engine = world(200);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            hearts(60, 20, 200)
                .iter()
                .for_each(|event| engine.learn(event));
            (201..=6_000).for_each(|id| engine.put_outfit(&outfit(id)));
            done.store(true, Ordering::Relaxed);
        });
        for reader in 0..2_u64 {
            let (engine, done) = (&engine, &done);
            scope.spawn(move || {
                let mut seed = 0;
                while !done.load(Ordering::Relaxed) || seed < 5 {
                    seed += 1;
                    let ranked = rank(engine, 1 + (reader + seed) % 60, seed, 100);
                    let met: HashSet<_> = ranked.iter().map(|ranked| ranked.outfit).collect();
                    assert_eq!((met.len(), ranked.len()), (100, 100));
                    assert!(ranked.iter().all(|ranked| ranked.score.is_finite()));
                    assert!(met.iter().all(|outfit| (1..=6_000).contains(&outfit.0)));
                    assert!(engine.similar(OutfitKey(1 + seed % 200), 20).len() <= 20);
                }
            });
        }
    });
    assert_eq!(engine.statistics().outfits, 6_000);
}
