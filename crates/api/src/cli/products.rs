//! `ensemble import products` and `ensemble export products`

use std::collections::BTreeMap;
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use service::product::{ImportOptions, ImportSource};
use tokio::io::AsyncWriteExt;

use super::{Outcome, core, user};
use crate::configuration::Configuration;

/// What can be brought in.
#[derive(Subcommand)]
pub(super) enum Import {
    /// Products, from a CSV file with a header line
    Products(ImportProducts),
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
        let Self::Products(arguments) = self;
        let core = core(configuration).await?;
        let owner = user::find(&core, &arguments.owner).await?;
        let (source, bar): (ImportSource, ProgressBar) = if arguments.file.as_os_str() == "-" {
            (Box::pin(tokio::io::stdin()), ProgressBar::no_length())
        } else {
            let file = tokio::fs::File::open(&arguments.file)
                .await
                .map_err(|error| format!("{}: {error}", arguments.file.display()))?;
            let bar = ProgressBar::new(file.metadata().await?.len());
            (
                Box::pin(Counted {
                    file,
                    bar: bar.clone(),
                }),
                bar,
            )
        };
        if stderr().is_terminal() {
            let style = "{bar:40} {percent}%  {msg} rows  {elapsed}";
            bar.set_style(ProgressStyle::with_template(style)?);
        } else {
            bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        }
        let options = ImportOptions {
            dry_run: arguments.dry_run,
            columns: BTreeMap::from_iter(arguments.columns),
            defaults: BTreeMap::from_iter(arguments.defaults),
            max_bytes: None,
        };
        let rows = bar.clone();
        let progress = Box::new(move |read: u64| rows.set_message(read.to_string()));
        let report = core
            .services
            .products
            .import(owner, source, &options, progress)
            .await?;
        bar.finish_and_clear();
        for problem in &report.problems {
            println!(
                "line {}: {}: {}",
                problem.line, problem.column, problem.error
            );
        }
        let verb = if report.dry_run {
            "would be imported"
        } else {
            "imported"
        };
        println!(
            "{} rows read, {} {verb}, {} left out",
            report.rows, report.imported, report.failed
        );
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

/// A file that moves a progress bar.
struct Counted {
    file: tokio::fs::File,
    bar: ProgressBar,
}

impl tokio::io::AsyncRead for Counted {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let polled = std::pin::Pin::new(&mut self.file).poll_read(context, buffer);
        self.bar.inc((buffer.filled().len() - before) as u64);
        polled
    }
}
