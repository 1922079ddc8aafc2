//! `ensemble migrate` and `ensemble erd`

use clap::Subcommand;
use migration::MigrationStatus;
use repository::{Database, DatabaseOptions};

use super::Outcome;
use crate::configuration::Configuration;
use crate::wiring::database_options;

/// Steps of the schema.
#[derive(Subcommand)]
pub(super) enum Migrate {
    /// Take every step not yet taken (serving does this by itself)
    Up,
    /// Take back the latest steps; their data is lost
    Down {
        /// How many
        #[arg(long, short, default_value_t = 1)]
        steps: u32,
    },
    /// List the steps and whether they have been taken
    Status,
}

impl Migrate {
    pub(super) async fn run(self, configuration: &Configuration) -> Outcome {
        let database = Database::connect(&database_options(configuration)).await?;
        match self {
            Self::Up => migration::up(&database.write()).await?,
            Self::Down { steps } => migration::down(&database.write(), steps).await?,
            Self::Status => {}
        }
        for (name, status) in migration::status(&database.write()).await? {
            let taken = status == MigrationStatus::Applied;
            println!("{} {name}", if taken { "taken  " } else { "pending" });
        }
        Ok(database.close().await?)
    }
}

/// Prints the schema of a fresh database.
pub(super) async fn erd() -> Outcome {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}", folder.path().join("erd.db").display());
    let database = Database::connect(&DatabaseOptions::new(url)).await?;
    migration::up(&database.write()).await?;
    print!("{}", migration::erd::dot(&database.write()).await?);
    Ok(database.close().await?)
}
