//! The program while it serves.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus};
use std::thread::JoinHandle;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::home::{Home, PASSWORD};

/// A server in a process of its own. It is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    base: String,
    log: Option<JoinHandle<String>>,
}

impl Server {
    /// Starts it, and waits until it says that it is ready.
    pub(crate) fn start(home: &Home) -> Self {
        let mut child = home.command([""; 0]).spawn().expect("the program");
        let mut lines = BufReader::new(child.stderr.take().expect("its log"));
        let mut told = String::new();
        let base = loop {
            let before = told.len();
            let read = lines.read_line(&mut told).expect("its log");
            assert_ne!(read, 0, "it ended:\n{told}");
            let line = parsed(&told[before..]);
            if line["message"] == "Ensemble is ready" {
                break line["url"].as_str().expect("its address").to_owned();
            }
        };
        // Somebody has to go on reading, or the program waits for room to write.
        let log = std::thread::spawn(move || {
            let _ = lines.read_to_string(&mut told);
            told
        });
        Self {
            child,
            base,
            log: Some(log),
        }
    }

    /// Where it is.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The most memory it has used, in KiB.
    #[cfg(target_os = "linux")]
    pub(crate) fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("what the system knows of it");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
        peak.expect("a peak").parse().expect("a number")
    }

    /// Kills it as nothing can prepare for (SIGKILL).
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it dies");
        self.child.wait().expect("it is dead");
    }

    /// Asks it to end (SIGTERM).
    pub(crate) fn terminate(&self) {
        // The shell's own `kill`: the standard library sends no other signal than SIGKILL.
        let asked = Command::new("sh")
            .args(["-c", "kill -TERM \"$0\"", &self.child.id().to_string()])
            .status();
        assert!(asked.is_ok_and(|status| status.success()));
    }

    /// Waits for its end; how it ended, and what it logged.
    pub(crate) fn wait(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().expect("its end");
        (status, self.log())
    }

    /// What it logged. Whoever reads logs by machine has to understand every line.
    fn log(&mut self) -> String {
        let log = self.log.take().expect("its log").join().expect("its log");
        // Of a process that was killed the last line may be cut off.
        let lines = log
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        lines.for_each(|line| drop(parsed(line)));
        log
    }
}

/// A line of a log, which is one JSON object.
#[track_caller]
fn parsed(line: &str) -> Value {
    let parsed: Value = serde_json::from_str(line).unwrap_or_default();
    assert!(parsed.is_object(), "no JSON object in the log: {line}");
    parsed
}

impl Drop for Server {
    fn drop(&mut self) {
        // After a test that went well it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if self.log.is_some() && !std::thread::panicking() {
            self.log();
        }
    }
}

/// A client as patient as the slowest machine needs.
fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(120));
    client.build().expect("a client")
}

/// Somebody who is signed in at a server.
#[derive(Clone)]
pub(crate) struct Person {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Person {
    /// Signs in.
    pub(crate) async fn sign_in(server: &Server, phone: &str) -> Self {
        let http = client();
        let body = json!({"phone_number": phone, "password": PASSWORD}).to_string();
        let request = http.post(format!("{}/api/v1/users/sign-in", server.base));
        let request = request.header("content-type", "application/json");
        let answer = request.body(body).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let tokens: Value = answer.json().await.expect("JSON");
        Self {
            http,
            base: server.base.clone(),
            token: tokens["access_token"].as_str().expect("a token").to_owned(),
        }
    }

    /// The same person at another address, with connections of their own.
    pub(crate) fn at(&self, base: &str) -> Self {
        Self {
            http: client(),
            base: base.to_owned(),
            token: self.token.clone(),
        }
    }

    /// What they are signed in with.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// A request with their token; `path` stands under `/api/v1`.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.base));
        request.bearer_auth(&self.token)
    }

    /// Reads something as text.
    pub(crate) async fn get(&self, path: &str) -> String {
        let answer = self.request(Method::GET, path).send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.expect("a whole answer")
    }

    /// Every product on a list, page by page.
    pub(crate) async fn products(&self, query: &str) -> Vec<Value> {
        let mut products = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/products?limit=100{query}{cursor}");
            let page = self.get(&path).await;
            let page: Value = serde_json::from_str(&page).expect("JSON");
            products.extend(page["items"].as_array().expect("items").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return products,
            }
        }
    }
}
