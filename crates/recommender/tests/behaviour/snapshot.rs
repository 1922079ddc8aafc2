//! Snapshots: what was written is what is read, or nothing is.

use proptest::prelude::*;
use recommender::{Action, Engine, LabelKey, OutfitKey, PersonKey, SnapshotError};

use crate::support::{NOW, event, hearts, rank, world};

fn written(engine: &Engine) -> Vec<u8> {
    let mut bytes = Vec::new();
    engine
        .write_snapshot(&mut bytes)
        .expect("memory takes everything");
    bytes
}

fn lived_in() -> Engine {
    let engine = world(300);
    hearts(40, 8, 300)
        .iter()
        .for_each(|event| engine.learn(event));
    engine.learn(&event(1, 7, Action::DislikeOutfit, 900));
    engine.learn(&event(1, 7, Action::DislikeTag(LabelKey(2)), 901));
    engine.learn(&event(2, 9, Action::View { on_screen: true }, 902));
    engine.learn(&event(2, 9, Action::Share, 903));
    engine.learn(&event(2, 10, Action::Unheart, 904));
    let shown: Vec<_> = (1..200).map(OutfitKey).collect();
    engine.mark_seen(PersonKey(3), &shown, NOW);
    engine.mark_seen(PersonKey(4), &shown[..20], NOW);
    engine
}

#[test]
fn an_engine_that_was_read_ranks_as_the_one_that_was_written() {
    let engine = lived_in();
    let read = Engine::read_snapshot(&written(&engine)).expect("readable");
    assert_eq!(read.position(), 904);
    for person in 1..=41 {
        assert_eq!(
            rank(&read, person, 5, 300),
            rank(&engine, person, 5, 300),
            "person {person}"
        );
    }
    assert_eq!(
        read.similar(OutfitKey(9), 20),
        engine.similar(OutfitKey(9), 20)
    );
    let more = event(5, 33, Action::Heart, 905);
    read.learn(&more);
    engine.learn(&more);
    assert_eq!(
        rank(&read, 5, 6, 300),
        rank(&engine, 5, 6, 300),
        "and goes on as it does"
    );
}

#[test]
fn a_snapshot_of_nothing_is_an_empty_engine() {
    let read = Engine::read_snapshot(&written(&Engine::new())).expect("readable");
    assert_eq!((read.statistics().outfits, read.position()), (0, 0));
}

#[test]
fn another_version_is_told_from_damage() {
    let mut bytes = written(&world(3));
    bytes[8] = 99;
    let end = bytes.len() - 8;
    let sum = xxhash_rust::xxh3::xxh3_64(&bytes[..end]);
    bytes[end..].copy_from_slice(&sum.to_le_bytes());
    assert_eq!(
        Engine::read_snapshot(&bytes).err(),
        Some(SnapshotError::OtherVersion)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_flipped_bit_or_a_missing_end_is_damage(place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut bytes = written(&world(20));
        let at = place.index(bytes.len());
        prop_assert_eq!(Engine::read_snapshot(&bytes[..at]).err(), Some(SnapshotError::Corrupt));
        bytes[at] ^= 1 << bit;
        prop_assert_eq!(Engine::read_snapshot(&bytes).err(), Some(SnapshotError::Corrupt));
    }
}
