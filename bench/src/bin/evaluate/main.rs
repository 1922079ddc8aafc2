//! How good the feed is, measured: `cargo run --release -p bench --bin evaluate -- INTERACTIONS.tsv[.gz] [ITEMS.tsv[.gz]]`.
//!
//! The first file has a line for each heart: user, item and order (the user's own, or a time). Of each user the last fifth
//! is held out; everything before is learned in the order of time; asked for is a list of 20. The second file has a line
//! for each item: item, brand, and tags with `|` between them. Without any file only the closed loop runs.

mod closed_loop;
mod data;
mod metrics;
mod models;
mod newcomers;

use std::{path::Path, process::ExitCode, time::Instant};

use data::Data;
use models::{Bandit, Engine, ItemKnn, Model, Popular, Random};
use recommender::Parameters;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(interactions) = arguments.first() {
        match Data::read(Path::new(interactions), arguments.get(1).map(Path::new)) {
            Ok(data) => offline(&data),
            Err(error) => {
                eprintln!("evaluate: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    closed_loop::run();
    ExitCode::SUCCESS
}

fn offline(data: &Data) {
    println!(
        "{} users, {} items, {} hearts learned, {} held out",
        data.users(),
        data.items(),
        data.learned.len(),
        data.held_out()
    );
    println!(
        "{:<34}{:>9}{:>11}{:>10}{:>12}{:>9}",
        "model", "NDCG@10", "Recall@20", "coverage", "duplicates", "seconds"
    );
    let exploring = Parameters::default();
    let steady = Parameters {
        explore: 0,
        explore_young: 0,
        ..Parameters::default()
    };
    let mut engine = Engine::new("engine, as served", exploring.clone());
    data.teach(&mut engine);
    tell(&mut engine, data);
    engine.ask_with("engine, exploration off", steady);
    tell(&mut engine, data);
    let others: [Box<dyn Model>; 4] = [
        Box::new(ItemKnn::default()),
        Box::new(Popular::default()),
        Box::new(Bandit::default()),
        Box::new(Random::default()),
    ];
    for mut model in others {
        data.teach(model.as_mut());
        tell(model.as_mut(), data);
    }
    newcomers::run(data, &exploring);
}

fn tell(model: &mut dyn Model, data: &Data) {
    let started = Instant::now();
    let result = metrics::measure(model, data);
    println!(
        "{:<34}{:>9.4}{:>11.4}{:>9.1}%{:>12}{:>9.1}",
        model.name(),
        result.ndcg,
        result.recall,
        100.0 * result.coverage,
        result.duplicates,
        started.elapsed().as_secs_f64()
    );
}
