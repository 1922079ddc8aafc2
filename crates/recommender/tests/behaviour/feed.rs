//! Feeds: their order, their pages, their end.

use std::collections::HashSet;

use proptest::prelude::*;
use recommender::{
    Action, Engine, FeedSession, Filter, Gender, LabelKey, OutfitKey, Parameters, PersonKey,
    Policy, Reason,
};

use crate::support::{DAY, NOW, event, hearts, ids, outfit, rank, rank_with, world};

fn open(engine: &Engine, person: u64, filter: Filter) -> FeedSession {
    FeedSession::open(engine, 1, PersonKey(person), 42, filter, NOW)
}

#[test]
fn a_walk_of_fifty_pages_while_hearting_meets_each_outfit_once() {
    let engine = world(498);
    hearts(40, 6, 480)
        .iter()
        .for_each(|event| engine.learn(event));
    let (parameters, mut session) = (Parameters::default(), open(&engine, 3, Filter::default()));
    let mut met = Vec::new();
    for page in 0..50 {
        let answer = session.page(&engine, page * 10, 10, &parameters, NOW + DAY);
        let shown: Vec<_> = answer.items.iter().map(|ranked| ranked.outfit).collect();
        engine.mark_seen(PersonKey(3), &shown, NOW + DAY);
        if let Some(first) = shown.first() {
            engine.learn(&event(3, first.0, Action::Heart, 10_000 + page as u64));
        }
        assert_eq!(answer.is_last, page == 49, "page {page}");
        met.extend(ids(&answer.items));
        assert_eq!(
            session
                .page(&engine, page * 10, 10, &parameters, NOW + DAY)
                .items,
            answer.items,
            "asked again"
        );
    }
    assert_eq!(met.len(), 498);
    assert_eq!(
        met.iter().copied().collect::<HashSet<_>>(),
        (1..=498).collect()
    );
    let after = session.page(&engine, 500, 10, &parameters, NOW + DAY);
    assert!(after.items.is_empty() && after.is_last);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_of_any_size_divide_the_feed(steps in prop::collection::vec((1..40_usize, prop::bool::ANY), 1..30), seed in any::<u64>()) {
        let engine = world(120);
        hearts(16, 4, 120).iter().for_each(|event| engine.learn(event));
        let parameters = Parameters { batch: 30, ..Parameters::default() };
        let mut session = FeedSession::open(&engine, 1, PersonKey(2), seed, Filter::default(), NOW);
        let (mut offset, mut met) = (0, Vec::new());
        for (sequence, (count, heart)) in (1_000..).zip(steps) {
            let page = session.page(&engine, offset, count, &parameters, NOW);
            prop_assert_eq!(page.items.len(), count.min(120 - offset));
            prop_assert_eq!(page.is_last, offset + count >= 120);
            offset = (offset + count).min(120);
            if heart && let Some(last) = page.items.last() {
                engine.learn(&event(2, last.outfit.0, Action::Heart, sequence));
            }
            met.extend(ids(&page.items));
        }
        prop_assert_eq!(met.iter().collect::<HashSet<_>>().len(), met.len());
        // Jumping leaves no gap: from the beginning it is the same feed.
        let again = session.page(&engine, 0, met.len(), &parameters, NOW);
        prop_assert_eq!(ids(&again.items), met);
    }
}

#[test]
fn a_jump_fills_the_gap_behind_it() {
    let engine = world(100);
    let mut session = open(&engine, 1, Filter::default());
    let parameters = Parameters::default();
    let far = session.page(&engine, 50, 10, &parameters, NOW);
    assert_eq!((far.items.len(), session.served()), (10, 60));
    let near = session.page(&engine, 0, 50, &parameters, NOW);
    let all: HashSet<_> = ids(&near.items)
        .into_iter()
        .chain(ids(&far.items))
        .collect();
    assert_eq!(all.len(), 60);
}

#[test]
fn an_empty_catalogue_is_an_empty_last_page() {
    let engine = Engine::new();
    let page =
        open(&engine, 1, Filter::default()).page(&engine, 0, 10, &Parameters::default(), NOW);
    assert!(page.items.is_empty() && page.is_last);
}

#[test]
fn the_same_seed_is_the_same_feed() {
    let make = || {
        let engine = world(400);
        hearts(40, 6, 400)
            .iter()
            .for_each(|event| engine.learn(event));
        engine
    };
    let (one, other) = (make(), make());
    assert_eq!(rank(&one, 5, 7, 300), rank(&other, 5, 7, 300));
    assert_ne!(ids(&rank(&one, 5, 7, 300)), ids(&rank(&one, 5, 8, 300)));
}

#[test]
fn what_was_ranked_and_not_served_begins_the_next_feed_while_it_holds() {
    const MINUTE: i64 = 60 * 1_000_000;
    let engine = world(200);
    hearts(40, 6, 200)
        .iter()
        .for_each(|event| engine.learn(event));
    let (parameters, now) = (Parameters::default(), NOW + DAY);
    let feed = |seed| FeedSession::open(&engine, 1, PersonKey(3), seed, Filter::default(), now);
    let shown = |session: &mut FeedSession, offset, count| {
        ids(&session.page(&engine, offset, count, &parameters, now).items)
    };
    let served = |count| {
        let mut session = feed(42);
        shown(&mut session, 0, count);
        session
    };
    let rest = shown(&mut served(10), 10, 20);

    let next = shown(&mut feed(7).after(&mut served(10), now - MINUTE), 0, 20);
    assert_eq!(next, rest);
    let mut before = served(10);
    let mut whole = feed(7).after(&mut before, now);
    let all = shown(&mut whole, 0, 200);
    assert_eq!(
        all.iter().collect::<HashSet<_>>().len(),
        200,
        "nothing is left out"
    );
    let gone_on: HashSet<_> = shown(&mut before, 0, 200).into_iter().collect();
    assert_eq!(gone_on.len(), 200, "nor in the one before");

    let anew = shown(&mut feed(7), 0, 20);
    assert_ne!(anew, rest);
    let too_old = shown(&mut feed(7).after(&mut served(10), now + 1), 0, 20);
    assert_eq!(too_old, anew);
    let explored_elsewhere = shown(&mut feed(7).after(&mut served(7), now - MINUTE), 0, 20);
    assert_eq!(explored_elsewhere, anew);
    let mut before = served(10);
    engine.learn(&event(3, 199, Action::Heart, 20_000));
    let hearted = shown(&mut feed(7).after(&mut before, now - MINUTE), 0, 20);
    assert_eq!(hearted, shown(&mut feed(7), 0, 20));
}

#[test]
fn hidden_and_disliked_outfits_never_appear_and_filters_hold() {
    let engine = world(80);
    engine.put_outfit(&recommender::OutfitFacts {
        visible: false,
        ..outfit(7)
    });
    engine.learn(&event(1, 9, Action::DislikeOutfit, 1));
    engine.learn(&event(1, 1, Action::DislikeTag(LabelKey(3)), 2));
    engine.learn(&event(1, 1, Action::DislikeBrand(LabelKey(105)), 3));
    let met = ids(&rank(&engine, 1, 1, 200));
    let wanted = |id: u64| id != 7 && id != 9 && id % 8 != 3 && id % 17 != 5;
    assert_eq!(
        met.iter().copied().collect::<HashSet<_>>(),
        (1..=80).filter(|&id| wanted(id)).collect()
    );
    engine.learn(&event(1, 1, Action::UndislikeTag(LabelKey(3)), 4));
    assert!(ids(&rank(&engine, 1, 1, 200)).contains(&11));

    let filter = Filter {
        gender: Some(Gender::Female),
        season: Some(LabelKey(402)),
        style: None,
    };
    let met = ids(&rank_with(
        &engine,
        2,
        1,
        200,
        filter,
        &Parameters::default(),
    ));
    assert_eq!(
        met.iter().copied().collect::<HashSet<_>>(),
        (1..=80).filter(|id| id % 4 == 2).collect()
    );
    let nothing = Filter {
        style: Some(LabelKey(999)),
        ..Filter::default()
    };
    assert!(rank_with(&engine, 2, 1, 200, nothing, &Parameters::default()).is_empty());
}

#[test]
fn what_was_hearted_or_seen_comes_after_everything_else() {
    let engine = world(60);
    engine.learn(&event(1, 5, Action::Heart, 1));
    engine.mark_seen(PersonKey(1), &[OutfitKey(6), OutfitKey(7)], NOW);
    let met = ids(&rank(&engine, 1, 1, 100));
    assert_eq!(met.len(), 60);
    assert_eq!(met[59], 5);
    assert_eq!(
        met[57..59].iter().copied().collect::<HashSet<_>>(),
        HashSet::from([6, 7])
    );
}

#[test]
fn some_slots_explore_and_say_how_likely_that_was() {
    let engine = world(300);
    let young = rank(&engine, 1, 1, 20);
    let explored: Vec<_> = young
        .iter()
        .enumerate()
        .filter(|(_, ranked)| ranked.reason == Reason::Explore)
        .map(|(at, _)| at)
        .collect();
    assert_eq!(explored, [3, 6, 9, 13, 16, 19]);
    assert!(
        young
            .iter()
            .all(|ranked| (ranked.reason == Reason::Explore) == ranked.propensity.is_some())
    );
    assert!(
        young
            .iter()
            .filter_map(|ranked| ranked.propensity)
            .all(|propensity| propensity > 0.0 && propensity <= 1.0)
    );
    let steady = Parameters {
        explore: 0,
        explore_young: 0,
        ..Parameters::default()
    };
    assert!(
        rank_with(&engine, 1, 1, 20, Filter::default(), &steady)
            .iter()
            .all(|ranked| ranked.propensity.is_none())
    );
}

#[test]
fn the_yardstick_is_what_is_popular_for_everybody() {
    let engine = world(100);
    for (sequence, (person, id)) in
        (1..).zip([(1, 10), (2, 10), (3, 10), (1, 20), (2, 20), (3, 30)])
    {
        engine.learn(&event(person, id, Action::Heart, sequence));
    }
    let popular = Parameters {
        policy: Policy::Popular,
        ..Parameters::default()
    };
    let met = ids(&rank_with(&engine, 9, 1, 10, Filter::default(), &popular));
    assert_eq!(met[..3], [10, 20, 30]);
}
