//! A device of a load client: an open socket that is signed in.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::Outcome;
use crate::friends::Friend;

/// Nothing takes so long, unless it does not come at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes that are read at a time.
const READ: usize = 4 * 1024;

type Stream = WebSocketStream<TcpStream>;

/// The end that frames go into.
pub struct Mouth(SplitSink<Stream, Message>);

/// The end that frames come out of.
pub struct Ear(SplitStream<Stream>);

/// Opens a socket and signs in.
///
/// # Errors
/// Where the server does not let them in.
pub async fn open(address: SocketAddr, friend: &Friend) -> Outcome<(Mouth, Ear)> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    // The buffer is wiped for each read: one for a few frames takes a quarter of the client's time less.
    let config = WebSocketConfig::default().read_buffer_size(READ);
    let url = format!("ws://{address}/ws");
    let (socket, _) = client_async_with_config(url, stream, Some(config)).await?;
    let (mouth, ear) = socket.split();
    let (mut mouth, mut ear) = (Mouth(mouth), Ear(ear));
    mouth.beat().await?;
    let token = json!({"type": "auth", "payload": {"auth": friend.token}});
    mouth.say(token.to_string()).await?;
    loop {
        let frame = ear.next().await?;
        if frame.contains(r#""type":"auth""#) {
            return Ok((mouth, ear));
        }
        if !frame.contains(r#""type":"heartbeat""#) {
            return Err(format!("not let in: {frame}").into());
        }
    }
}

impl Mouth {
    /// Sends a frame.
    ///
    /// # Errors
    /// Where the socket is gone.
    pub async fn say(&mut self, text: String) -> Outcome<()> {
        Ok(self.0.send(Message::text(text)).await?)
    }

    /// Sends a heartbeat.
    ///
    /// # Errors
    /// Where the socket is gone.
    pub async fn beat(&mut self) -> Outcome<()> {
        self.say(r#"{"type":"heartbeat","payload":null}"#.into())
            .await
    }
}

impl Ear {
    /// The next frame of text.
    ///
    /// # Errors
    /// Where the socket ends, and where nothing comes for a minute.
    pub async fn next(&mut self) -> Outcome<String> {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next()).await? {
                Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(other)) => return Err(format!("the socket ended: {other}").into()),
                Some(Err(error)) => return Err(error.into()),
                None => return Err("the socket ended".into()),
            }
        }
    }
}
