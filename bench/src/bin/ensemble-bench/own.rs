//! A server of one's own, where none is named.

use std::path::Path;

use bench::Outcome;
use bench::process::Server;
use tempfile::TempDir;

use crate::place::Place;

/// A server with the demonstration, in a folder that goes with it.
pub(crate) struct Own {
    server: Server,
    _folder: TempDir,
}

impl Own {
    /// Starts it.
    ///
    /// # Errors
    /// Where it does not start.
    pub(crate) async fn start() -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let place = folder.path().display().to_string();
        let environment = [
            ("ENSEMBLE__STORAGE__DATA_DIR", place.as_str()),
            ("ENSEMBLE__SEED", "demo"),
            ("ENSEMBLE__METRICS__PORT", "0"),
            ("ENSEMBLE__LIMITS__ENABLED", "false"),
            ("ENSEMBLE__LOG__LEVEL", "warn"),
        ];
        let own = std::env::current_exe()?;
        let program = own.parent().unwrap_or(Path::new("")).join("ensemble");
        let server = Server::start(&program, &[], "ENSEMBLE__SERVER__PORT", &environment).await?;
        Ok(Self {
            server,
            _folder: folder,
        })
    }

    /// Where it is.
    pub(crate) fn place(&self) -> Place {
        Place::at(self.server.address)
    }

    /// Ends it.
    ///
    /// # Errors
    /// Whatever the system says.
    pub(crate) async fn stop(self) -> Outcome<()> {
        Ok(self.server.stop().await?)
    }
}
