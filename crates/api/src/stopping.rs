//! Ending the listener without cutting off anybody who is being answered.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use controller::http::InFlight;
use tokio::task::AbortHandle;

/// For how long nothing may be under way until what is left counts as idle: the last answer needs a moment to leave.
const QUIET: Duration = Duration::from_millis(250);

/// What ends the listener.
#[derive(Clone)]
pub(crate) struct Stopper {
    handle: ServerHandle,
    serving: AbortHandle,
    in_flight: Option<Arc<InFlight>>,
}

impl Stopper {
    /// For a listener. `in_flight` is given where HTTP/2 is spoken.
    pub(crate) fn new(
        handle: ServerHandle,
        serving: AbortHandle,
        in_flight: Option<Arc<InFlight>>,
    ) -> Self {
        Self {
            handle,
            serving,
            in_flight,
        }
    }

    /// Lets nobody in any more and waits until everybody is answered, but no longer than the server's patience.
    ///
    /// Connections over HTTP/1.1 end with their request. One over HTTP/2 ends when its client likes, and actix waits
    /// for that, be it idle or not: so that idle ones hold nothing up, all of them are cut off once nothing has been
    /// under way for a moment.
    pub(crate) async fn stop(self) {
        let stopping = self.handle.stop(true);
        let Some(in_flight) = self.in_flight else {
            return stopping.await;
        };
        tokio::select! {
            () = stopping => {}
            () = in_flight.quiet(QUIET) => self.serving.abort(),
        }
    }
}
