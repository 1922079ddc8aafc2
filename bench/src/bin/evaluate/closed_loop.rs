//! An empty system that has to find out everything: people come, are shown ten outfits, and heart what they like.

use rand::{Rng, RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use recommender::{Parameters, Policy};

use crate::{
    data::{Item, START},
    models::{Bandit, Engine, Model, Random},
};

const PEOPLE: u32 = 1_000;
const OUTFITS: u32 = 3_000;
const VISITS: u32 = 20_000;
const SHOWN: usize = 10;
/// Hidden themes: what people really like. Tags only hint at them.
const THEMES: usize = 24;
const TAGS_OF_THEME: u32 = 6;
const COMMON_TAGS: u32 = 20;
/// Between two visits: all of it takes two weeks.
const STEP: i64 = 60_000_000;
const WORLDS: u64 = 3;

/// People with hidden tastes, and outfits with hidden themes and quality.
struct World {
    outfits: Vec<Item>,
    /// By outfit: its two themes and how good it is, 0 to 1.
    truths: Vec<([usize; 2], f64)>,
    /// By person: how much each theme is liked, 0 to 1.
    tastes: Vec<[f64; THEMES]>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let (mut outfits, mut truths) = (Vec::new(), Vec::new());
        for _ in 0..OUTFITS {
            let themes = [rng.random_range(0..THEMES), rng.random_range(0..THEMES)];
            let mut tags: Vec<u32> = (0..2).map(|_| rng.random_range(0..COMMON_TAGS)).collect();
            for theme in themes {
                // One hint in four is wrong.
                let told = if rng.random_bool(0.75) {
                    theme
                } else {
                    rng.random_range(0..THEMES)
                };
                let first = COMMON_TAGS + u32::try_from(told).unwrap_or_default() * TAGS_OF_THEME;
                tags.push(first + rng.random_range(0..TAGS_OF_THEME));
            }
            tags.sort_unstable();
            tags.dedup();
            outfits.push(Item {
                tags,
                brand: Some(100_000 + rng.random_range(0..100)),
            });
            truths.push((themes, rng.random::<f64>().powi(2)));
        }
        let tastes = (0..PEOPLE).map(|_| taste(&mut rng)).collect();
        Self {
            outfits,
            truths,
            tastes,
        }
    }

    /// How likely a person hearts an outfit on looking at it: a little by how good it is, mostly by taste.
    fn likelihood(&self, person: u32, outfit: u32) -> f64 {
        let (themes, quality) = self.truths[outfit as usize];
        let taste = themes
            .iter()
            .map(|&theme| self.tastes[person as usize][theme])
            .fold(0.0, f64::max);
        0.01 + 0.5 * (0.3 + 0.7 * taste) * quality * (0.25 + 0.75 * taste)
    }
}

/// Three themes are loved, some are liked, most leave cold.
fn taste(rng: &mut impl Rng) -> [f64; THEMES] {
    let mut taste = [0.0; THEMES];
    taste.fill_with(|| 0.3 * rng.random::<f64>().powi(2));
    for _ in 0..3 {
        taste[rng.random_range(0..THEMES)] = 0.7 + 0.3 * rng.random::<f64>();
    }
    taste
}

/// Compares models in the same worlds with the same people and the same luck.
pub(crate) fn run() {
    println!(
        "\nclosed loop from an empty system: {PEOPLE} people, {OUTFITS} outfits, {VISITS} visits of {SHOWN}, {WORLDS} worlds"
    );
    println!(
        "{:<34}{:>24}{:>18}",
        "model", "hearts per 100 shown", "in the last fifth"
    );
    let popular = Parameters {
        policy: Policy::Popular,
        ..Parameters::default()
    };
    let steady = Parameters {
        explore: 0,
        explore_young: 0,
        ..Parameters::default()
    };
    let makes: [Make<'_>; 5] = [
        &|| Box::new(Engine::new("engine, as served", Parameters::default())),
        &|| Box::new(Engine::new("engine, exploration off", steady.clone())),
        &|| Box::new(Engine::new("popular (policy)", popular.clone())),
        &|| Box::new(Bandit::default()),
        &|| Box::new(Random::default()),
    ];
    compare(&makes);
}

/// A way to make a model anew for each world.
pub(crate) type Make<'a> = &'a dyn Fn() -> Box<dyn Model>;

/// Prints what becomes of each.
pub(crate) fn compare(makes: &[Make<'_>]) {
    for make in makes {
        let (mut hearts, mut late, mut name) = (0.0, 0.0, String::new());
        for seed in 0..WORLDS {
            let mut model = make();
            let (all, last) = live(&World::new(seed), model.as_mut(), seed);
            hearts += all / WORLDS as f64;
            late += last / WORLDS as f64;
            name = model.name();
        }
        println!("{name:<34}{hearts:>24.2}{late:>18.2}");
    }
}

/// Hearts for 100 outfits shown: overall, and in the last fifth of the visits.
fn live(world: &World, model: &mut dyn Model, seed: u64) -> (f64, f64) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1_000 + seed);
    for (number, outfit) in (0..).zip(&world.outfits) {
        model.put(number, outfit, START);
    }
    model.fit();
    let (mut shown, mut hearts) = ([0_u32; 5], [0_u32; 5]);
    for visit in 0..VISITS {
        let now = START + i64::from(visit) * STEP;
        // Some come often, but nobody so often that there is nothing left to show them.
        let person = (f64::from(PEOPLE) * rng.random::<f64>().powf(1.3)) as u32;
        let page = model.list(person, SHOWN, now);
        model.shown(person, &page, now);
        let fifth = (visit * 5 / VISITS) as usize;
        for &outfit in &page {
            shown[fifth] += 1;
            if rng.random_bool(world.likelihood(person, outfit)) {
                hearts[fifth] += 1;
                model.heart(person, outfit, now);
            }
        }
    }
    let rate = |hearts: u32, shown: u32| 100.0 * f64::from(hearts) / f64::from(shown.max(1));
    (
        rate(hearts.iter().sum(), shown.iter().sum()),
        rate(hearts[4], shown[4]),
    )
}
