//! `ensemble import outfits`

use std::path::PathBuf;

use clap::Args;
use service::outfit::OutfitImportOptions;

use super::import_file::{ImportFile, print};
use super::{Outcome, core};
use crate::configuration::Configuration;

#[derive(Args)]
pub(super) struct ImportOutfits {
    /// The file; `-` reads standard input
    file: PathBuf,
    /// Store nothing, only say what would happen
    #[arg(long)]
    dry_run: bool,
}

impl ImportOutfits {
    pub(super) async fn run(self, configuration: &Configuration) -> Outcome {
        let core = core(configuration).await?;
        let file = ImportFile::open(&self.file).await?;
        let options = OutfitImportOptions {
            dry_run: self.dry_run,
            max_bytes: None,
        };
        let outfits = &core.services.outfits;
        let report = outfits.import(file.source, &options, file.progress);
        print(&report.await?);
        file.bar.finish_and_clear();
        drop(core.services);
        Ok(core.database.close().await?)
    }
}
