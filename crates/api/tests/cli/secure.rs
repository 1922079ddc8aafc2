//! TLS of the server's own: both versions of HTTP, sockets, renewal, stopping.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt, stream};
use rcgen::generate_simple_self_signed;
use reqwest::{Body, Certificate, Client, ClientBuilder, StatusCode, Version};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::Message;

use crate::home::Home;

const PATIENCE: Duration = Duration::from_secs(30);

/// A certificate that was made for a test, and its key.
struct Pair {
    certificate: String,
    key: String,
}

impl Pair {
    fn new() -> Self {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = generate_simple_self_signed(names).expect("a certificate");
        Self {
            certificate: made.cert.pem(),
            key: made.signing_key.serialize_pem(),
        }
    }

    fn put(&self, home: &Home) {
        home.write("tls.crt", &self.certificate);
        home.write("tls.key", &self.key);
    }

    fn der(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(self.certificate.as_bytes()).expect("a certificate")
    }

    /// An HTTP client that trusts this certificate and no other.
    fn client(&self, build: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        let known = Certificate::from_pem(self.certificate.as_bytes()).expect("a certificate");
        let builder = Client::builder().tls_certs_only([known]);
        build(builder).build().expect("a client")
    }
}

fn home(pair: &Pair) -> Home {
    let home = Home::new()
        .with("ENSEMBLE__SERVER__TLS_CERTIFICATE_FILE", "tls.crt")
        .with("ENSEMBLE__SERVER__TLS_KEY_FILE", "tls.key");
    pair.put(&home);
    home
}

/// A server whose log is read while it runs. It is killed when this is dropped.
struct Watched {
    child: Child,
    lines: Receiver<String>,
    told: String,
    port: String,
}

impl Watched {
    fn start(home: &Home) -> Self {
        let mut child = home.command([""; 0]).spawn().expect("the program");
        let log = BufReader::new(child.stderr.take().expect("its log"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            log.lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        let mut server = Self {
            child,
            lines,
            told: String::new(),
            port: String::new(),
        };
        let ready = server.until("Ensemble is ready");
        let (_, base) = ready
            .split_once("https://127.0.0.1:")
            .expect("an address over TLS");
        server.port = base.chars().take_while(char::is_ascii_digit).collect();
        server
    }

    /// Waits until it has told this; the line.
    #[track_caller]
    fn until(&mut self, words: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).ok();
            assert!(line.is_some(), "{words} was not told:\n{}", self.told);
            let line = line.unwrap_or_default();
            self.told.push_str(&line);
            self.told.push('\n');
            if line.contains(words) {
                return line;
            }
        }
    }

    fn url(&self, path: &str) -> String {
        format!("https://127.0.0.1:{}{path}", self.port)
    }

    fn signal(&self, name: &str) {
        let words = format!("kill -{name} \"$0\"");
        let asked = Command::new("sh")
            .args(["-c", &words, &self.child.id().to_string()])
            .status();
        assert!(asked.is_ok_and(|status| status.success()));
    }

    fn ends_well(mut self) {
        let status = self.child.wait().expect("its end");
        self.told.extend(self.lines.iter());
        assert_eq!(status.code(), Some(0), "{}", self.told);
        assert!(self.told.contains("stopped"), "{}", self.told);
    }

    /// Connects over TLS, trusting these.
    async fn connect(&self, known: &[&Pair]) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        for pair in known {
            roots.add(pair.der()).expect("a root");
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let place = format!("127.0.0.1:{}", self.port);
        let stream = TcpStream::connect(place).await.expect("a connection");
        let name = ServerName::try_from("localhost").expect("a name");
        let connector = TlsConnector::from(Arc::new(config));
        connector.connect(name, stream).await.expect("a handshake")
    }

    /// The certificate it shows.
    async fn shows(&self, known: &[&Pair]) -> CertificateDer<'static> {
        let stream = self.connect(known).await;
        let chain = stream.get_ref().1.peer_certificates().expect("a chain");
        chain[0].clone().into_owned()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // After a test that went well it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn both_versions_of_http_are_spoken_over_tls() {
    let pair = Pair::new();
    let home = home(&pair);
    let server = Watched::start(&home);
    for (client, version) in [
        (pair.client(|builder| builder), Version::HTTP_2),
        (pair.client(ClientBuilder::http1_only), Version::HTTP_11),
    ] {
        let answer = client
            .get(server.url("/health"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(
            (answer.status(), answer.version()),
            (StatusCode::OK, version)
        );
        let header = |name: &str| {
            answer
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        assert_eq!(
            header("strict-transport-security"),
            Some("max-age=31536000")
        );
        assert_eq!(header("x-content-type-options"), Some("nosniff"));
    }
    // Who does not trust the certificate is not served.
    let stranger = Pair::new().client(|builder| builder);
    assert!(stranger.get(server.url("/health")).send().await.is_err());
    let plain = server.url("/health").replace("https", "http");
    assert!(Client::new().get(plain).send().await.is_err());
    let mut health = home.command(["health"]);
    let health = health.env("ENSEMBLE__SERVER__PORT", &server.port).output();
    let health = health.expect("the program");
    assert!(health.status.success(), "{health:?}");
    server.signal("TERM");
    server.ends_well();
}

#[tokio::test]
async fn a_socket_opens_over_tls() {
    let pair = Pair::new();
    let server = Watched::start(&home(&pair));
    let stream = server.connect(&[&pair]).await;
    let url = server.url("/ws").replace("https", "wss");
    let opened = tokio_tungstenite::client_async(url, stream).await;
    let (mut socket, answer) = opened.expect("a socket");
    assert_eq!(answer.status().as_u16(), 101);
    socket
        .send(Message::Ping(Bytes::from_static(b"there?")))
        .await
        .expect("sent");
    let heard = tokio::time::timeout(PATIENCE, socket.next()).await;
    let heard = heard.expect("in time").expect("a frame").expect("a frame");
    assert_eq!(heard, Message::Pong(Bytes::from_static(b"there?")));
    // It is told that the server stops, and holds nothing up.
    server.signal("TERM");
    let goodbye = tokio::time::timeout(PATIENCE, socket.next()).await;
    let goodbye = goodbye.expect("in time").expect("a frame");
    let goodbye = goodbye.expect("a frame").into_text().expect("a text");
    assert!(goodbye.contains("reconnect"), "{goodbye}");
    while let Some(Ok(_)) = socket.next().await {}
    server.ends_well();
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_without_a_restart() {
    let (first, second) = (Pair::new(), Pair::new());
    let home = home(&first);
    let mut server = Watched::start(&home);
    let both = [&first, &second];
    assert_eq!(server.shows(&both).await, first.der());
    home.write("tls.crt", &second.certificate);
    server.signal("HUP");
    server.until("cannot be used; the one before stays");
    assert_eq!(
        server.shows(&both).await,
        first.der(),
        "half a pair is none"
    );
    second.put(&home);
    server.signal("HUP");
    server.until("a renewed certificate was taken");
    assert_eq!(server.shows(&both).await, second.der());
    server.signal("TERM");
    server.ends_well();
}

#[test]
fn a_pair_that_does_not_belong_together_stops_the_start() {
    let (one, other) = (Pair::new(), Pair::new());
    let home = home(&one);
    home.write("tls.key", &other.key);
    home.run(["serve"])
        .failed(["tls.key", "does not belong to the certificate"]);
    assert!(!home.path("data/ensemble.db").exists(), "nothing was made");
    home.run(["doctor"])
        .failed(["PROBLEM  tls", "does not belong to the certificate"]);
    one.put(&home);
    let told = home.run(["doctor"]).succeeded();
    assert!(told.contains("ok       tls"), "{told}");
    home.write("tls.crt", "");
    home.run(["serve"]).failed(["tls.crt holds no certificate"]);
    std::fs::remove_file(home.path("tls.key")).expect("removed");
    home.run(["doctor"])
        .failed(["ENSEMBLE__SERVER__TLS_KEY_FILE: there is no file"]);
}

/// Blanks that are more than fit on the way, so that somebody has to be reading them when the last is taken; then that
/// is told, and the end of it, an empty object, waits until it may go.
fn slow(arrived: oneshot::Sender<()>, rest: oneshot::Receiver<()>) -> Body {
    const PIECE: &[u8] = &[b' '; 16 * 1024];
    let blanks = stream::iter((0..256).map(|_| Ok(Bytes::from_static(PIECE))));
    let end = stream::once(async move {
        let _ = arrived.send(());
        rest.await.map(|()| Bytes::from_static(b"{}"))
    });
    Body::wrap_stream(blanks.chain(end))
}

#[tokio::test]
async fn over_http_2_too_open_requests_finish_and_idle_connections_hold_nothing_up() {
    let pair = Pair::new();
    // Were idle connections waited for, so would this test: for ten minutes.
    let home = home(&pair)
        .with("ENSEMBLE__SERVER__SHUTDOWN_SECONDS", "600")
        .with("ENSEMBLE__LIMITS__REQUEST_SECONDS", "600")
        .with("ENSEMBLE__LIMITS__BODY_BYTES", "16777216");
    let mut server = Watched::start(&home);
    let idle = pair.client(|builder| builder);
    let answer = idle
        .get(server.url("/health"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.version(), Version::HTTP_2);

    let (arrived, arrives) = oneshot::channel();
    let (rest, body) = oneshot::channel();
    let request = pair
        .client(|builder| builder)
        .post(server.url("/api/v1/users/sign-in"));
    let request = request
        .header("content-type", "application/json")
        .body(slow(arrived, body));
    let asking = tokio::spawn(request.send());
    let arrives = tokio::time::timeout(PATIENCE, arrives).await;
    arrives.expect("in time").expect("the server reads");
    server.signal("TERM");
    server.until("finishing open requests");
    rest.send(()).expect("somebody reads");
    let answer = asking.await.expect("an end").expect("an answer");
    assert_eq!(
        (answer.status(), answer.version()),
        (StatusCode::UNPROCESSABLE_ENTITY, Version::HTTP_2)
    );
    server.ends_well();
    drop(idle);
}
