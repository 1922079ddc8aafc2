//! Figures of the engine: `make bench-engine`; `cargo bench -p recommender -- 1000000` for a million outfits and people. It prints only; nothing
//! timed is asserted, since a busy machine is not a fault.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use recommender::{
    Action, Engine, Event, FeedSession, Filter, LabelKey, OutfitFacts, OutfitKey, Parameters,
    PersonKey,
};

const NOW: i64 = 1_700_000_000_000_000;
const HEARTS_EACH: u64 = 20;

fn main() {
    let asked: Vec<u64> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    for size in if asked.is_empty() {
        vec![5_000, 100_000]
    } else {
        asked
    } {
        measure(size);
    }
}

/// One in so many of the outfits there are, the first more often: popularity falls like in a real catalogue.
fn some(rng: &mut Xoshiro256PlusPlus, size: u64) -> u64 {
    let drawn: f64 = rng.random();
    (drawn.powi(3) * size as f64) as u64
}

fn outfit(rng: &mut Xoshiro256PlusPlus, id: u64) -> OutfitFacts {
    OutfitFacts {
        id: OutfitKey(id),
        tags: (0..6).map(|_| LabelKey(some(rng, 400))).collect(),
        brands: vec![LabelKey(1_000 + some(rng, 2_000))],
        reporter: Some(LabelKey(5_000 + rng.random_range(0..200))),
        gender: None,
        age: None,
        style: Some(LabelKey(6_000 + rng.random_range(0..20))),
        season: Some(LabelKey(7_000 + id % 4)),
        region: None,
        occupation: None,
        created_at: NOW - 1_000_000 * i64::try_from(id).unwrap_or_default(),
        visible: true,
    }
}

fn measure(size: u64) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let engine = Engine::new();
    let outfits: Vec<_> = (0..size).map(|id| outfit(&mut rng, id)).collect();
    let started = Instant::now();
    outfits.iter().for_each(|outfit| engine.put_outfit(outfit));
    println!(
        "{size} outfits and people: {:.0} outfits put a second",
        size as f64 / started.elapsed().as_secs_f64()
    );
    drop(outfits);

    let events: Vec<_> = (1..=size * HEARTS_EACH)
        .map(|sequence| Event {
            person: PersonKey(rng.random_range(0..size)),
            outfit: OutfitKey(some(&mut rng, size)),
            action: Action::Heart,
            at: NOW + i64::try_from(sequence).unwrap_or_default() * 1_000,
            sequence,
        })
        .collect();
    let started = Instant::now();
    events.iter().for_each(|event| engine.learn(event));
    println!(
        "  {:.0} hearts learned a second",
        events.len() as f64 / started.elapsed().as_secs_f64()
    );
    drop(events);

    // Somebody with a full history, the most expensive feed there is.
    for sequence in 1..=200 {
        let outfit = OutfitKey(some(&mut rng, size));
        engine.learn(&Event {
            person: PersonKey(u64::MAX),
            outfit,
            action: Action::Heart,
            at: NOW,
            sequence,
        });
    }
    let parameters = Parameters::default();
    let usual = (0..2_000)
        .map(|seed| first_page(&engine, PersonKey(seed % size), seed, &parameters))
        .collect();
    tell("first page of a feed, usual person", usual);
    tell(
        "the same with 200 hearts",
        (0..500)
            .map(|seed| first_page(&engine, PersonKey(u64::MAX), seed, &parameters))
            .collect(),
    );
    let similar = |seed: u64| {
        let started = Instant::now();
        black_box(engine.similar(OutfitKey(seed * 7 % size), 20));
        started.elapsed()
    };
    tell(
        "similar outfits, not kept yet",
        (0..500).map(similar).collect(),
    );
    tell("a next page", pages(&engine, &parameters));

    let started = Instant::now();
    let mut bytes = Vec::new();
    let written = engine.write_snapshot(&mut bytes).is_ok();
    let (megabytes, writing) = (bytes.len() / 1_000_000, started.elapsed());
    let started = Instant::now();
    let read = Engine::read_snapshot(&bytes).is_ok();
    println!(
        "  snapshot of {megabytes} MB: written ({written}) in {writing:.1?}, read ({read}) in {:.1?}",
        started.elapsed()
    );
    println!("  {} MB in memory", engine.statistics().bytes / 1_000_000);
}

fn first_page(engine: &Engine, person: PersonKey, seed: u64, parameters: &Parameters) -> Duration {
    let started = Instant::now();
    let mut session = FeedSession::open(engine, seed, person, seed, Filter::default(), NOW);
    black_box(session.page(engine, 0, 10, parameters, NOW));
    started.elapsed()
}

fn pages(engine: &Engine, parameters: &Parameters) -> Vec<Duration> {
    let mut session = FeedSession::open(engine, 1, PersonKey(u64::MAX), 1, Filter::default(), NOW);
    let page = |number: usize| {
        let started = Instant::now();
        black_box(session.page(engine, number * 10, 10, parameters, NOW));
        started.elapsed()
    };
    (0..200).map(page).collect()
}

fn tell(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    println!("  {what}: p50 {:.2?}, p99 {:.2?}", at(0.5), at(0.99));
}
