//! `make bench-outbox`: messages accepted within requests, and delivered to a mail server beside it.
//!
//! Environment: `BENCH_REQUESTS` of each kind (200).

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bench::Outcome;
use bench::client::{Connection, Request};
use bench::process::Server;
use bench::settings::{number, program};
use serde_json::{Value, json};

/// How often memory is looked at while the queue drains.
const TENTHS: usize = 10;
const PATH: &str = "/api/v1/services/email/send_by_gmail";

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(run())
}

/// Takes every mail and keeps none; how many it took.
fn mail_server() -> io::Result<(u16, Arc<AtomicUsize>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let count = count.clone();
            std::thread::spawn(move || take(stream, &count).is_ok());
        }
    });
    Ok((port, taken))
}

fn take(mut stream: TcpStream, taken: &AtomicUsize) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"220 sink\r\n")?;
    while let Some(line) = lines.next() {
        match line?.get(..4).unwrap_or_default() {
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                for line in lines.by_ref() {
                    if line? == "." {
                        break;
                    }
                }
                taken.fetch_add(1, Ordering::Relaxed);
                stream.write_all(b"250 kept\r\n")?;
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n"),
            _ => stream.write_all(b"250 ok\r\n")?,
        }
    }
    Ok(())
}

/// A signed request for mails to so many.
fn order(key: &(String, String), nonce: usize, recipients: usize) -> Outcome<Request> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let query = format!("key={}&timestamp={now}&nonce={nonce}", key.0);
    let secret = hmac::Key::new(hmac::HMAC_SHA256, key.1.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&secret, query.as_bytes()));
    let to: Vec<String> = (0..recipients)
        .map(|number| format!("r{number}-{nonce}@example.com"))
        .collect();
    let body =
        json!({"email_to": to, "subject": "{{name}}님, 신상품", "text": "새 코트가 나왔습니다."});
    let request = Request::post(&format!("{PATH}?{query}"), None, &body.to_string());
    Ok(request.with_header("secret", &signature))
}

async fn key(server: &Server) -> Outcome<(String, String)> {
    let mut connection = Connection::open(server.address).await?;
    let person = json!({"phone_number": "01012345678", "password": "correct horse battery"});
    let person = person.to_string();
    let mut token = None;
    for path in ["/api/v1/users/sign-up", "/api/v1/users/sign-in"] {
        let (_, answer) = connection.ask(&Request::post(path, None, &person)).await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        token = answer["access_token"].as_str().map(str::to_owned).or(token);
    }
    let request = Request::post("/api/v1/users/apikeys", token.as_deref(), "{}");
    let (_, made) = connection.ask(&request).await?;
    let made: Value = serde_json::from_slice(&made)?;
    let member = |name: &str| made[name].as_str().map(str::to_owned).ok_or("no key");
    Ok((member("access_key")?, member("secret_key")?))
}

async fn run() -> Outcome<()> {
    let requests: usize = number("BENCH_REQUESTS", 200)?;
    let (port, taken) = mail_server()?;
    let folder = tempfile::tempdir()?;
    let (place, port) = (folder.path().display().to_string(), port.to_string());
    let environment = [
        ("ENSEMBLE__STORAGE__DATA_DIR", place.as_str()),
        ("ENSEMBLE__METRICS__PORT", "0"),
        ("ENSEMBLE__LIMITS__ENABLED", "false"),
        ("ENSEMBLE__LOG__LEVEL", "warn"),
        ("MAIL_ADDRESS", "no-reply@shop.example"),
        ("ENSEMBLE__MAIL__GMAIL__HOST", "127.0.0.1"),
        ("ENSEMBLE__MAIL__GMAIL__PORT", &port),
        ("ENSEMBLE__MAIL__GMAIL__TLS", "none"),
        ("ENSEMBLE__OUTBOX__GMAIL_PER_SECOND", "100000"),
    ];
    let server = Server::start(&program(), &[], "ENSEMBLE__SERVER__PORT", &environment).await?;
    let key = key(&server).await?;
    let mut connection = Connection::open(server.address).await?;
    println!("| what | messages/s | server CPU ms a message |");
    println!("|---|---|---|");
    let (mut nonce, mut accepted) = (0, 0);
    for recipients in [1, 100] {
        let (before, begin) = (server.processor_time()?, Instant::now());
        for _ in 0..requests {
            nonce += 1;
            let (status, _) = connection.ask(&order(&key, nonce, recipients)?).await?;
            if status != 200 {
                return Err(format!("answered {status}").into());
            }
        }
        let messages = requests * recipients;
        accepted += messages;
        let name = format!("accepted, {recipients} a request, while others are delivered");
        tell(
            &name,
            messages,
            begin.elapsed(),
            server.processor_time()? - before,
        );
    }
    let (already, before, begin) = (
        taken.load(Ordering::Relaxed),
        server.processor_time()?,
        Instant::now(),
    );
    let mut resident = Vec::new();
    loop {
        let delivered = taken.load(Ordering::Relaxed);
        if delivered * TENTHS >= accepted * resident.len() {
            resident.push(format!("{}", server.resident()? >> 20));
        }
        if delivered >= accepted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let spent = server.processor_time()? - before;
    tell("delivered", accepted - already, begin.elapsed(), spent);
    println!(
        "\nresident after each tenth of {accepted}: {} MiB",
        resident.join(", ")
    );
    Ok(())
}

fn tell(name: &str, messages: usize, elapsed: Duration, spent: Duration) {
    let count = messages.max(1) as f64;
    println!(
        "| {name} | {:.0} | {:.3} |",
        count / elapsed.as_secs_f64(),
        spent.as_secs_f64() * 1e3 / count,
    );
}
