//! Load on a server that runs already, domain by domain: how much it answers, how fast, and beside
//! which other one. With `soak`, everything at once for a long time, and whether the server grows.
//!
//! ```sh
//! make bench
//! target/release/ensemble-bench --url http://127.0.0.1:8000 --against http://127.0.0.1:8001 --only feed,search
//! target/release/ensemble-bench soak --url http://127.0.0.1:8000 --minutes 60 --pid 4711
//! ```
//!
//! It makes accounts of its own and leaves them there: use it on servers for trying things out,
//! with `ENSEMBLE__LIMITS__ENABLED=false`, and with the demonstration for a feed (`ensemble seed`).

mod own;
mod place;
mod report;
mod scenarios;
mod soak;
mod stage;

use std::time::Duration;

use bench::{Outcome, client};
use clap::{Parser, Subcommand};

use crate::place::Place;
use crate::report::{Measured, Report};
use crate::scenarios::Scenario;
use crate::stage::Stage;

/// Load on a running Ensemble.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where the server is; unless told, one is started from the build beside this program, with
    /// the demonstration in SQLite, and stopped afterwards
    #[arg(long, global = true)]
    url: Option<Place>,
    /// Another server, measured turn about with the first; the ratio of the two is told
    #[arg(long)]
    against: Option<Place>,
    /// How long each scenario goes on
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Connections, each asking again as soon as it is answered
    #[arg(long, global = true, default_value_t = 8)]
    connections: usize,
    /// Some of the scenarios
    #[arg(long, value_delimiter = ',')]
    only: Vec<Scenario>,
    /// JSON instead of a table
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Everything at once, and how memory and descriptors of the server grow
    Soak(soak::Soak),
}

fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match arguments.command {
            Some(Command::Soak(soak)) => {
                let url = arguments.url.ok_or("soak --url URL --pid PID")?;
                soak.run(&url, arguments.connections).await
            }
            None => measure(arguments).await,
        }
    })
}

async fn measure(arguments: Arguments) -> Outcome<()> {
    let scenarios = match arguments.only.is_empty() {
        true => Scenario::ALL.to_vec(),
        false => arguments.only,
    };
    let seconds = Duration::from_secs(arguments.seconds);
    let own = match &arguments.url {
        Some(_) => None,
        None => Some(own::Own::start().await?),
    };
    let first = match (&arguments.url, &own) {
        (Some(url), _) => url.clone(),
        (None, Some(own)) => own.place(),
        (None, None) => return Err("no server".into()),
    };
    let mut stages = vec![Stage::set(&first).await?];
    if let Some(other) = &arguments.against {
        stages.push(Stage::set(other).await?);
    }
    let mut report = Report::default();
    for scenario in scenarios {
        // Turn about, so that what else the machine does meets both.
        for (number, stage) in stages.iter().enumerate() {
            let Some(requests) = scenario.requests(stage) else {
                eprintln!("{scenario}: nothing to ask for; has the server any outfits?");
                continue;
            };
            let load =
                client::run(stage.address, &requests, arguments.connections, seconds).await?;
            report.add(scenario, number, Measured::of(&load));
        }
    }
    match arguments.json {
        true => println!("{}", report.json()),
        false => print!("{}", report.table()),
    }
    if let Some(own) = own {
        own.stop().await?;
    }
    Ok(())
}
