//! Being told to stop.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use service::chat::Hub;
use service::health::Departure;
use tracing::info;

use crate::stopping::Stopper;

/// What stopping takes.
pub(crate) struct Leaving {
    /// The server.
    pub(crate) server: Stopper,
    /// The sockets.
    pub(crate) hub: Arc<Hub>,
    /// Where it is announced.
    pub(crate) departure: Arc<Departure>,
    /// How long after that everything is still served.
    pub(crate) drain: Duration,
}

impl Leaving {
    /// Announces it, serves on until requests go elsewhere, then sends connected devices away and
    /// finishes what is open.
    ///
    /// Who balances requests hears of it by asking `/readyz`, a moment later: whoever stopped to
    /// accept connections at once would refuse what is sent here until then.
    async fn run(self, drain: Duration) {
        self.departure.announce();
        tokio::time::sleep(drain).await;
        tokio::join!(self.hub.drain(), self.server.stop());
    }
}

/// Which signal came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// SIGTERM: by a supervisor, behind which others may still be sending requests.
    ToTerminate,
    /// SIGINT: by somebody at the keyboard, who wants to have it over with.
    ToInterrupt,
}

/// The signals that ask a process to stop, caught from the moment this is made: a server that has
/// said it is ready must not die of the next one with requests open.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// Begins to catch them.
    ///
    /// # Errors
    /// Where the system does not allow it.
    pub(crate) fn catch() -> io::Result<Self> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Stops the server at the first one. At the second the process ends where it stands: that
    /// loses nothing that was acknowledged, and whoever signals twice means it.
    pub(crate) async fn stop(mut self, leaving: Leaving) {
        let drain = match self.next().await {
            Asked::ToTerminate => leaving.drain,
            Asked::ToInterrupt => Duration::ZERO,
        };
        info!(
            drain_seconds = drain.as_secs(),
            "finishing open requests; a second signal ends them"
        );
        tokio::select! {
            () = leaving.run(drain) => {}
            _ = self.next() => std::process::exit(1),
        }
    }

    #[cfg(unix)]
    async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.terminate.recv() => Asked::ToTerminate,
            _ = self.interrupt.recv() => Asked::ToInterrupt,
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> Asked {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
        Asked::ToInterrupt
    }
}

/// The signal that asks a process to look at its files again (SIGHUP), caught from the moment this is made: otherwise
/// it would end the process. Elsewhere than on Unix there is none.
pub(crate) struct HangUp {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
}

impl HangUp {
    /// Begins to catch it.
    ///
    /// # Errors
    /// Where the system does not allow it.
    pub(crate) fn catch() -> io::Result<Self> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            #[cfg(unix)]
            signal: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        if self.signal.recv().await.is_some() {
            return;
        }
        std::future::pending().await
    }
}
