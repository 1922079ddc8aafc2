//! Being told to stop.

use std::io;
use std::sync::Arc;

use service::chat::Hub;
use tracing::info;

use crate::stopping::Stopper;

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

    /// Stops the server at the first one, and sends connected devices to other nodes. At the second the process ends where it stands: that
    /// loses nothing that was acknowledged, and whoever signals twice means it.
    pub(crate) async fn stop(mut self, server: Stopper, hub: Arc<Hub>) {
        self.next().await;
        info!("finishing open requests; a second signal ends them");
        let stopping = async { tokio::join!(hub.drain(), server.stop()) };
        tokio::select! {
            _ = stopping => {}
            () = self.next() => std::process::exit(1),
        }
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
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
