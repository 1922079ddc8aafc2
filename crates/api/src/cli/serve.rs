//! `ensemble serve`

use super::Outcome;
use crate::configuration::{Loaded, LogFormat};
use crate::{panics, server, telemetry, traces};

/// Serves until told to stop.
pub(super) async fn run(loaded: Loaded) -> Outcome {
    let configuration = loaded.configuration;
    let _guard = telemetry::start(&configuration.log);
    if configuration.log.format == LogFormat::Json {
        panics::log();
    }
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    if let Some(file) = &loaded.secrets_file
        && file.is_new
    {
        tracing::info!(file = %file.path.display(), "made secrets for development; keep this file");
    }
    tracing::info!(database = %configuration.database.url.redacted(), "starting");
    let traces = traces::start(&configuration.traces)?;
    let running = server::start(&configuration, true).await?;
    let mut configuration = configuration;
    configuration.server.listens_on(running.address.port());
    let url = &configuration.server.public_url;
    match configuration.log.format {
        // Nothing but objects, for whoever reads them by machine.
        LogFormat::Json => tracing::info!(target: "ready", %url, "Ensemble is ready"),
        LogFormat::Pretty => eprintln!(
            "\n  Ensemble is ready: {url}\n  Swagger UI:        {url}/docs\n  Stop it with Ctrl-C.\n"
        ),
    }
    let ended = running.wait().await;
    if let Some(traces) = traces {
        traces.finish().await;
    }
    ended
}
