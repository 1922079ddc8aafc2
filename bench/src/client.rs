//! A load client: some connections, each asking again as soon as it is answered.

use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One request, as it goes over the wire.
#[derive(Clone)]
pub struct Request(Vec<u8>);

impl Request {
    /// A GET with an optional bearer token.
    #[must_use]
    pub fn get(path: &str, token: Option<&str>) -> Self {
        Self::with("GET", path, token, None)
    }

    /// A POST of JSON.
    #[must_use]
    pub fn post(path: &str, token: Option<&str>, body: &str) -> Self {
        Self::with("POST", path, token, Some(("application/json", body)))
    }

    /// A PUT of JSON, or of nothing.
    #[must_use]
    pub fn put(path: &str, token: Option<&str>, body: &str) -> Self {
        Self::with("PUT", path, token, Some(("application/json", body)))
    }

    /// A DELETE.
    #[must_use]
    pub fn delete(path: &str, token: Option<&str>) -> Self {
        Self::with("DELETE", path, token, None)
    }

    /// A POST of a file.
    #[must_use]
    pub fn file(path: &str, token: Option<&str>, kind: &str, body: &str) -> Self {
        Self::with("POST", path, token, Some((kind, body)))
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let line = self.0.windows(2).position(|pair| pair == b"\r\n");
        let start = line.map_or(0, |end| end + 2);
        let header = format!("{name}: {value}\r\n");
        self.0.splice(start..start, header.into_bytes());
        self
    }

    fn with(method: &str, path: &str, token: Option<&str>, body: Option<(&str, &str)>) -> Self {
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n");
        if let Some(token) = token {
            text.push_str(&format!("authorization: Bearer {token}\r\n"));
        }
        if let Some((kind, body)) = body {
            text.push_str(&format!(
                "content-type: {kind}\r\ncontent-length: {}\r\n",
                body.len()
            ));
        }
        text.push_str("\r\n");
        text.push_str(body.map_or("", |(_, body)| body));
        Self(text.into_bytes())
    }
}

/// What is asked, one after the other, whoever asks.
#[derive(Clone)]
pub struct Requests(Arc<(Source, AtomicUsize)>);

enum Source {
    /// These, and then again from the start.
    List(Vec<Request>),
    /// What is made for the number of the turn.
    Made(Box<dyn Fn(usize) -> Request + Send + Sync>),
}

impl From<Vec<Request>> for Requests {
    fn from(requests: Vec<Request>) -> Self {
        Self(Arc::new((Source::List(requests), AtomicUsize::new(0))))
    }
}

impl From<Request> for Requests {
    fn from(request: Request) -> Self {
        vec![request].into()
    }
}

impl Requests {
    /// Each is made when its turn comes, from the turn's number.
    #[must_use]
    pub fn made(make: impl Fn(usize) -> Request + Send + Sync + 'static) -> Self {
        Self(Arc::new((
            Source::Made(Box::new(make)),
            AtomicUsize::new(0),
        )))
    }

    /// The next one.
    #[must_use]
    pub fn next(&self) -> Cow<'_, Request> {
        let (source, turn) = &*self.0;
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        match source {
            Source::List(requests) => Cow::Borrowed(&requests[turn % requests.len()]),
            Source::Made(make) => Cow::Owned(make(turn)),
        }
    }
}

/// One connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// Whatever the system says.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    /// Asks and waits for the answer: its status and body.
    ///
    /// # Errors
    /// Where the connection breaks or the answer has no length.
    pub async fn ask(&mut self, request: &Request) -> io::Result<(u16, Vec<u8>)> {
        self.stream.write_all(&request.0).await?;
        self.buffer.clear();
        let (head, length) = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break (at + 4, content_length(&self.buffer[..at])?);
            }
        };
        while self.buffer.len() < head + length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let status = std::str::from_utf8(&self.buffer[9..12])
            .ok()
            .and_then(|code| code.parse().ok());
        Ok((
            status.unwrap_or(0),
            self.buffer[head..head + length].to_vec(),
        ))
    }
}

fn content_length(head: &[u8]) -> io::Result<usize> {
    // No content has no length (RFC 9110, 8.6).
    if head.get(9..12) == Some(b"204") {
        return Ok(0);
    }
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    value
        .and_then(|value| value.trim().parse().ok())
        .ok_or_else(|| io::Error::other("an answer without a length"))
}

/// What a load came to.
#[derive(Clone, Debug)]
pub struct Load {
    /// Answers.
    pub requests: u64,
    /// Answers other than 2xx.
    pub failures: u64,
    /// How long it took.
    pub elapsed: Duration,
    pub(crate) latencies: Vec<Duration>,
}

impl Load {
    /// Answers a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.requests as f64 / self.elapsed.as_secs_f64()
    }

    /// The latency that `share` of the answers did not exceed.
    #[must_use]
    pub fn percentile(&self, share: f64) -> Duration {
        let at = (self.latencies.len().saturating_sub(1) as f64 * share) as usize;
        self.latencies.get(at).copied().unwrap_or_default()
    }
}

/// Asks over `connections` connections for `duration`.
///
/// # Errors
/// Where a connection breaks.
pub async fn run(
    address: SocketAddr,
    requests: &Requests,
    connections: usize,
    duration: Duration,
) -> io::Result<Load> {
    let begin = Instant::now();
    let workers: Vec<_> = (0..connections)
        .map(|_| {
            let requests = requests.clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await?;
                let (mut latencies, mut failures) = (Vec::new(), 0);
                while begin.elapsed() < duration {
                    let asked = Instant::now();
                    let (status, _) = connection.ask(&requests.next()).await?;
                    latencies.push(asked.elapsed());
                    failures += u64::from(!(200..300).contains(&status));
                }
                io::Result::Ok((latencies, failures))
            })
        })
        .collect();
    let (mut latencies, mut failures) = (Vec::new(), 0);
    for worker in workers {
        let (own, failed) = worker.await??;
        latencies.extend(own);
        failures += failed;
    }
    latencies.sort_unstable();
    Ok(Load {
        requests: latencies.len() as u64,
        failures,
        elapsed: begin.elapsed(),
        latencies,
    })
}
