//! Files that are brought in, with a progress bar.

use std::io::{IsTerminal, stderr};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use service::product::{ImportReport, ImportSource, Progress};

/// A file to be brought in.
pub(super) struct ImportFile {
    /// Its bytes.
    pub(super) source: ImportSource,
    /// Who is told how many rows have been read.
    pub(super) progress: Progress,
    /// What shows it.
    pub(super) bar: ProgressBar,
}

impl ImportFile {
    /// Opens a file; `-` is standard input.
    pub(super) async fn open(
        path: &Path,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let (source, bar): (ImportSource, ProgressBar) = if path.as_os_str() == "-" {
            (Box::pin(tokio::io::stdin()), ProgressBar::no_length())
        } else {
            let file = tokio::fs::File::open(path)
                .await
                .map_err(|error| format!("{}: {error}", path.display()))?;
            let bar = ProgressBar::new(file.metadata().await?.len());
            let counted = Counted {
                file,
                bar: bar.clone(),
            };
            (Box::pin(counted), bar)
        };
        if stderr().is_terminal() {
            let style = "{bar:40} {percent}%  {msg} rows  {elapsed}";
            bar.set_style(ProgressStyle::with_template(style)?);
        } else {
            bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        }
        let rows = bar.clone();
        Ok(Self {
            source,
            progress: Box::new(move |read: u64| rows.set_message(read.to_string())),
            bar,
        })
    }
}

/// Says what an import did, or would do.
pub(super) fn print(report: &ImportReport) {
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
