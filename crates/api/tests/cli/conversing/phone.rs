//! A phone: what it has heard, and what it still waits to hear.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Nothing here takes so long, unless it does not come at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// The line is dead: whatever comes must be asked for anew.
#[derive(Debug)]
pub(super) struct Cut;

/// One place of a person's log, as a phone was told it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    id: String,
    is_edit: bool,
}

/// A message, as a phone knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) author: String,
    pub(super) room: String,
    /// Empty where it was taken back.
    pub(super) content: String,
}

/// A device that remembers what it was told, wherever it was connected.
pub(super) struct Phone {
    socket: Option<WebSocketStream<MaybeTlsStream<TcpStream>>>,
    /// Everything up to this place has been heard.
    seq: i64,
    told: BTreeMap<i64, Told>,
    /// The messages, in the order in which they came.
    pub(super) order: Vec<String>,
    pub(super) messages: BTreeMap<String, Known>,
    /// The ids of own messages by nonce, as they were told.
    pub(super) acknowledged: BTreeMap<String, String>,
}

impl Phone {
    /// A phone that has heard nothing yet.
    pub(super) fn new() -> Self {
        Self {
            socket: None,
            seq: 0,
            told: BTreeMap::new(),
            order: Vec::new(),
            messages: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
        }
    }

    pub(super) fn is_on(&self) -> bool {
        self.socket.is_some()
    }

    /// Breaks the line without a word; what was on its way is lost.
    pub(super) fn cut(&mut self) {
        self.socket = None;
    }

    /// Connects, signs in, and hears everything that was missed.
    pub(super) async fn connect(&mut self, base: &str, token: &str) -> Result<(), Cut> {
        let url = format!("{}/ws", base.replacen("http", "ws", 1));
        let (socket, _) = connect_async(url).await.map_err(|_| Cut)?;
        self.socket = Some(socket);
        self.say("heartbeat", Value::Null).await?;
        let payload = json!({"auth": token, "seq": self.seq});
        self.say("auth", payload).await?;
        self.hear_until_resumed().await
    }

    /// Hears everything that has happened up to now.
    pub(super) async fn catch_up(&mut self) -> Result<(), Cut> {
        self.say("resume", json!({"seq": self.seq})).await?;
        self.hear_until_resumed().await
    }

    async fn hear_until_resumed(&mut self) -> Result<(), Cut> {
        while self.hear().await?["type"] != "resumed" {}
        Ok(())
    }

    /// Says something, without waiting for what comes of it.
    pub(super) async fn say(&mut self, kind: &str, payload: Value) -> Result<(), Cut> {
        let frame = json!({"type": kind, "payload": payload}).to_string();
        let socket = self.socket.as_mut().ok_or(Cut)?;
        let sent = timeout(PATIENCE, socket.send(Message::text(frame))).await;
        sent.expect("it is taken in time").map_err(|_| {
            self.socket = None;
            Cut
        })
    }

    async fn next(&mut self) -> Result<Value, Cut> {
        loop {
            let socket = self.socket.as_mut().ok_or(Cut)?;
            let next = timeout(PATIENCE, socket.next()).await;
            match next.expect("a frame in time") {
                Some(Ok(Message::Text(text))) => {
                    return Ok(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => {
                    self.socket = None;
                    return Err(Cut);
                }
            }
        }
    }

    /// Takes in the next frame.
    async fn hear(&mut self) -> Result<Value, Cut> {
        let frame = self.next().await?;
        assert_ne!(frame["type"], "error", "{frame}");
        assert_ne!(frame["type"], "resync", "{frame}");
        if frame["type"] == "chat" {
            self.take(&frame);
        } else if let Some(seq) = frame["seq"].as_i64().filter(|_| frame["type"] != "auth") {
            self.seq = self.seq.max(seq);
        }
        Ok(frame)
    }

    fn take(&mut self, frame: &Value) {
        let payload = &frame["payload"];
        let text = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
        let id = text("id");
        if let Some(nonce) = payload["nonce"].as_str() {
            let known = self.acknowledged.insert(nonce.to_owned(), id.clone());
            assert!(
                known.is_none_or(|known| known == id),
                "{nonce} was stored twice"
            );
        }
        // What was said before is answered again, and has no place of its own.
        let Some(seq) = frame["seq"].as_i64() else {
            return;
        };
        let is_edit = payload["type"] == "edit";
        let told = Told {
            id: id.clone(),
            is_edit,
        };
        // Asked to go back, the server tells again what it had told: the same at the same place.
        if seq <= self.seq {
            let before = self.told.insert(seq, told.clone());
            assert!(
                before.is_none_or(|before| before == told),
                "another at {seq}"
            );
            return;
        }
        assert!(self.told.insert(seq, told).is_none(), "{seq} came twice");
        self.seq = seq;
        let known = Known {
            author: text("user_id"),
            room: text("chat_id"),
            content: text("content"),
        };
        let before = self.messages.insert(id.clone(), known);
        match (is_edit, before) {
            (false, None) => self.order.push(id),
            (false, Some(_)) => unreachable!("{id} came twice"),
            // An edit of what was taken back before the phone heard of it.
            (true, _) => {}
        }
    }
}
