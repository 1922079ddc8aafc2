//! A mail server that keeps what it gets, and misbehaves when told to.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;

/// Mails that do not come by then do not come at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the server does with one mail. Without a word it takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Answers this to the recipient.
    Code(u16),
    /// Keeps the mail, and breaks the connection before it says so.
    TakeAndBreak,
    /// Says no word more.
    Hang,
}

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub(crate) to: String,
    pub(crate) message_id: String,
    pub(crate) subject: String,
    /// The first part: the plain text.
    pub(crate) text: String,
}

/// A mail server on a port of its own.
pub(crate) struct Sink {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    script: Mutex<VecDeque<Reply>>,
    mails: Mutex<Vec<Arrived>>,
    attempts: watch::Sender<usize>,
    arrived: watch::Sender<usize>,
}

impl Sink {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State::default());
        let kept = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = kept.clone();
                tokio::spawn(async move {
                    // A client that hangs up is none of our business.
                    let _ = state.serve(stream).await;
                });
            }
        });
        Self { address, state }
    }

    /// What to do with the next mails.
    pub(crate) fn script(&self, replies: &[Reply]) {
        self.state.script.lock().extend(replies);
    }

    /// The settings of a server that mails through this one.
    pub(crate) fn settings(&self) -> [(&'static str, String); 5] {
        [
            ("ENSEMBLE__MAIL__GMAIL__HOST", "127.0.0.1".to_owned()),
            (
                "ENSEMBLE__MAIL__GMAIL__PORT",
                self.address.port().to_string(),
            ),
            ("ENSEMBLE__MAIL__GMAIL__TLS", "none".to_owned()),
            ("MAIL_ADDRESS", "no-reply@shop.example".to_owned()),
            ("ENSEMBLE__OUTBOX__RETRY_BASE_SECONDS", "0.02".to_owned()),
        ]
    }

    /// All mails to an address, once there are so many.
    pub(crate) async fn mails(&self, to: &str, count: usize) -> Vec<Arrived> {
        let mut arrived = self.state.arrived.subscribe();
        let enough = || {
            let mails = self.state.mails.lock();
            let theirs: Vec<_> = mails.iter().filter(|mail| mail.to == to).cloned().collect();
            (theirs.len() >= count).then_some(theirs)
        };
        let waiting = async {
            loop {
                if let Some(mails) = enough() {
                    return mails;
                }
                arrived.changed().await.expect("a server");
            }
        };
        timeout(PATIENCE, waiting).await.expect("mails in time")
    }

    /// The latest mail to an address, of so many.
    pub(crate) async fn mail(&self, to: &str, number: usize) -> Arrived {
        let mails = self.mails(to, number).await;
        assert_eq!(mails.len(), number, "{mails:?}");
        mails[number - 1].clone()
    }

    /// How many mails arrived in all.
    pub(crate) fn count(&self) -> usize {
        self.state.mails.lock().len()
    }

    /// Waits until so many mails were begun.
    pub(crate) async fn tried(&self, count: usize) {
        let mut attempts = self.state.attempts.subscribe();
        let enough = attempts.wait_for(|made| *made >= count);
        let outcome = timeout(PATIENCE, enough).await.expect("attempts in time");
        outcome.expect("a server");
    }
}

impl State {
    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        // A server that hangs does so from the first word on.
        if self.hangs_at_once() {
            self.attempts.send_modify(|count| *count += 1);
            return hang(&mut stream).await;
        }
        stream.write_all(b"220 sink\r\n").await?;
        let (mut to, mut reply) = (String::new(), None);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let command = line.get(..4).unwrap_or_default().to_uppercase();
            let answer = match (command.as_str(), reply) {
                ("MAIL", _) => {
                    reply = self.script.lock().pop_front();
                    self.attempts.send_modify(|count| *count += 1);
                    if reply == Some(Reply::Hang) {
                        return hang(&mut stream).await;
                    }
                    "250 ok\r\n".to_owned()
                }
                ("RCPT", Some(Reply::Code(code))) => {
                    format!("{code} <somebody@example.com> no\r\n")
                }
                ("RCPT", _) => {
                    to = between(&line, '<', '>');
                    "250 ok\r\n".to_owned()
                }
                ("DATA", _) => {
                    stream.write_all(b"354 go on\r\n").await?;
                    self.keep(&to, &data(&mut stream).await?);
                    if reply == Some(Reply::TakeAndBreak) {
                        return Ok(());
                    }
                    "250 kept\r\n".to_owned()
                }
                ("QUIT", _) => return stream.write_all(b"221 bye\r\n").await,
                _ => "250 ok\r\n".to_owned(),
            };
            stream.write_all(answer.as_bytes()).await?;
        }
    }

    /// Takes what comes next in the script, where that is hanging.
    fn hangs_at_once(&self) -> bool {
        let mut script = self.script.lock();
        script.pop_front_if(|reply| *reply == Reply::Hang).is_some()
    }

    fn keep(&self, to: &str, data: &str) {
        self.mails.lock().push(Arrived {
            to: to.to_owned(),
            message_id: header(data, "Message-ID"),
            subject: decode_words(&header(data, "Subject")),
            text: first_part(data),
        });
        self.arrived.send_modify(|count| *count += 1);
    }
}

/// Until the client hangs up.
async fn hang(stream: &mut BufReader<TcpStream>) -> std::io::Result<()> {
    while stream.read_line(&mut String::new()).await? > 0 {}
    Ok(())
}

/// The lines up to the lone dot.
async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let start = data.len();
        if stream.read_line(&mut data).await? == 0 || &data[start..] == ".\r\n" {
            data.truncate(start);
            return Ok(data);
        }
    }
}

fn between(text: &str, open: char, close: char) -> String {
    let inner = text.split_once(open).map_or("", |(_, rest)| rest);
    inner.split(close).next().unwrap_or_default().to_owned()
}

/// A header with its continuation lines.
fn header(text: &str, name: &str) -> String {
    let unfolded = text.replace("\r\n ", " ");
    let line = unfolded.lines().find_map(|line| line.strip_prefix(name));
    let value = line.and_then(|line| line.strip_prefix(':'));
    value.unwrap_or_default().trim().to_owned()
}

/// RFC 2047 in the one form that is used here.
fn decode_words(text: &str) -> String {
    if !text.contains("=?utf-8?b?") {
        return text.to_owned();
    }
    let words = text.split_whitespace();
    let bytes = words.flat_map(|word| {
        let word = word.trim_start_matches("=?utf-8?b?").trim_end_matches("?=");
        STANDARD.decode(word).expect("base64")
    });
    String::from_utf8(bytes.collect()).expect("UTF-8")
}

fn first_part(data: &str) -> String {
    let part = data
        .split("Content-Type: text/plain")
        .nth(1)
        .expect("a text");
    let (head, body) = part.split_once("\r\n\r\n").expect("a body");
    // A boundary; two dashes and a blank begin a signature.
    let is_boundary = |at: &usize| {
        let next = body[at + 4..].chars().next();
        next.is_some_and(|sign| sign != ' ' && sign != '=')
    };
    let ends = body.match_indices("\r\n--").map(|(at, _)| at);
    let body = &body[..ends.into_iter().find(is_boundary).unwrap_or(body.len())];
    if head.contains("base64") {
        let lines: String = body.split_whitespace().collect();
        String::from_utf8(STANDARD.decode(lines).expect("base64")).expect("UTF-8")
    } else if head.contains("quoted-printable") {
        unquote(body)
    } else {
        body.to_owned()
    }
}

fn unquote(text: &str) -> String {
    let mut bytes = Vec::new();
    let text = text.replace("=\r\n", "");
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let code = tail
            .get(..2)
            .and_then(|code| std::str::from_utf8(code).ok());
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        match code {
            Some(byte) if *first == b'=' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

impl Arrived {
    /// The path of the one link in it, which has to lead to the public address.
    #[track_caller]
    pub(crate) fn link(&self, public_url: &str) -> String {
        let start = self.text.find(public_url).expect("a link to us");
        let link = self.text[start..]
            .split_whitespace()
            .next()
            .expect("a link");
        link[public_url.len()..].to_owned()
    }

    /// The last part of the link: its key.
    #[track_caller]
    pub(crate) fn key(&self, public_url: &str) -> String {
        let link = self.link(public_url);
        link.rsplit('/').next().expect("a key").to_owned()
    }
}
