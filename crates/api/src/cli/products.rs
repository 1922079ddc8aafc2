//! `ensemble import products` and `ensemble export products`

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use service::product::ImportOptions;
use tokio::io::AsyncWriteExt;

use super::import_file::{ImportFile, print};
use super::outfits::ImportOutfits;
use super::{Outcome, core, user};
use crate::configuration::Configuration;

/// What can be brought in.
#[derive(Subcommand)]
pub(super) enum Import {
    /// Products, from a CSV file with a header line
    Products(ImportProducts),
    /// Outfits, from a CSV file with a header line or a file with one JSON object a line
    Outfits(ImportOutfits),
}

/// What can be written out.
#[derive(Subcommand)]
pub(super) enum Export {
    /// Products, as CSV on standard output
    Products {
        /// Whose: an id, phone number, e-mail address or user name
        #[arg(long)]
        owner: String,
    },
}

#[derive(Args)]
pub(super) struct ImportProducts {
    /// The file; `-` reads standard input
    file: PathBuf,
    /// Whose they will be: an id, phone number, e-mail address or user name
    #[arg(long)]
    owner: String,
    /// Store nothing, only say what would happen
    #[arg(long)]
    dry_run: bool,
    /// The file's name for a column, as in `name=productDisplayName`; repeatable
    #[arg(long = "column", value_name = "MEMBER=COLUMN", value_parser = pair)]
    columns: Vec<(String, String)>,
    /// The value where the file has none, as in `size=small`; repeatable
    #[arg(long = "default", value_name = "MEMBER=VALUE", value_parser = pair)]
    defaults: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

impl Import {
    pub(super) async fn run(self, configuration: &Configuration) -> Outcome {
        match self {
            Self::Products(arguments) => arguments.run(configuration).await,
            Self::Outfits(arguments) => arguments.run(configuration).await,
        }
    }
}

impl ImportProducts {
    async fn run(self, configuration: &Configuration) -> Outcome {
        let core = core(configuration).await?;
        let owner = user::find(&core, &self.owner).await?;
        let file = ImportFile::open(&self.file).await?;
        let options = ImportOptions {
            dry_run: self.dry_run,
            columns: BTreeMap::from_iter(self.columns),
            defaults: BTreeMap::from_iter(self.defaults),
            max_bytes: None,
        };
        let products = &core.services.products;
        let report = products.import(owner, file.source, &options, file.progress);
        print(&report.await?);
        file.bar.finish_and_clear();
        drop(core.services);
        Ok(core.database.close().await?)
    }
}

impl Export {
    pub(super) async fn run(self, configuration: &Configuration) -> Outcome {
        use futures_util::StreamExt as _;
        let Self::Products { owner } = self;
        let core = core(configuration).await?;
        let owner = user::find(&core, &owner).await?;
        let mut file = core.services.products.export(owner);
        let mut out = tokio::io::stdout();
        while let Some(piece) = file.next().await {
            out.write_all(&piece?).await?;
        }
        out.flush().await?;
        Ok(())
    }
}
