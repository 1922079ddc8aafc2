//! Messages that were accepted, while the program is killed again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_database::on_every_engine;

use crate::crash::{ask, connect};
use crate::home::Home;
use crate::process::{Person, Server};

on_every_engine! {
    test_database::run;
    every_accepted_message_arrives_though_the_program_is_killed_ten_times,
}

const KILLS: usize = 10;
const REQUESTS: usize = 10;
const RECIPIENTS: usize = 10;
/// Messages that may be between sent and noted when the program dies: as many as a worker sends at
/// a time.
const IN_HAND: usize = 8;
const PHONE: &str = "010-1234-5678";

/// What arrived: Message-IDs by recipient.
type Arrived = Arc<Mutex<BTreeMap<String, Vec<String>>>>;

/// Starts a mail server, whose threads end with the tests.
fn mail_server() -> (SocketAddr, Arrived) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let arrived = Arrived::default();
    let kept = arrived.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = kept.clone();
            // A client that dies hangs up in the middle.
            std::thread::spawn(move || take(stream, &kept).is_ok());
        }
    });
    (address, arrived)
}

fn take(stream: TcpStream, arrived: &Arrived) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut stream = stream;
    stream.write_all(b"220 sink\r\n")?;
    let mut to = String::new();
    while let Some(line) = lines.next() {
        let line = line?;
        let answer: &[u8] = match line.get(..4).unwrap_or_default() {
            "RCPT" => {
                let inner = line.split(['<', '>']).nth(1);
                inner.unwrap_or_default().clone_into(&mut to);
                b"250 ok\r\n"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let mut id = String::new();
                loop {
                    // Cut off in the middle it is no mail.
                    let Some(line) = lines.next().transpose()? else {
                        return Ok(());
                    };
                    if line == "." {
                        break;
                    }
                    if let Some(found) = line.strip_prefix("Message-ID: ") {
                        found.clone_into(&mut id);
                    }
                }
                arrived.lock().entry(to.clone()).or_default().push(id);
                b"250 kept\r\n"
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n"),
            _ => b"250 ok\r\n",
        };
        stream.write_all(answer)?;
    }
    Ok(())
}

/// Sends mails to these; whether they were accepted.
async fn send(base: &str, key: &(String, String), nonce: usize, to: &[String]) -> bool {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.expect("a clock").as_secs();
    let query = format!("key={}&timestamp={now}&nonce={nonce}", key.0);
    let secret = hmac::Key::new(hmac::HMAC_SHA256, key.1.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&secret, query.as_bytes()));
    let body = json!({"email_to": to, "subject": "소식", "text": "안녕하세요"});
    let url = format!("{base}/api/v1/services/email/send_by_gmail?{query}");
    let request = reqwest::Client::new().post(url).header("secret", signature);
    let request = request.header("content-type", "application/json");
    let Ok(answer) = request.body(body.to_string()).send().await else {
        return false;
    };
    assert_eq!(answer.status(), StatusCode::OK);
    // An answer that was cut off was none.
    answer.bytes().await.is_ok()
}

async fn make_key(server: &Server) -> (String, String) {
    let person = Person::sign_in(server, PHONE).await;
    let made = person.request(Method::POST, "/users/apikeys").send().await;
    let made = made.expect("an answer").bytes().await.expect("a key");
    let made: Value = serde_json::from_slice(&made).expect("JSON");
    let member = |name: &str| made[name].as_str().expect("a text").to_owned();
    (member("access_key"), member("secret_key"))
}

async fn every_accepted_message_arrives_though_the_program_is_killed_ten_times(
    database_url: String,
) {
    let (mail, arrived) = mail_server();
    let home = Home::new()
        .with("DATABASE_URL", &database_url)
        .with("MAIL_ADDRESS", "no-reply@shop.example")
        .with("ENSEMBLE__MAIL__GMAIL__HOST", "127.0.0.1")
        .with("ENSEMBLE__MAIL__GMAIL__PORT", &mail.port().to_string())
        .with("ENSEMBLE__MAIL__GMAIL__TLS", "none")
        .with("ENSEMBLE__OUTBOX__GMAIL_PER_SECOND", "10000")
        .with("ENSEMBLE__OUTBOX__RETRY_BASE_SECONDS", "0.02")
        .with("ENSEMBLE__OUTBOX__MAX_ATTEMPTS", "100")
        .with("ENSEMBLE__OUTBOX__TIMEOUT_SECONDS", "1");
    home.user(PHONE);
    let mut server = Server::start(&home);
    let key = Arc::new(make_key(&server).await);
    let mut accepted = BTreeSet::new();
    let mut nonce = 0;
    for kill in 0..KILLS {
        let base: Arc<str> = server.base().into();
        for request in 0..=REQUESTS {
            nonce += 1;
            let to: Vec<String> = (0..RECIPIENTS)
                .map(|number| format!("r{number}-{request}-{kill}@example.com"))
                .collect();
            if request < REQUESTS {
                assert!(send(&base, &key, nonce, &to).await);
                accepted.extend(to);
                continue;
            }
            // The program dies while this one is on its way: either is right.
            let (base, key, sent) = (base.clone(), key.clone(), to.clone());
            let sending = tokio::spawn(async move { send(&base, &key, nonce, &sent).await });
            tokio::task::yield_now().await;
            server.kill();
            if sending.await.expect("an end") {
                accepted.extend(to);
            }
            server = Server::start(&home);
        }
    }
    assert!(accepted.len() >= KILLS * REQUESTS * RECIPIENTS);
    all_are_settled(&database_url).await;
    server.terminate();
    assert_eq!(server.wait().0.code(), Some(0));

    let arrived = arrived.lock();
    let missing: Vec<&String> = accepted
        .iter()
        .filter(|to| !arrived.contains_key(*to))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    let repeated: usize = arrived.values().map(|ids| ids.len() - 1).sum();
    eprintln!("{} accepted, {repeated} came twice", accepted.len());
    assert!(repeated <= KILLS * IN_HAND, "{repeated}");
    for ids in arrived.values() {
        let different: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(
            different.len(),
            1,
            "the same message has the same id: {ids:?}"
        );
    }
    let told = home.run(["outbox", "list"]).succeeded();
    assert!(
        !told.contains("dead") && !told.contains("waiting"),
        "{told}"
    );
}

/// Waits until nothing waits any more: what was in hand when the program died comes again when its
/// lease ends.
async fn all_are_settled(database_url: &str) {
    let database = connect(database_url).await;
    let all = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(50));
        loop {
            rounds.tick().await;
            let waiting = "SELECT COUNT(*) FROM outbox WHERE status = 0";
            if ask::<i64>(&database, waiting).await == 0 {
                return;
            }
        }
    };
    let all = tokio::time::timeout(Duration::from_secs(120), all).await;
    all.expect("every accepted message is settled");
    database.close().await.expect("it closes");
}
