//! `make bench`: what a request costs, beside what actix answers for a constant; how lists and
//! searches fare from ten thousand products to a million; what signing in costs.
//!
//! Environment: `BENCH_SIZES` (default `10000,100000,1000000`), `BENCH_SECONDS` a scenario (5),
//! `BENCH_DATABASE_URL` (default: an SQLite file made for it; a server's database is left as it
//! is found but for the bench's own account).

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use bench::client::{self, Connection, Load, Request};
use bench::data;
use bench::process::{Server, processor_time};
use domain::product::ProductRepository;
use domain::user::{Identifier, PhoneNumber, UserRepository};
use domain::{Clock, IdGenerator, SystemClock};
use repository::product::SeaProducts;
use repository::user::SeaUsers;
use repository::{Database, DatabaseOptions};
use service::user::{HashSettings, PasswordHasher};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const CONNECTIONS: usize = 16;
const PHONE: &str = "010-9999-0001";
const PASSWORD: &str = "a password for benches";
/// What the constant is compared with: a product as the API answers it.
const CONSTANT: &str = r#"{"product_id":"249768104345731072","category":"라떼","name":"부드러운 슈크림 라떼 100","description":null,"price":4500,"cost":1200,"barcode":null,"expiration_date":"2027-01-01","size":"small","created_at":"2026-11-21T05:29:16.543846Z","updated_at":"2026-11-21T05:29:16.543846Z"}"#;

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    if let Some(port) = setting("BENCH_CONSTANT_PORT") {
        return Ok(runtime.block_on(constant(port.parse()?))?);
    }
    runtime.block_on(run())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench is set from its own environment"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What actix does when there is nothing to do.
async fn constant(port: u16) -> std::io::Result<()> {
    let answer = || async {
        HttpResponse::Ok()
            .content_type("application/json")
            .body(CONSTANT)
    };
    HttpServer::new(move || App::new().default_service(web::to(answer)))
        .workers(2)
        .bind(("127.0.0.1", port))?
        .run()
        .await
}

struct Bench {
    seconds: Duration,
    baseline: Option<f64>,
}

impl Bench {
    /// Warms up, measures, prints a line; answers the processor time of a request in µs.
    async fn measure(&mut self, name: &str, server: &Server, request: &Request) -> Outcome<f64> {
        client::run(server.address, request, CONNECTIONS, Duration::from_secs(1)).await?;
        let before = server.processor_time()?;
        let load: Load = client::run(server.address, request, CONNECTIONS, self.seconds).await?;
        let spent = server.processor_time()? - before;
        let cost = spent.as_secs_f64() * 1e6 / load.requests as f64;
        let baseline = *self.baseline.get_or_insert(cost);
        println!(
            "| {name} | {:.0} | {:.2} | {:.2} | {cost:.1} | {:.0} % | {} | {} |",
            load.rate(),
            load.percentile(0.5).as_secs_f64() * 1e3,
            load.percentile(0.99).as_secs_f64() * 1e3,
            baseline / cost * 100.0,
            load.failures,
            server.resident()? >> 20,
        );
        Ok(cost)
    }
}

async fn run() -> Outcome<()> {
    let sizes = setting("BENCH_SIZES").unwrap_or_else(|| "10000,100000,1000000".into());
    let sizes: Vec<u64> = sizes
        .split(',')
        .map(|size| size.trim().parse())
        .collect::<Result<_, _>>()?;
    let seconds = setting("BENCH_SECONDS").map_or(Ok(5), |text| text.parse())?;
    let mut bench = Bench {
        seconds: Duration::from_secs(seconds),
        baseline: None,
    };

    println!(
        "| request | req/s | p50 ms | p99 ms | server CPU µs | constant / it | failures | MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let itself = std::env::current_exe()?;
    let constant = Server::start(&itself, &[], "BENCH_CONSTANT_PORT", &[]).await?;
    bench
        .measure(
            "a constant, actix alone",
            &constant,
            &Request::get("/", None),
        )
        .await?;
    constant.stop().await?;

    let folder = tempfile::tempdir()?;
    let file = format!("sqlite://{}", folder.path().join("bench.db").display());
    let url = setting("BENCH_DATABASE_URL").unwrap_or(file);
    let folder = folder.path().display().to_string();
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("ENSEMBLE__STORAGE__DATA_DIR", folder.as_str()),
        ("ENSEMBLE__METRICS__PORT", "0"),
        ("ENSEMBLE__LIMITS__ENABLED", "false"),
        ("ENSEMBLE__LOG__LEVEL", "warn"),
    ];
    let mut loaded = 0;
    for size in sizes {
        let server = Server::start(&program(), &[], "ENSEMBLE__SERVER__PORT", &environment).await?;
        let token = sign_in(&server).await?;
        let begin = Instant::now();
        load(&url, loaded, size).await?;
        if size > loaded {
            eprintln!(
                "{} products loaded in {:.0} s",
                size - loaded,
                begin.elapsed().as_secs_f64()
            );
        }
        loaded = size;
        if bench.seconds.is_zero() {
            continue;
        }
        let token = Some(token.as_str());
        if size == 10_000 {
            bench
                .measure("GET /health", &server, &Request::get("/health", None))
                .await?;
            signing_in(&mut bench, &server).await?;
        }
        let id = size / 2;
        let scenarios = [
            ("one product", format!("/api/v1/products/{id}")),
            ("page of 10", "/api/v1/products".into()),
            ("page of 10 by name", "/api/v1/products?sort=name".into()),
            (
                "search ㅅㅋㄹ",
                format!("/api/v1/products?q={}", encode("ㅅㅋㄹ")),
            ),
            (
                "search ㅅㅋㄹㄹㄸ",
                format!("/api/v1/products?q={}", encode("ㅅㅋㄹㄹㄸ")),
            ),
            (
                "search 슈크리",
                format!("/api/v1/products?q={}", encode("슈크리")),
            ),
            (
                "search 제주 말차 스콘",
                format!("/api/v1/products?q={}", encode("제주 말차 스콘")),
            ),
            (
                "search without a hit",
                format!("/api/v1/products?q={}", encode("뷁똠")),
            ),
        ];
        for (name, path) in scenarios {
            let name = format!("{name}, {size}");
            bench
                .measure(&name, &server, &Request::get(&path, token))
                .await?;
        }
        server.stop().await?;
    }
    Ok(())
}

/// The release build of the program, which stands beside the benches.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.ancestors()
        .nth(2)
        .map(|folder| folder.join("ensemble"))
        .unwrap_or_default()
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn sign_in(server: &Server) -> Outcome<String> {
    let body = serde_json::json!({"phone_number": PHONE, "password": PASSWORD}).to_string();
    let mut connection = Connection::open(server.address).await?;
    connection
        .ask(&Request::post("/api/v1/users/sign-up", None, &body))
        .await?;
    let (_, answer) = connection
        .ask(&Request::post("/api/v1/users/sign-in", None, &body))
        .await?;
    let answer: serde_json::Value = serde_json::from_slice(&answer)?;
    answer["access_token"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| "no token".into())
}

/// Puts products `from..to` on the shelf of the bench's account.
async fn load(url: &str, from: u64, to: u64) -> Outcome<()> {
    let database = Database::connect(&DatabaseOptions::new(url)).await?;
    let users = SeaUsers::new(database.clone());
    let phone = Identifier::Phone(PhoneNumber::parse(PHONE).map_err(|error| error.to_string())?);
    let owner = users
        .find_by_identifier(&phone)
        .await?
        .ok_or("no account")?
        .user
        .id;
    let products: Arc<dyn ProductRepository> = Arc::new(SeaProducts::new(database.clone()));
    let now = SystemClock.now();
    let ids = IdGenerator::new(1, Arc::new(SystemClock));
    let import = ids.next();
    let numbers: Vec<u64> = (from..to).collect();
    for batch in numbers.chunks(5_000) {
        let batch: Result<Vec<_>, _> = batch
            .iter()
            .map(|n| data::product(*n, owner, now))
            .collect();
        products.stage(import, &batch?).await?;
    }
    products.publish(import).await?;
    Ok(database.close().await?)
}

/// What signing in costs, and how much of it is the hash.
async fn signing_in(bench: &mut Bench, server: &Server) -> Outcome<()> {
    let hasher = PasswordHasher::new(HashSettings::recommended(2, Duration::from_secs(60)));
    let place = hasher.place().await.map_err(|_| "no place")?;
    let rounds = 100;
    let before = processor_time(std::process::id())?;
    for _ in 0..rounds {
        place.hash(&PASSWORD.into()).await.map_err(|_| "no hash")?;
    }
    let spent = processor_time(std::process::id())? - before;
    let hash = spent.as_secs_f64() * 1e3 / f64::from(rounds);
    let body = serde_json::json!({"phone_number": PHONE, "password": PASSWORD}).to_string();
    let request = Request::post("/api/v1/users/sign-in", None, &body);
    let cost = bench.measure("sign-in", server, &request).await? / 1e3;
    println!(
        "| of which the hash: {hash:.2} ms of {cost:.2} ms CPU, the rest {:.2} ms | | | | | | | |",
        cost - hash
    );
    Ok(())
}
