//! A small world to ask about.

use std::collections::HashSet;

use recommender::{
    Action, Engine, Event, Filter, Gender, LabelKey, OutfitFacts, OutfitKey, Parameters, PersonKey,
    RankRequest, Ranked,
};

pub(crate) const NOW: i64 = 1_700_000_000_000_000;
pub(crate) const DAY: i64 = 86_400_000_000;

/// An outfit of one of eight themes, each with tags of its own.
pub(crate) fn outfit(id: u64) -> OutfitFacts {
    let theme = id % 8;
    OutfitFacts {
        id: OutfitKey(id),
        tags: vec![LabelKey(theme), LabelKey(10 + theme), LabelKey(20 + id % 5)],
        brands: vec![LabelKey(100 + id % 17)],
        reporter: Some(LabelKey(200 + id % 13)),
        gender: Some(if id.is_multiple_of(2) {
            Gender::Female
        } else {
            Gender::Male
        }),
        age: Some(20),
        style: Some(LabelKey(300 + theme / 2)),
        season: Some(LabelKey(400 + id % 4)),
        region: None,
        occupation: None,
        created_at: NOW - DAY,
        visible: true,
    }
}

pub(crate) fn world(outfits: u64) -> Engine {
    let engine = Engine::new();
    (1..=outfits).for_each(|id| engine.put_outfit(&outfit(id)));
    engine
}

pub(crate) fn event(person: u64, id: u64, action: Action, sequence: u64) -> Event {
    Event {
        person: PersonKey(person),
        outfit: OutfitKey(id),
        action,
        at: NOW + i64::try_from(sequence).unwrap_or(0),
        sequence,
    }
}

/// Hearts, so that people of one number modulo 8 heart one theme.
pub(crate) fn hearts(people: u64, each: u64, outfits: u64) -> Vec<Event> {
    let mut events = Vec::new();
    for step in 0..each {
        for person in 1..=people {
            let id = (person % 8 + 8 * ((person * 7 + step * 3) % (outfits / 8))).max(1);
            events.push(event(person, id, Action::Heart, events.len() as u64 + 1));
        }
    }
    events
}

pub(crate) fn rank_with(
    engine: &Engine,
    person: u64,
    seed: u64,
    size: usize,
    filter: Filter,
    parameters: &Parameters,
) -> Vec<Ranked> {
    let exclude = HashSet::new();
    let person = PersonKey(person);
    engine.rank(&RankRequest {
        person,
        now: NOW + DAY,
        seed,
        size,
        exclude: &exclude,
        filter,
        parameters,
    })
}

pub(crate) fn rank(engine: &Engine, person: u64, seed: u64, size: usize) -> Vec<Ranked> {
    rank_with(
        engine,
        person,
        seed,
        size,
        Filter::default(),
        &Parameters::default(),
    )
}

pub(crate) fn ids(ranked: &[Ranked]) -> Vec<u64> {
    ranked.iter().map(|ranked| ranked.outfit.0).collect()
}
