//! Sending traces to a collector (OTLP over HTTP), where one is set.

mod collector;

use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use secrecy::ExposeSecret;
use tracing::warn;

use crate::configuration::Traces;
use collector::Collector;

/// How long the last spans may take to leave when the program ends.
const PATIENCE: Duration = Duration::from_secs(5);

/// Spans on their way. A thread of their own takes them from a bounded queue and sends many at a time; what does not
/// fit is dropped, so that nobody ever waits for a collector.
pub(crate) struct Sending(SdkTracerProvider);

/// Begins to record, where a collector is set. Has to come before anything that is to be recorded is made.
///
/// # Errors
/// Where the collector cannot be asked at all.
pub(crate) fn start(settings: &Traces) -> Result<Option<Sending>, Box<dyn Error + Send + Sync>> {
    let Some(endpoint) = &settings.endpoint else {
        return Ok(None);
    };
    let headers: HashMap<String, String> = settings
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.expose_secret().to_owned()))
        .collect();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Collector::new()?)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint.join("/v1/traces"))
        .with_headers(headers)
        .build()?;
    let resource = Resource::builder()
        .with_service_name(settings.service_name.clone())
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let share = Sampler::TraceIdRatioBased(settings.sample_ratio);
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(share)))
        .with_resource(resource)
        .build();
    trace::install(Box::new(provider.tracer("ensemble")));
    Ok(Some(Sending(provider)))
}

impl Sending {
    /// Sends what is left.
    pub(crate) async fn finish(self) {
        // It waits for its thread, which waits for this runtime: so not here.
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(PATIENCE));
        match ended.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(%error, "the last traces may not have arrived"),
            Err(error) => warn!(%error, "the last traces may not have arrived"),
        }
    }
}
