//! The command line.

mod backup;
mod doctor;
mod health;
mod import_file;
mod migrate;
mod outbox;
mod outfits;
mod products;
mod restore;
mod serve;
mod user;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::configuration::{Configuration, Environment, Loaded, Seed};
use crate::seed;
use crate::wiring::{self, Core};

/// What a command ends with.
pub(crate) type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// One fast, dependable backend for social fashion apps.
///
/// Without a command it serves: on http://127.0.0.1:8000, with an embedded database in ./data,
/// Swagger UI at /docs. Settings come from the environment (see .env.example) or a TOML file.
#[derive(Parser)]
#[command(name = "ensemble", version, propagate_version = true, after_help = EXAMPLES)]
struct Arguments {
    /// The settings file [default: ensemble.toml where there is one]
    #[arg(
        long,
        short,
        global = true,
        env = "ENSEMBLE_CONFIG",
        value_name = "FILE"
    )]
    config: Option<PathBuf>,
    /// Fill an empty database with a demonstration before serving
    #[arg(long)]
    seed: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "Examples:
  ensemble                                        serve
  ensemble --seed                                 serve, with a demonstration to look at
  DATABASE_URL=postgres://localhost/app ensemble  serve from PostgreSQL
  ensemble doctor                                 say what is wrong, if anything
  ensemble backup /mnt/backups --keep 7           copy database and pictures, also while serving
  ensemble user create --phone 010-1234-5678      make an account; asks for its password
  ensemble import products shop.csv --owner 010-1234-5678 --dry-run";

#[derive(Subcommand)]
enum Command {
    /// Answer requests (the default)
    Serve,
    /// Bring the database's schema up to date, or take steps back
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Bring data in from a file
    #[command(subcommand)]
    Import(products::Import),
    /// Write data to a file
    #[command(subcommand)]
    Export(products::Export),
    /// Fill an empty database with a demonstration: 2,000 outfits, 500 people, 30,000 hearts
    Seed,
    /// Print the OpenAPI document
    Openapi,
    /// List every route
    Routes,
    /// Print the schema as a Graphviz document
    Erd,
    /// Make and list accounts
    #[command(subcommand)]
    User(user::User),
    /// Look after messages that wait, and those that were given up
    #[command(subcommand)]
    Outbox(outbox::Outbox),
    /// Copy database and pictures into a new folder, also beside a running server
    Backup(backup::Backup),
    /// Bring a backup back, or see whether it is whole
    Restore(restore::Restore),
    /// Check settings, database, clock and neighbours, and say in plain words what is wrong
    Doctor,
    /// Ask the running server whether it is up; for health checks
    Health,
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Two TLS libraries' worth of defaults cannot be told apart without a word from us.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ensemble: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Outcome {
    let file = arguments.config;
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let mut loaded = load(file)?;
            if arguments.seed {
                loaded.configuration.seed = Some(Seed::Demo);
            }
            serve::run(loaded).await
        }
        Command::Seed => fill(&load(file)?.configuration).await,
        Command::Migrate(command) => command.run(&load(file)?.configuration).await,
        Command::Import(command) => command.run(&load(file)?.configuration).await,
        Command::Export(command) => command.run(&load(file)?.configuration).await,
        Command::User(command) => command.run(&load(file)?.configuration).await,
        Command::Outbox(command) => command.run(&load(file)?.configuration).await,
        Command::Backup(command) => command.run(&load(file)?.configuration).await,
        Command::Restore(command) => command.run(file).await,
        Command::Doctor => doctor::run(file).await,
        Command::Health => health::run(&load(file)?.configuration),
        Command::Erd => migrate::erd().await,
        Command::Openapi => {
            println!("{}", serde_json::to_string_pretty(&controller::collect())?);
            Ok(())
        }
        Command::Routes => {
            print_routes();
            Ok(())
        }
    }
}

/// Reads the settings.
fn load(file: Option<PathBuf>) -> Result<Loaded, Box<dyn Error + Send + Sync>> {
    Ok(Configuration::load(&Environment::process(), file)?)
}

/// Puts everything together for a command that works on the database directly.
async fn core(configuration: &Configuration) -> Result<Core, Box<dyn Error + Send + Sync>> {
    // Ids must not meet those of a server that runs beside this command.
    let mut configuration = configuration.clone();
    configuration.server.node_id = domain::id::MAX_NODE;
    wiring::build(&configuration).await
}

/// `ensemble seed`
async fn fill(configuration: &Configuration) -> Outcome {
    let core = core(configuration).await?;
    seed::fill(&core).await?;
    println!("2,000 outfits, 500 people and 30,000 hearts are in; look at /feed");
    drop(core.services);
    Ok(core.database.close().await?)
}

fn print_routes() {
    let document = controller::collect();
    let mut lines: Vec<(String, &str, String)> = Vec::new();
    for (path, item) in &document.paths.paths {
        let operations = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                let summary = operation.summary.clone().unwrap_or_default();
                lines.push((path.clone(), method, summary));
            }
        }
    }
    for (path, method, summary) in lines {
        println!("{method:7}{path:45}{summary}");
    }
}
