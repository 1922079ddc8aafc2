//! A small HTTP server that behaves as a test says, also badly.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as it came.
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) body: Bytes,
}

/// Stops when it is dropped.
pub(super) struct StandIn {
    pub(super) address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl StandIn {
    /// Answers each request on a connection of its own by what `answer` writes.
    pub(super) async fn start<F, T>(answer: F) -> Self
    where
        F: Fn(Asked, TcpStream) -> T + Send + Sync + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let answer = Arc::new(answer);
        let serving = tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let answer = answer.clone();
                tokio::spawn(async move {
                    if let Some(asked) = read(&mut connection).await {
                        answer(asked, connection).await;
                    }
                });
            }
        });
        Self { address, serving }
    }

    /// Where it is.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn read(connection: &mut TcpStream) -> Option<Asked> {
    let mut received = BytesMut::new();
    let end = loop {
        if connection.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = received.windows(4).position(|end| end == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let head = String::from_utf8_lossy(&received.split_to(end)).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    while received.len() < length.unwrap_or_default() {
        if connection.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    }
    Some(Asked {
        method,
        path,
        body: received.freeze(),
    })
}

/// Writes a whole answer and closes the connection. Whoever no longer listens misses it.
pub(super) async fn write(mut connection: TcpStream, status: &str, headers: &str, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
        body.len()
    );
    if connection.write_all(head.as_bytes()).await.is_ok() {
        let _ = connection.write_all(body).await;
    }
    let _ = connection.shutdown().await;
}
