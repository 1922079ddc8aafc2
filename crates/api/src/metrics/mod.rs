//! Metrics, for Prometheus: read where they are counted, written at the moment somebody asks.
//!
//! Whatever works counts in plain numbers and knows nothing of this (docs/adr/0004-libraries.md).
//! Every name, and every value of a label, is one of a fixed list.

mod exposition;
mod listener;
mod process;
mod requests;
mod work;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use controller::build;
use controller::http::{Gate, Traffic};
use domain::Clock;
use domain::event::EventBus;
use domain::notification::Channel;
use domain::persona::PortraitAi;
use gateway::persona::Workshop;
use repository::Database;
use service::chat::Hub;
use service::health::BacklogProbe;
use service::notification::Tally;
use service::outfit::{Common, Mind};
use service::product::RememberedProducts;
use service::user::{AccessTokens, PasswordHasher, SessionGuard};

use exposition::{Exposition, Kind};
pub(crate) use listener::{Listening, Place};
use process::ProcessFigures;

/// Where the numbers are.
#[derive(Clone)]
pub struct Sources {
    /// The database.
    pub database: Database,
    /// How much waits.
    pub probe: Arc<BacklogProbe>,
    /// How deliveries go.
    pub tallies: Vec<(Channel, Arc<Tally>)>,
    /// Who is connected.
    pub hub: Arc<Hub>,
    /// Who is let in.
    pub guard: Arc<SessionGuard>,
    /// Access tokens.
    pub tokens: Arc<AccessTokens>,
    /// Passwords being hashed.
    pub hasher: PasswordHasher,
    /// Pictures being worked on.
    pub workshop: Workshop,
    /// Requests in hand.
    pub gate: Arc<Gate>,
    /// Products in memory, where they are.
    pub products: Option<Arc<RememberedProducts>>,
    /// Feeds.
    pub common: Arc<Common>,
    /// What the recommender knows.
    pub mind: Arc<Mind>,
    /// What connects the nodes.
    pub bus: Arc<dyn EventBus>,
    /// The portrait service, where there is one.
    pub portrait_ai: Option<Arc<dyn PortraitAi>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// When this process began.
    pub started: DateTime<Utc>,
}

/// What is told.
pub(crate) struct Metrics {
    /// Where the numbers are.
    pub(crate) sources: Sources,
    /// Requests.
    pub(crate) traffic: Arc<Traffic>,
}

impl Metrics {
    /// Everything, as it is now. Whatever has to be asked for it is waited for a second at most.
    pub(crate) async fn write(&self) -> String {
        let mut text = Exposition::default();
        self.build(&mut text);
        self.process(&mut text);
        requests::write(&mut text, &self.traffic);
        requests::shed(&mut text, &self.sources.gate);
        work::sockets(&mut text, &self.sources);
        work::database(&mut text, &self.sources);
        work::outbox(&mut text, &self.sources).await;
        work::places(&mut text, &self.sources);
        work::caches(&mut text, &self.sources);
        work::feeds(&mut text, &self.sources);
        work::neighbours(&mut text, &self.sources);
        text.finish()
    }

    fn build(&self, text: &mut Exposition) {
        let help = "Always 1; the labels say which build this is.";
        let labels = [("version", build::VERSION), ("commit", build::COMMIT)];
        text.family("ensemble_build_info", Kind::Gauge, help)
            .sample(&labels, 1);
    }

    /// Under the names that all programs give them.
    fn process(&self, text: &mut Exposition) {
        let found = ProcessFigures::read();
        let mut tell = |name: &str, kind, help: &str, value: Option<f64>| {
            let mut family = text.family(name, kind, help);
            if let Some(value) = value {
                family.sample(&[], value);
            }
        };
        let number = |value: Option<u64>| value.map(|value| value as f64);
        let started = self.sources.started.timestamp_micros() as f64 / 1e6;
        tell(
            "process_resident_memory_bytes",
            Kind::Gauge,
            "Memory in RAM.",
            number(found.resident),
        );
        tell(
            "process_open_fds",
            Kind::Gauge,
            "Open files and sockets.",
            number(found.open_files),
        );
        tell(
            "process_max_fds",
            Kind::Gauge,
            "How many files and sockets may be open.",
            number(found.most_files),
        );
        tell(
            "process_cpu_seconds_total",
            Kind::Counter,
            "Processor time used.",
            found.cpu,
        );
        tell(
            "process_start_time_seconds",
            Kind::Gauge,
            "When the process began, in seconds since 1970.",
            Some(started),
        );
    }
}
