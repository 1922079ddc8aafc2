//! A device with an open socket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::client::Client;
use crate::person::Person;

/// Nothing here takes so long, unless it does not come at all.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open socket.
pub(super) struct Device {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// What ended a socket.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// With this code.
    Closed(u16),
    /// Without a word.
    Cut,
}

impl Device {
    /// Opens a socket, and says nothing.
    pub(super) async fn open(client: &Client) -> Self {
        let url = format!("ws://{}/ws", client.authority());
        let (socket, _) = connect_async(url).await.expect("a socket");
        Self { socket }
    }

    /// Opens a socket, and signs in; the first frame is taken.
    pub(super) async fn of(person: &Person) -> Self {
        Self::welcomed(person).await.0
    }

    /// As [`Self::of`], with the first frame.
    pub(super) async fn welcomed(person: &Person) -> (Self, Value) {
        let mut device = Self::open(&person.client).await;
        device.beat().await;
        let welcome = device.auth(person.client.token()).await;
        assert_eq!(welcome["type"], "auth", "{welcome}");
        (device, welcome)
    }

    pub(super) async fn send(&mut self, frame: &Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub(super) async fn send_text(&mut self, text: &str) {
        self.send_raw(Message::text(text)).await;
    }

    pub(super) async fn send_raw(&mut self, message: Message) {
        self.socket.send(message).await.expect("it is sent");
    }

    /// A frame of this type.
    pub(super) async fn frame(&mut self, kind: &str, payload: Value) {
        self.send(&json!({"type": kind, "payload": payload})).await;
    }

    pub(super) async fn beat(&mut self) {
        self.frame("heartbeat", json!({"n": 1})).await;
        let answer = self.next().await;
        assert_eq!(answer, json!({"type": "heartbeat", "payload": {"n": 1}}));
    }

    pub(super) async fn auth(&mut self, token: &str) -> Value {
        self.frame("auth", json!({"auth": token})).await;
        self.next().await
    }

    pub(super) async fn send_chat(&mut self, room: &str, content: &str) {
        let payload = json!({"type": "send", "chat_id": room, "content": content});
        self.frame("chat", payload).await;
    }

    async fn message(&mut self) -> Option<Message> {
        loop {
            let next = timeout(PATIENCE, self.socket.next()).await;
            match next.expect("a message in time") {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(message)) => return Some(message),
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// The next frame.
    #[track_caller]
    pub(super) fn next(&mut self) -> impl Future<Output = Value> {
        let place = std::panic::Location::caller();
        async move {
            match self.message().await {
                Some(Message::Text(text)) => serde_json::from_str(&text).expect("JSON"),
                other => unreachable!("a frame was expected at {place}, not {other:?}"),
            }
        }
    }

    /// Fails unless the next frame is an error with this number.
    pub(super) async fn refused(&mut self, code: u16) {
        let frame = self.next().await;
        assert_eq!(frame["type"], "error", "{frame}");
        assert_eq!(frame["payload"]["code"], code, "{frame}");
        assert!(
            !frame["payload"]["reason"]
                .as_str()
                .unwrap_or_default()
                .is_empty()
        );
    }

    /// Waits until the socket ends, without another frame.
    pub(super) async fn ended(&mut self) -> Ended {
        match self.message().await {
            Some(Message::Close(Some(close))) => Ended::Closed(close.code.into()),
            Some(Message::Close(None)) | None => Ended::Cut,
            Some(other) => unreachable!("an end was expected, not {other:?}"),
        }
    }

    /// Whether nothing came but what this heartbeat answers: what was sent before it is answered.
    pub(super) async fn is_silent(&mut self) {
        self.beat().await;
    }
}
