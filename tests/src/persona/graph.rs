//! A stand-in for Meta's Graph API, well-behaved or not.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::form_urlencoded;

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Ok,
    /// After a while, and still in time.
    Slow,
    /// Never.
    Hang,
    /// With its own error.
    Error,
    /// Half of an answer, then nothing.
    Cut,
    /// With something that is no JSON.
    Garbage,
    /// With more than anybody reads.
    Endless,
    /// By sending the client elsewhere.
    Redirect,
}

/// One request that came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: HashMap<String, String>,
    pub(crate) bearer: Option<String>,
    pub(crate) form: HashMap<String, String>,
}

pub(crate) struct State {
    pub(crate) mode: Mode,
    pub(crate) seen: Vec<Seen>,
    /// What `me/accounts` lists.
    pub(crate) pages: Value,
    /// What `debug_token` tells of scopes.
    pub(crate) scopes: Value,
    /// Tokens that are no longer taken.
    pub(crate) refused: Vec<String>,
    /// How long new tokens live, in seconds.
    pub(crate) lifetime: u64,
    issued: usize,
}

/// The stand-in; it ends when this is dropped.
pub(crate) struct Graph {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
    serving: JoinHandle<()>,
}

impl Drop for Graph {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A page with an Instagram account.
pub(crate) fn page(id: &str, account: &str) -> Value {
    json!({"id": id, "name": "룩북", "access_token": "a page's own token",
        "instagram_business_account": {"id": account, "username": "look.book"}})
}

impl Graph {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let state = Arc::new(Mutex::new(State {
            mode: Mode::Ok,
            seen: Vec::new(),
            pages: json!({"data": [page("11", "1784")]}),
            scopes: json!([]),
            refused: Vec::new(),
            lifetime: 60 * 86_400,
            issued: 0,
        }));
        let address = listener.local_addr().expect("an address");
        let shared = state.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = shared.clone();
                tokio::spawn(async move {
                    // A client that hangs up is a client's right.
                    let _ = answer(stream, &state).await;
                });
            }
        });
        Self {
            address,
            state,
            serving,
        }
    }

    /// Settings of a server that takes this for Meta.
    pub(crate) fn settings(&self) -> [(&'static str, String); 6] {
        let base = format!("http://{}/v23.0", self.address);
        [
            ("META_APP_ID", "4711".to_owned()),
            ("META_APP_SECRET", "the secret of our app".to_owned()),
            ("ENSEMBLE__META__GRAPH_BASE_URL", base.clone()),
            ("ENSEMBLE__META__DIALOG_BASE_URL", base),
            ("ENSEMBLE__META__TIMEOUT_SECONDS", "2".to_owned()),
            ("FRONTEND_URL", "https://front.example".to_owned()),
        ]
    }

    /// Changes how it behaves, or looks at what it saw.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock())
    }

    pub(crate) fn mode(&self, mode: Mode) {
        self.with(|state| state.mode = mode);
    }

    /// Requests to this path so far.
    pub(crate) fn seen(&self, path: &str) -> Vec<Seen> {
        self.with(|state| {
            let seen = state.seen.iter();
            seen.filter(|seen| seen.path == path).cloned().collect()
        })
    }
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Seen> {
    let mut bytes = Vec::new();
    let head = loop {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let header = |name: &str| {
        text.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    };
    let length = header("content-length").and_then(|length| length.parse().ok());
    while bytes.len() < head + 4 + length.unwrap_or(0) {
        if stream.read_buf(&mut bytes).await? == 0 {
            break;
        }
    }
    let pairs = |bytes: &[u8]| form_urlencoded::parse(bytes).into_owned().collect();
    let mut first = text.lines().next().unwrap_or_default().split(' ');
    let method = first.next().unwrap_or_default().to_owned();
    let target = first.next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let bearer = header("authorization");
    Ok(Seen {
        method,
        path: path.trim_start_matches("/v23.0").to_owned(),
        query: pairs(query.as_bytes()),
        bearer: bearer.and_then(|it| it.strip_prefix("Bearer ").map(str::to_owned)),
        form: pairs(&bytes[head + 4..]),
    })
}

async fn answer(mut stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let seen = read(&mut stream).await?;
    let (mode, (status, body)) = {
        let mut state = state.lock();
        state.seen.push(seen.clone());
        (state.mode, state.answer(&seen))
    };
    let whole = |status: u16, body: &str| {
        let length = body.len();
        format!(
            "HTTP/1.1 {status} Answer\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
    };
    let bytes = match mode {
        Mode::Ok => whole(status, &body),
        Mode::Slow => {
            tokio::time::sleep(Duration::from_millis(300)).await;
            whole(status, &body)
        }
        Mode::Hang => std::future::pending().await,
        Mode::Error => whole(500, &error(1)),
        Mode::Cut => {
            let whole = whole(status, &body);
            whole[..whole.len() - 5].to_owned()
        }
        Mode::Garbage => whole(200, "<html>{not json</html>"),
        Mode::Endless => {
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"data\": \"";
            stream.write_all(head.as_bytes()).await?;
            loop {
                stream.write_all(&[b'x'; 65_536]).await?;
            }
        }
        Mode::Redirect => {
            "HTTP/1.1 302 Found\r\nlocation: /v23.0/elsewhere\r\ncontent-length: 0\r\n\
             connection: close\r\n\r\n"
                .to_owned()
        }
    };
    stream.write_all(bytes.as_bytes()).await?;
    stream.shutdown().await
}

fn error(code: i64) -> String {
    json!({"error": {"message": "An error", "type": "OAuthException", "code": code}}).to_string()
}

impl State {
    fn answer(&mut self, seen: &Seen) -> (u16, String) {
        let token = seen.form.get("fb_exchange_token").or(seen.bearer.as_ref());
        if token.is_some_and(|token| self.refused.contains(token)) {
            return (400, error(190));
        }
        match (seen.method.as_str(), seen.path.as_str()) {
            ("POST", "/oauth/access_token") => self.token(seen),
            ("GET", "/me/accounts") => (200, self.list(seen)),
            ("GET", "/debug_token") => (
                200,
                json!({"data": {"granular_scopes": self.scopes}}).to_string(),
            ),
            ("GET", "/12") => (400, error(100)),
            ("GET", "/13") => (200, page("13", "1786").to_string()),
            ("GET", "/1799") => (
                200,
                json!({"id": "1799", "username": "late.name"}).to_string(),
            ),
            _ => (404, error(100)),
        }
    }

    fn token(&mut self, seen: &Seen) -> (u16, String) {
        if seen
            .form
            .get("code")
            .is_some_and(|code| code != "good code")
        {
            return (400, error(100));
        }
        self.issued += 1;
        let kind = if seen.form.contains_key("code") {
            "short"
        } else {
            "long"
        };
        let token = format!("{kind}-lived-canary-{}", self.issued);
        let answer =
            json!({"access_token": token, "token_type": "bearer", "expires_in": self.lifetime});
        (200, answer.to_string())
    }

    /// A page of the list; the address of the next one leads astray, on purpose.
    fn list(&self, seen: &Seen) -> String {
        let data = self.pages["data"].as_array().cloned().unwrap_or_default();
        let from = seen.query.get("after").and_then(|after| after.parse().ok());
        let from: usize = from.unwrap_or(0);
        let mut list = json!({"data": data.get(from..from + 1).unwrap_or_default()});
        if from + 1 < data.len() {
            list["paging"] = json!({"cursors": {"after": (from + 1).to_string()},
                "next": "http://169.254.169.254/latest/meta-data"});
        }
        list.to_string()
    }
}
