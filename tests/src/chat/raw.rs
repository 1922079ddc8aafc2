//! A client that writes bytes, whatever they mean.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::Client;

/// Nothing here takes so long, unless it does not come at all.
const PATIENCE: Duration = Duration::from_secs(20);

/// The kinds of frames.
pub(super) const MORE: u8 = 0;
pub(super) const TEXT: u8 = 1;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
const PONG: u8 = 10;
/// The frame is the message's last.
pub(super) const LAST: u8 = 0x80;

/// A frame as a client has to send it: masked, with a mask that changes nothing.
pub(super) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..=125 => bytes.push(0x80 | short as u8),
        middle @ 126..=0xffff => {
            bytes.push(0x80 | 126);
            bytes.extend((middle as u16).to_be_bytes());
        }
        long => {
            bytes.push(0x80 | 127);
            bytes.extend((long as u64).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}

/// A connection after the handshake.
pub(super) struct Raw {
    stream: TcpStream,
}

impl Raw {
    /// Shakes hands.
    pub(super) async fn open(client: &Client) -> Self {
        let stream = TcpStream::connect(client.authority()).await;
        let mut stream = stream.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        let hello = format!(
            "GET /ws HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            client.authority()
        );
        stream
            .write_all(hello.as_bytes())
            .await
            .expect("it is sent");
        let mut raw = Self { stream };
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.extend(raw.read(1).await.expect("an answer"));
        }
        assert!(answer.starts_with(b"HTTP/1.1 101 "), "{answer:?}");
        raw
    }

    /// Writes bytes; whether the other end still takes them.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    /// Says nothing more, but listens.
    pub(super) async fn hang_up(&mut self) {
        // Whoever is gone on the other side has heard it.
        let _ = self.stream.shutdown().await;
    }

    async fn read(&mut self, count: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; count];
        let read = timeout(PATIENCE, self.stream.read_exact(&mut bytes)).await;
        read.expect("bytes in time").is_ok().then_some(bytes)
    }

    /// The next frame: its first byte and its payload; none at the end.
    pub(super) async fn any(&mut self) -> Option<(u8, Vec<u8>)> {
        let head = self.read(2).await?;
        let long = match head[1] {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let mut length = u64::from(head[1]);
        if long > 0 {
            let bytes = self.read(long).await?;
            length = bytes
                .iter()
                .fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
        }
        let payload = self.read(length as usize).await?;
        Some((head[0], payload))
    }

    /// The next frame that is no ping.
    pub(super) async fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            let (first, payload) = self.any().await?;
            if first & 0xf != PING {
                return Some((first, payload));
            }
        }
    }

    /// Fails unless the next frame is this text.
    pub(super) async fn hears(&mut self, text: &str) {
        let (first, payload) = self.next().await.expect("a frame");
        assert_eq!(first, LAST | TEXT);
        assert_eq!(String::from_utf8_lossy(&payload), text);
    }

    /// Fails unless the next frame is the answer to this ping.
    pub(super) async fn is_ponged(&mut self, payload: &[u8]) {
        let pong = self.next().await.expect("a frame");
        assert_eq!(pong, (LAST | PONG, payload.to_owned()));
    }

    /// With which code the socket is closed next; none where the connection ends without a word.
    pub(super) async fn closed(&mut self) -> Option<u16> {
        loop {
            let (first, payload) = self.next().await?;
            if first == LAST | CLOSE {
                let code = payload.first_chunk().expect("a code");
                let code = u16::from_be_bytes(*code);
                // After that nothing comes.
                self.hang_up().await;
                assert_eq!(self.next().await, None);
                return Some(code);
            }
        }
    }
}
