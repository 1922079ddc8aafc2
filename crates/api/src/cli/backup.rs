//! `ensemble backup`

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use domain::SystemClock;

use super::Outcome;
use crate::backup::{self, Order};
use crate::configuration::Configuration;

#[derive(Args)]
pub(super) struct Backup {
    /// The folder of backups, in which this one gets a folder of its own [default: that of the settings, data/backups]
    target: Option<PathBuf>,
    /// Remove all backups there but so many of the latest, this one included
    #[arg(long, value_name = "N")]
    keep: Option<NonZeroUsize>,
    /// Leave out the secrets of a development installation: whoever holds them can sign in as anybody
    #[arg(long)]
    without_secrets: bool,
}

impl Backup {
    pub(super) async fn run(self, configuration: &Configuration) -> Outcome {
        let folder = self.target.as_ref();
        let folder = folder.unwrap_or(&configuration.backup.folder);
        let order = Order {
            keep: self.keep.map(NonZeroUsize::get),
            secrets: !self.without_secrets,
        };
        let taken = backup::take(configuration, folder, order, &SystemClock).await?;
        let manifest = &taken.manifest;
        println!("{}", taken.path.display());
        eprintln!(
            "{} files, {}; `ensemble restore --verify` reads all of it",
            manifest.files.len(),
            backup::shown(manifest.bytes()),
        );
        if manifest.media == backup::Media::Bucket {
            eprintln!("without pictures: they are in the bucket");
        }
        if taken.holds_secrets {
            eprintln!(
                "with secrets.toml: whoever can read this backup can sign in as anybody; keep it as you keep the data folder"
            );
        }
        if taken.removed > 0 {
            eprintln!("older ones removed: {}", taken.removed);
        }
        Ok(())
    }
}
