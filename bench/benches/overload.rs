//! `make bench-overload`: what is left of the goodput at four times the capacity,
//! and what reads notice of a storm of sign-ins or of pictures.
//!
//! The crowd has one core and the server another (by `taskset` of util-linux): what it costs to ask four times
//! too often must not be taken for what it costs to answer. The storms have the whole machine.
//!
//! Environment: `BENCH_SECONDS` a scenario (8), `BENCH_PRODUCTS` on the shelf (10,000).

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bench::Outcome;
use bench::client::{self, Connection, Request, Requests};
use bench::paced;
use bench::process::Server;
use bench::settings::{number, program};
use serde_json::{Value, json};
use tokio::process::Command;

/// Connections that keep the server busy and no busier.
const CONNECTIONS: usize = 16;
/// Clients of whom each waits for its answer: many more than are answered at a time.
const CROWD: u32 = 1_500;
/// Who is answered later has gone.
const PATIENCE: Duration = Duration::from_secs(1);
/// Reads a second beside a storm, and connections they take turns on.
const READS: (u32, u32) = (200, 16);
/// Clients of a storm.
const STORM: usize = 200;

/// Who reads, and who signs in again and again, which ends older sessions.
const READER: &str = r#"{"phone_number":"01012345678","password":"correct horse battery"}"#;
const COMER: &str = r#"{"phone_number":"01012345679","password":"correct horse battery"}"#;

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(run())
}

async fn run() -> Outcome<()> {
    let seconds = Duration::from_secs(number("BENCH_SECONDS", 8)?);
    let products = number("BENCH_PRODUCTS", 10_000)?;
    let cores = std::thread::available_parallelism()?.get();
    if cores > 1 {
        stay_on("1").await?;
    }
    crowds(products, seconds).await?;
    stay_on(&format!("0-{}", cores - 1)).await?;
    storms(products, seconds).await
}

/// Keeps this process on these cores, and what it starts from now on.
async fn stay_on(cores: &str) -> Outcome<()> {
    let itself = std::process::id().to_string();
    let mut taskset = Command::new("taskset");
    taskset.args(["--all-tasks", "--pid", "--cpu-list", cores, &itself]);
    match taskset.stdout(Stdio::null()).status().await?.success() {
        true => Ok(()),
        false => Err("taskset refused".into()),
    }
}

/// A server with products in it, and the token of who reads them.
async fn start(
    program: &Path,
    arguments: &[&str],
    place: &Path,
    products: u32,
) -> Outcome<(Server, String)> {
    let place = place.display().to_string();
    let environment = [
        ("ENSEMBLE__STORAGE__DATA_DIR", place.as_str()),
        ("ENSEMBLE__METRICS__PORT", "0"),
        // Everybody here is one client, and asks as often as it can.
        ("ENSEMBLE__LIMITS__ENABLED", "false"),
        ("ENSEMBLE__LOG__LEVEL", "warn"),
    ];
    let port = "ENSEMBLE__SERVER__PORT";
    let server = Server::start(program, arguments, port, &environment).await?;
    let token = sign_in(&server, READER).await?;
    fill(&server, &token, products).await?;
    Ok((server, token))
}

fn page(token: &str) -> Request {
    Request::get("/api/v1/products?limit=10", Some(token))
}

fn product(token: &str) -> Request {
    let body = json!({"category": "음료", "name": "슈크림 라떼", "price": 4500, "cost": 1200, "size": "small"});
    Request::post("/api/v1/products", Some(token), &body.to_string())
}

/// The server on one core, and clients that ask too often on another.
async fn crowds(products: u32, seconds: Duration) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let program = program().display().to_string();
    let pinned = ["--cpu-list", "0", program.as_str()];
    let (server, token) = start(Path::new("taskset"), &pinned, folder.path(), products).await?;
    let kinds = [
        ("pages of 10 products", page(&token)),
        ("products made", product(&token)),
    ];
    for (name, request) in kinds {
        let requests: Requests = request.clone().into();
        let warm = client::run(server.address, &requests, CONNECTIONS, seconds / 4).await?;
        let (before, full) = (
            server.processor_time()?,
            client::run(server.address, &requests, CONNECTIONS, seconds).await?,
        );
        let each = (server.processor_time()? - before).as_secs_f64() / full.requests as f64;
        let capacity = full.rate();
        println!(
            "\n{name}, {CONNECTIONS} connections: {capacity:.0} a second ({:.0} while warming up, \
             {} failures), {:.0} µs CPU each\n",
            warm.rate(),
            full.failures,
            each * 1e6
        );
        println!("| offered | a second | good | turned away | late | given up | p99 of good, ms |");
        println!("|---|---|---|---|---|---|---|");
        for times in [1, 2, 4, 8] {
            let rate = capacity * f64::from(times);
            let crowd = crowd(server.address, &request, rate, seconds).await?;
            println!("| {times}x | {rate:.0} | {} |", crowd.row(seconds));
        }
    }
    Ok(server.stop().await?)
}

/// What reads notice of storms, on all cores.
async fn storms(products: u32, seconds: Duration) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let (server, token) = start(&program(), &[], folder.path(), products).await?;
    sign_in(&server, COMER).await?;
    let requests: Requests = page(&token).into();
    println!(
        "\n| reads beside | p50 ms | p99 ms | failures | storm: answered a second | refused |"
    );
    println!("|---|---|---|---|---|---|");
    let storms = [
        ("nothing", None),
        (
            "sign-ins",
            Some(Request::post("/api/v1/users/sign-in", None, COMER)),
        ),
        ("portraits drawn", Some(portrait())),
    ];
    for (name, storm) in storms {
        let row = beside(server.address, &requests, storm, seconds).await?;
        println!("| {name} | {row} |");
    }
    println!("\nresident: {} MiB", server.resident()? >> 20);
    Ok(server.stop().await?)
}

async fn sign_in(server: &Server, person: &str) -> Outcome<String> {
    let mut connection = Connection::open(server.address).await?;
    for path in ["/api/v1/users/sign-up", "/api/v1/users/sign-in"] {
        let (_, answer) = connection.ask(&Request::post(path, None, person)).await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        if let Some(token) = answer["access_token"].as_str() {
            return Ok(token.to_owned());
        }
    }
    Err("nobody was let in".into())
}

async fn fill(server: &Server, token: &str, products: u32) -> Outcome<()> {
    let mut file = String::from("category,name,price,cost,size\n");
    for number in 0..products {
        writeln!(file, "음료,슈크림 라떼 {number},4500,1200,small")?;
    }
    let import = Request::file("/api/v1/products/import", Some(token), "text/csv", &file);
    let mut connection = Connection::open(server.address).await?;
    match connection.ask(&import).await? {
        (200 | 201, _) => Ok(()),
        (status, answer) => Err(format!("{status} {}", String::from_utf8_lossy(&answer)).into()),
    }
}

fn portrait() -> Request {
    let body = json!({"name": "슈크림", "gender": "여성", "options": []});
    Request::post("/api/images", None, &body.to_string())
}

/// What became of the requests of a crowd.
#[derive(Default)]
struct Crowd {
    turned_away: u64,
    late: u64,
    given_up: u64,
    good: Vec<Duration>,
}

impl Crowd {
    fn row(mut self, seconds: Duration) -> String {
        self.good.sort_unstable();
        let at = self.good.len().saturating_sub(1) * 99 / 100;
        let p99 = self.good.get(at).copied().unwrap_or_default();
        let a_second = |count: u64| count as f64 / seconds.as_secs_f64();
        format!(
            "{:.0} | {:.0} | {:.0} | {:.0} | {:.1}",
            a_second(self.good.len() as u64),
            a_second(self.turned_away),
            a_second(self.late),
            a_second(self.given_up),
            p99.as_secs_f64() * 1e3
        )
    }
}

/// Offers so many requests a second. Each is due at its time, whether or not the server keeps up,
/// and its latency counts from then; whoever would begin after its patience gives up.
async fn crowd(
    address: SocketAddr,
    request: &Request,
    rate: f64,
    duration: Duration,
) -> Outcome<Crowd> {
    let every = Duration::from_secs_f64(1.0 / rate);
    let turn = Arc::new(AtomicU32::new(0));
    let begin = Instant::now();
    let clients: Vec<_> = (0..CROWD)
        .map(|_| {
            let (turn, request) = (turn.clone(), request.clone());
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await?;
                let mut crowd = Crowd::default();
                loop {
                    let offset = every * turn.fetch_add(1, Ordering::Relaxed);
                    if offset > duration {
                        return io::Result::Ok(crowd);
                    }
                    let due = begin + offset;
                    tokio::time::sleep_until(due.into()).await;
                    if due.elapsed() > PATIENCE {
                        crowd.given_up += 1;
                        continue;
                    }
                    let (status, _) = connection.ask(&request).await?;
                    let took = due.elapsed();
                    match status {
                        200 | 201 if took <= PATIENCE => crowd.good.push(took),
                        200 | 201 => crowd.late += 1,
                        _ => crowd.turned_away += 1,
                    }
                }
            })
        })
        .collect();
    let mut all = Crowd::default();
    for client in clients {
        let own = client.await??;
        all.turned_away += own.turned_away;
        all.late += own.late;
        all.given_up += own.given_up;
        all.good.extend(own.good);
    }
    Ok(all)
}

/// Reads at a steady rate while a storm goes on: how the reads fared, and the storm.
async fn beside(
    address: SocketAddr,
    reads: &Requests,
    storm: Option<Request>,
    duration: Duration,
) -> Outcome<String> {
    let over = Arc::new(AtomicBool::new(false));
    let counts = Arc::new([AtomicU64::new(0), AtomicU64::new(0)]);
    let storming: Vec<_> = storm
        .into_iter()
        .flat_map(|request| std::iter::repeat_n(request, STORM))
        .map(|request| {
            let (over, counts) = (over.clone(), counts.clone());
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await?;
                while !over.load(Ordering::Relaxed) {
                    let (status, _) = connection.ask(&request).await?;
                    let is_done = (200..300).contains(&status);
                    counts[usize::from(!is_done)].fetch_add(1, Ordering::Relaxed);
                    if !is_done {
                        // As a client that was told to come back later, though not as late as that.
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                }
                io::Result::Ok(())
            })
        })
        .collect();
    let load = paced::run(address, reads, READS.0, READS.1, duration).await?;
    over.store(true, Ordering::Relaxed);
    for client in storming {
        client.await??;
    }
    let a_second = |at: usize| {
        let count = counts[at].load(Ordering::Relaxed);
        count as f64 / load.elapsed.as_secs_f64()
    };
    let milliseconds = |share| load.percentile(share).as_secs_f64() * 1e3;
    Ok(format!(
        "{:.1} | {:.1} | {} | {:.0} | {:.0}",
        milliseconds(0.5),
        milliseconds(0.99),
        load.failures,
        a_second(0),
        a_second(1)
    ))
}
