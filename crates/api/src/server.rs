//! The running server.

use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use service::maintenance::Maintenance;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::{info, warn};

use crate::backup::Schedule;
use crate::configuration::{Configuration, Seed};
use crate::metrics::{Listening, Metrics, Place};
use crate::queue_watch;
use crate::seed;
use crate::signals::{HangUp, Leaving, Signals};
use crate::stopping::Stopper;
use crate::tls::Certificate;
use crate::wiring::{self, Core};

const MAINTENANCE_EVERY: Duration = Duration::from_secs(600);
/// How long what works on the database may take to come to an end, and then the database itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that answers requests.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    metrics: Option<Listening>,
    stopper: Stopper,
    serving: JoinHandle<std::io::Result<()>>,
    background: Vec<JoinHandle<()>>,
    /// What works on the database between the requests, and ends by itself when told so.
    working: Vec<JoinHandle<()>>,
    stopping: watch::Sender<bool>,
    writing: Option<JoinHandle<()>>,
    core: Core,
}

/// Starts a server; it stops on SIGTERM and SIGINT when `heeds_signals`.
///
/// # Errors
/// Where it cannot listen or something it stands on cannot be used.
pub async fn start(
    configuration: &Configuration,
    heeds_signals: bool,
) -> Result<Running, Box<dyn Error + Send + Sync>> {
    // Listening first: an operator hears at once that the port is taken.
    let server = &configuration.server;
    let listener = TcpListener::bind((server.host.ip(), server.port)).map_err(|error| {
        format!(
            "cannot listen on {}: {error}",
            server.host.authority(server.port)
        )
    })?;
    let address = listener.local_addr()?;
    // And of a certificate that cannot be served.
    let certificate = server.tls.as_ref().map(Certificate::read).transpose()?;
    let place = Place::take(&configuration.metrics, configuration.environment)?;
    let mut core = wiring::build(configuration).await?;
    if configuration.seed == Some(Seed::Demo) {
        seed_where_empty(&core).await?;
    }
    core.memory.wake().await;
    core.memory.load().await?;
    let writing = core.writer.take().map(|writer| tokio::spawn(writer.run()));
    let (stopping, stop) = watch::channel(false);
    let mut working = vec![
        tokio::spawn(core.memory.clone().run(stop.clone())),
        tokio::spawn(tidy_up(core.maintenance.clone(), stop.clone())),
    ];
    let schedule = Schedule::of(configuration, &core.database, &core.clock);
    working.extend(schedule.map(|one| tokio::spawn(one.run(stop.clone()))));
    let dispatchers = core.dispatchers.iter().cloned();
    working.extend(dispatchers.map(|one| tokio::spawn(one.run(stop.clone()))));
    let mut background = vec![
        tokio::spawn(core.services.guard.clone().listen()),
        tokio::spawn(core.services.hub.clone().listen()),
        tokio::spawn(core.services.hub.clone().keep_presence()),
        tokio::spawn(queue_watch::watch(
            core.database.clone(),
            core.services.gate.clone(),
        )),
    ];
    let requests = core.services.requests.iter().cloned();
    background.extend(requests.map(|limits| tokio::spawn(limits.keep_sharing())));
    let mut finished = controller::finish(core.services.clone())?;
    let in_flight = certificate.is_some().then(|| finished.watch());
    let tls = match certificate {
        Some(certificate) => {
            let config = certificate.server()?;
            let watching = certificate.keep_current(HangUp::catch()?, stop.clone());
            working.push(tokio::spawn(watching));
            Some(config)
        }
        None => None,
    };
    let metrics = match place {
        Some(place) => Some(place.serve(Metrics {
            sources: core.sources.clone(),
            traffic: finished.count(),
        })?),
        None => None,
    };
    let signals = heeds_signals.then(Signals::catch).transpose()?;
    let http = HttpServer::new(move || finished.app())
        .workers(server.workers)
        .keep_alive(server.keep_alive)
        .client_request_timeout(server.header_timeout)
        .client_disconnect_timeout(Duration::from_secs(5))
        .shutdown_timeout(server.shutdown_timeout.as_secs())
        .disable_signals();
    let serving = match tls {
        Some(tls) => http.listen_rustls_0_23(listener, tls)?.run(),
        None => http.listen(listener)?.run(),
    };
    let handle = serving.handle();
    let serving = tokio::spawn(serving);
    let stopper = Stopper::new(handle, serving.abort_handle(), in_flight);
    if let Some(signals) = signals {
        let leaving = Leaving {
            server: stopper.clone(),
            hub: core.services.hub.clone(),
            departure: core.services.departure.clone(),
            drain: server.drain,
        };
        background.push(tokio::spawn(signals.stop(leaving)));
    }
    info!(%address, "listening");
    Ok(Running {
        address,
        metrics,
        stopper,
        serving,
        background,
        working,
        stopping,
        writing,
        core,
    })
}

impl Running {
    /// Where it tells metrics, if it does.
    #[must_use]
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|listening| listening.address)
    }

    /// Serves until somebody stops it, then finishes what it began.
    ///
    /// # Errors
    /// Where serving or closing the database failed.
    pub async fn wait(self) -> Result<(), Box<dyn Error + Send + Sync>> {
        let served = self.serving.await;
        for task in &self.background {
            task.abort();
        }
        // A statement that is cut off leaves a connection that may never come back, and closing
        // the database would wait for it.
        self.stopping.send_replace(true);
        for mut task in self.working {
            if timeout(PATIENCE, &mut task).await.is_err() {
                task.abort();
            }
        }
        // What was handed in is written down before the database closes.
        self.core.recorder.flush().await;
        if let Some(writing) = self.writing {
            writing.abort();
        }
        if let Err(error) = self.core.memory.save().await {
            warn!(%error, "the recommender's snapshot was not written");
        }
        // Until here somebody may watch how it ends.
        if let Some(metrics) = self.metrics {
            metrics.stop().await;
        }
        drop(self.core.services);
        match timeout(PATIENCE, self.core.database.close()).await {
            Ok(closed) => closed?,
            Err(_) => warn!("the database was not closed in time"),
        }
        match served {
            // Cut off on purpose, with nothing under way.
            Err(error) if error.is_cancelled() => {}
            served => served??,
        }
        info!("stopped");
        Ok(())
    }

    /// Stops: no new connections, and time for open requests to be answered.
    ///
    /// # Errors
    /// As [`Running::wait`].
    pub async fn stop(self) -> Result<(), Box<dyn Error + Send + Sync>> {
        let hub = self.core.services.hub.clone();
        tokio::join!(hub.drain(), self.stopper.clone().stop());
        self.wait().await
    }
}

/// Fills an empty database with the demonstration; one that is not empty stays as it is.
async fn seed_where_empty(core: &Core) -> Result<(), Box<dyn Error + Send + Sync>> {
    match seed::fill(core).await {
        Err(error) if error.is::<seed::NotEmpty>() => Ok(()),
        outcome => outcome,
    }
}

async fn tidy_up(maintenance: Arc<Maintenance>, mut stop: watch::Receiver<bool>) {
    let mut rounds = tokio::time::interval(MAINTENANCE_EVERY);
    loop {
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return,
            _ = rounds.tick() => {}
        }
        if let Err(error) = maintenance.run().await {
            warn!(%error, "could not tidy up; trying again later");
        }
    }
}
