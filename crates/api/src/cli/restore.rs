//! `ensemble restore`

use std::path::PathBuf;

use clap::Args;
use domain::{Clock, SystemClock};
use service::sealing::Sealer;

use super::{Outcome, load};
use crate::backup::{self, Checked, Manifest, Secrets};
use crate::configuration::Configuration;

#[derive(Args)]
pub(super) struct Restore {
    /// The folder of the backup: `…/ensemble-20261121T194512.123Z`
    backup: PathBuf,
    /// Only read all of it, and say whether it is whole and what is in it
    #[arg(long, conflicts_with = "replace")]
    verify: bool,
    /// Put an SQLite database aside that is there already; no server may use it
    #[arg(long)]
    replace: bool,
}

impl Restore {
    pub(super) async fn run(self, file: Option<PathBuf>) -> Outcome {
        if self.verify {
            // Without settings: reading them would make secrets where there are none yet.
            print(&backup::check(&self.backup).await?);
            return Ok(());
        }
        let loaded = load(file.clone())?;
        let now = SystemClock.now();
        let restored = backup::restore(&loaded, &self.backup, self.replace, now).await?;
        print(&restored.checked);
        for path in &restored.aside {
            println!("  aside    {}", path.display());
        }
        println!("  restored {}", loaded.configuration.database.url);
        println!(
            "  restored pictures: {} that were not there",
            restored.pictures
        );
        if restored.pictures_left > 0 {
            println!(
                "  note     {} pictures were left where they are: the settings keep pictures in a bucket; copy `media` into it",
                restored.pictures_left
            );
        }
        match restored.secrets {
            Secrets::Absent => {}
            Secrets::Restored => println!("  restored secrets.toml"),
            Secrets::Unused => println!(
                "  note     secrets.toml is not needed: the settings have secrets of their own"
            ),
        }
        // Secrets may have changed with it.
        let loaded = load(file)?;
        if !opens(&loaded.configuration, &restored.checked.manifest)? {
            println!(
                "  PROBLEM  key: the backup was sealed with another key than the settings name: tokens of linked accounts, \
                 secrets of API keys and mails that wait cannot be read. Set ENSEMBLE__CRYPTO__KEY (or PREVIOUS_KEYS) to the one of then"
            );
        }
        Ok(())
    }
}

/// Whether one of the keys of these settings is the one that the backup was sealed with.
fn opens(
    configuration: &Configuration,
    manifest: &Manifest,
) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    let crypto = &configuration.crypto;
    for key in std::iter::once(&crypto.key).chain(&crypto.previous_keys) {
        if Sealer::new([key])?.mark() == manifest.key {
            return Ok(true);
        }
    }
    Ok(false)
}

fn print(checked: &Checked) {
    let manifest = &checked.manifest;
    println!(
        "  ok       backup: {}, ensemble {}, {}",
        manifest.engine.name(),
        manifest.program,
        manifest.created_at.format("%Y-%m-%d %H:%M:%S UTC"),
    );
    println!(
        "  ok       files: {} with {}, every checksum is right",
        manifest.files.len(),
        backup::shown(manifest.bytes()),
    );
    println!("  ok       schema: {}", manifest.schema);
    if checked.rows.is_empty() {
        println!(
            "  note     database: a dump, which only its server can read; restore it into an empty one to be sure"
        );
    } else {
        let filled = checked.rows.iter().filter(|(_, rows)| *rows > 0);
        let filled: Vec<_> = filled
            .map(|(table, rows)| format!("{table} {rows}"))
            .collect();
        println!("  ok       database: sound; rows: {}", filled.join(", "));
    }
    if checked.missing_pictures > 0 {
        println!(
            "  note     pictures: {} of the database are not among the files; they were removed while the backup was made",
            checked.missing_pictures
        );
    }
}
