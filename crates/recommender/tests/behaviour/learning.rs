//! What hearts, merges and rebuilds change.

use recommender::{Action, Engine, Filter, OutfitKey, Parameters, PersonKey, Reason};

use crate::support::{NOW, event, hearts, ids, outfit, rank, rank_with, world};

fn steady() -> Parameters {
    Parameters {
        explore: 0,
        explore_young: 0,
        ..Parameters::default()
    }
}

fn place(engine: &Engine, person: u64, id: u64) -> usize {
    let met = ids(&rank_with(
        engine,
        person,
        1,
        400,
        Filter::default(),
        &steady(),
    ));
    met.iter()
        .position(|&other| other == id)
        .expect("it is visible")
}

#[test]
fn a_heart_counts_in_the_next_feed() {
    let engine = world(400);
    hearts(40, 6, 400)
        .iter()
        .for_each(|event| engine.learn(event));
    let before = ids(&rank_with(
        &engine,
        999,
        1,
        10,
        Filter::default(),
        &steady(),
    ));
    let theirs = |ids: &[u64]| ids.iter().filter(|id| *id % 8 == 5).count();
    // Somebody of theme 5 hearted it first, and other outfits of the theme after it.
    let first = hearts(40, 1, 400)
        .into_iter()
        .find(|event| event.outfit.0 % 8 == 5)
        .expect("one of five")
        .outfit;
    engine.learn(&event(999, first.0, Action::Heart, 5_000));
    let ranked = rank_with(&engine, 999, 1, 10, Filter::default(), &steady());
    assert!(
        theirs(&ids(&ranked)) > theirs(&before),
        "{before:?} {ranked:?}"
    );
    assert!(
        ranked
            .iter()
            .any(|ranked| ranked.reason == Reason::SimilarTo(first))
    );
}

#[test]
fn what_was_hearted_together_leads_to_each_other_and_more_so_forwards() {
    let engine = world(400);
    for person in 1..=5 {
        engine.learn(&event(person, 8, Action::Heart, 10 * person));
        engine.learn(&event(person, 15, Action::Heart, 10 * person + 1));
    }
    engine.learn(&event(50, 8, Action::Heart, 100));
    engine.learn(&event(60, 15, Action::Heart, 101));
    assert!(place(&engine, 50, 15) == 0 && place(&engine, 60, 8) < 3);
}

#[test]
fn a_heart_taken_back_no_longer_speaks_for_the_person() {
    let engine = world(400);
    hearts(40, 6, 400)
        .iter()
        .for_each(|event| engine.learn(event));
    let before = rank(&engine, 999, 1, 50);
    let counted = engine.statistics().hearts;
    engine.learn(&event(999, 13, Action::Heart, 5_000));
    engine.learn(&event(999, 13, Action::Heart, 5_001));
    assert_eq!(engine.statistics().hearts, counted + 1);
    engine.learn(&event(999, 13, Action::Unheart, 5_002));
    engine.learn(&event(999, 13, Action::Unheart, 5_003));
    assert_eq!(engine.statistics().hearts, counted);
    assert!(
        rank(&engine, 999, 1, 50)
            .iter()
            .all(|ranked| !matches!(ranked.reason, Reason::SimilarTo(_)))
    );
    assert_eq!(before.len(), 50);
}

#[test]
fn a_rebuild_knows_nothing_of_hearts_taken_back() {
    let kept: Vec<_> = hearts(40, 6, 400);
    let mut log = kept.clone();
    log.push(event(77, 13, Action::Heart, 5_000));
    log.push(event(77, 21, Action::Heart, 5_001));
    log.push(event(77, 13, Action::Unheart, 5_002));
    let outfits = || (1..=400).map(outfit);
    let rebuilt = Engine::rebuild(outfits(), log.into_iter());
    assert_eq!(rebuilt.position(), 5_002);
    let never = kept
        .into_iter()
        .chain([event(77, 21, Action::Heart, 5_001)]);
    let without = Engine::rebuild(outfits(), never);
    assert_eq!(rank(&rebuilt, 999, 1, 100), rank(&without, 999, 1, 100));
    assert_eq!(rebuilt.statistics().hearts, without.statistics().hearts);
}

#[test]
fn merging_unites_once_and_respects_what_was_taken_back() {
    let engine = world(100);
    let mut sequence = 0;
    let mut learn = |person, id, action| {
        sequence += 1;
        engine.learn(&event(person, id, action, sequence));
    };
    let (guest, member) = (1, 2);
    learn(guest, 10, Action::Heart);
    learn(guest, 11, Action::Heart);
    learn(member, 11, Action::Heart);
    learn(guest, 12, Action::Heart);
    learn(member, 12, Action::Heart);
    learn(member, 12, Action::Unheart);
    learn(guest, 13, Action::Heart);
    learn(guest, 13, Action::Unheart);
    learn(member, 13, Action::Heart);
    learn(guest, 14, Action::DislikeOutfit);
    engine.mark_seen(PersonKey(guest), &[OutfitKey(20)], NOW);
    engine.merge(PersonKey(guest), PersonKey(member), NOW + 100);
    // Hearted are 10, 11 (once) and 13; 12 was taken back later than it was given.
    assert_eq!(engine.statistics().hearts, 3);
    let met = ids(&rank(&engine, member, 1, 200));
    let mut last = met[96..].to_vec();
    last.sort_unstable();
    assert_eq!((met.len(), last), (99, vec![10, 11, 13]), "14 is disliked");
    assert_eq!(met[95], 20, "seen by the guest");
    let once = engine.statistics();
    engine.merge(PersonKey(guest), PersonKey(member), NOW + 200);
    assert_eq!(
        (engine.statistics(), ids(&rank(&engine, member, 1, 200))),
        (once, met)
    );
}

#[test]
fn somebody_forgotten_is_a_stranger() {
    let engine = world(100);
    engine.learn(&event(1, 10, Action::Heart, 1));
    engine.learn(&event(1, 14, Action::DislikeOutfit, 2));
    engine.forget(PersonKey(1));
    assert_eq!(
        (engine.statistics().hearts, engine.statistics().persons),
        (0, 0)
    );
    assert_eq!(rank(&engine, 1, 1, 100), rank(&engine, 555, 1, 100));
}

#[test]
fn similar_outfits_share_labels_and_follow_changes() {
    let engine = world(200);
    let similar = engine.similar(OutfitKey(9), 20);
    assert_eq!(similar.len(), 20);
    assert!(!similar.contains(&OutfitKey(9)));
    assert!(
        similar
            .iter()
            .take(10)
            .filter(|outfit| outfit.0 % 8 == 1)
            .count()
            >= 5,
        "{similar:?}"
    );
    let hidden = similar[0].0;
    engine.put_outfit(&recommender::OutfitFacts {
        visible: false,
        ..outfit(hidden)
    });
    assert!(
        !engine
            .similar(OutfitKey(9), 20)
            .contains(&OutfitKey(hidden))
    );
    for person in 1..=20 {
        engine.learn(&event(person, 9, Action::Heart, 2 * person));
        engine.learn(&event(person, 100, Action::Heart, 2 * person + 1));
    }
    assert!(engine.similar(OutfitKey(9), 5).contains(&OutfitKey(100)));
    assert!(engine.similar(OutfitKey(12_345), 5).is_empty());
}

#[test]
fn an_event_may_come_before_its_outfit() {
    let engine = world(20);
    engine.learn(&event(1, 500, Action::Heart, 1));
    assert!(!ids(&rank(&engine, 2, 1, 100)).contains(&500));
    engine.put_outfit(&outfit(500));
    assert_eq!(
        ids(&rank_with(&engine, 2, 1, 1, Filter::default(), &steady())).len(),
        1
    );
    assert!(ids(&rank(&engine, 2, 1, 100)).contains(&500));
}
