//! A WebSocket as bytes and messages, whatever these mean: what comes is read whole and within its
//! limit, what goes is written as long as the peer takes it, and a breach of RFC 6455 ends it.

use std::time::Duration;

use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{CloseCode, CloseReason, Closed, MessageStream, Session};
use tokio::time::timeout;
use tracing::debug;

use super::breach;
use super::gauge::gauged;
use super::pieces::{Pieces, Whole};

/// A client that takes nothing for so long is gone.
const SEND_PATIENCE: Duration = Duration::from_secs(10);
/// What who took nothing for so long is told, should it listen after all.
const SLOW: CloseCode = CloseCode::Other(4008);

/// Why a connection ends.
#[derive(Debug)]
pub enum End {
    /// The peer is gone.
    Gone,
    /// We close it, with this code.
    Close(CloseCode),
}

impl From<Closed> for End {
    fn from(_: Closed) -> Self {
        Self::Gone
    }
}

/// The server's end of a WebSocket.
pub struct Wire {
    session: Session,
    stream: MessageStream,
    pieces: Pieces,
}

impl Wire {
    /// Shakes hands; the answer that does, and the connection. It takes messages of at most `most`
    /// bytes, in one frame or in many.
    ///
    /// # Errors
    /// The request is no WebSocket handshake.
    pub async fn open(
        request: &HttpRequest,
        payload: Payload,
        most: usize,
    ) -> Result<(HttpResponse, Self), actix_web::Error> {
        let payload = gauged(request, payload, most).await?;
        let (response, session, stream) = actix_ws::handle(request, payload)?;
        let wire = Self {
            session,
            stream: stream.max_frame_size(most),
            pieces: Pieces::new(most),
        };
        Ok((response, wire))
    }

    /// What comes next; `None` for a piece of a message that is not whole yet. Who stops waiting
    /// for it loses nothing.
    ///
    /// # Errors
    /// The peer is gone, or broke the protocol.
    pub async fn next(&mut self) -> Result<Option<Whole>, End> {
        let breach = match self.stream.recv().await {
            Some(Ok(message)) => match self.pieces.take(message) {
                Ok(whole) => return Ok(whole),
                Err(breach) => breach,
            },
            Some(Err(error)) => breach::of(&error).ok_or(End::Gone)?,
            None => return Err(End::Gone),
        };
        Err(End::Close(breach.code()))
    }

    /// Writes a text.
    ///
    /// # Errors
    /// The peer is gone, or takes nothing.
    pub async fn text(&mut self, text: String) -> Result<(), End> {
        patiently(self.session.text(text)).await
    }

    /// Writes bytes.
    ///
    /// # Errors
    /// The peer is gone, or takes nothing.
    pub async fn binary(&mut self, bytes: Bytes) -> Result<(), End> {
        patiently(self.session.binary(bytes)).await
    }

    /// Asks whether the peer is there.
    ///
    /// # Errors
    /// The peer is gone, or takes nothing.
    pub async fn ping(&mut self) -> Result<(), End> {
        patiently(self.session.ping(b"")).await
    }

    /// Answers a ping with what it brought.
    ///
    /// # Errors
    /// The peer is gone, or takes nothing.
    pub async fn pong(&mut self, payload: &[u8]) -> Result<(), End> {
        patiently(self.session.pong(payload)).await
    }

    /// Ends the connection; says so where the peer is still there.
    pub async fn end(self, end: End) {
        let End::Close(code) = end else { return };
        debug!(?code, "a connection was closed");
        let reason = CloseReason {
            code,
            description: None,
        };
        // Whoever is gone already needs no goodbye.
        let _ = timeout(SEND_PATIENCE, self.session.close(Some(reason))).await;
    }
}

/// Writes, as long as the peer takes something.
async fn patiently(write: impl Future<Output = Result<(), Closed>>) -> Result<(), End> {
    match timeout(SEND_PATIENCE, write).await {
        Ok(written) => Ok(written?),
        Err(_) => Err(End::Close(SLOW)),
    }
}
