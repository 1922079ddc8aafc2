//! `make bench-lists`: what a request costs, beside what actix answers for a constant; how lists and
//! searches fare from ten thousand products to a million; what signing in costs.
//!
//! Environment: `BENCH_SIZES` (default `10000,100000,1000000`), `BENCH_SECONDS` a scenario (5),
//! `BENCH_DATABASE_URL` (default: an SQLite file made for it; a database that was given keeps the
//! bench's account and its products, and a later run adds to them).

use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use bench::Outcome;
use bench::client::{self, Connection, Load, Request, Requests};
use bench::database::Spent;
use bench::load;
use bench::process::{Server, processor_time};
use bench::settings::{number, numbers, program, setting};
use domain::user::{Identifier, PhoneNumber, UserId, UserRepository};
use repository::user::SeaUsers;
use repository::{Database, DatabaseOptions};
use service::user::{HashSettings, PasswordHasher};

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
    /// What each request cost in µs, server and database server together, at each size.
    costs: Vec<(&'static str, Vec<f64>)>,
}

impl Bench {
    /// Warms up, measures, prints a line; answers the processor time of a request in µs.
    async fn measure(
        &mut self,
        name: &str,
        server: &Server,
        database: Option<&str>,
        requests: impl Into<Requests>,
    ) -> Outcome<f64> {
        let requests = requests.into();
        let spent = async || match database {
            Some(database) => Spent::now(database).await,
            None => None,
        };
        client::run(
            server.address,
            &requests,
            CONNECTIONS,
            Duration::from_secs(1),
        )
        .await?;
        let (before, there_before) = (server.processor_time()?, spent().await);
        let load: Load = client::run(server.address, &requests, CONNECTIONS, self.seconds).await?;
        let (after, there_after) = (server.processor_time()?, spent().await);
        let each = |spent: Duration| spent.as_secs_f64() * 1e6 / load.requests as f64;
        let cost = each(after - before);
        let there = there_after
            .zip(there_before)
            .map(|(after, before)| each(after.since(&before)));
        let baseline = *self.baseline.get_or_insert(cost);
        println!(
            "| {name} | {:.0} | {:.2} | {:.2} | {cost:.1} | {} | {:.0} % | {} | {} |",
            load.rate(),
            load.percentile(0.5).as_secs_f64() * 1e3,
            load.percentile(0.99).as_secs_f64() * 1e3,
            there.map_or_else(String::new, |there| format!("{there:.1}")),
            baseline / cost * 100.0,
            load.failures,
            server.resident()? >> 20,
        );
        Ok(cost + there.unwrap_or_default())
    }

    /// Measures one of the requests whose cost should not depend on the size.
    async fn scale(
        &mut self,
        (name, requests): (&'static str, Requests),
        size: u64,
        server: &Server,
        database: &str,
    ) -> Outcome<()> {
        let line = format!("{name}, {size}");
        let cost = self
            .measure(&line, server, Some(database), requests)
            .await?;
        match self.costs.iter_mut().find(|(known, _)| *known == name) {
            Some((_, costs)) => costs.push(cost),
            None => self.costs.push((name, vec![cost])),
        }
        Ok(())
    }

    /// The last size beside the first.
    fn sum_up(&self, sizes: &[u64]) {
        let sizes: Vec<_> = sizes.iter().map(u64::to_string).collect();
        println!(
            "\n| CPU µs, database server included | {} | last / first |",
            sizes.join(" | ")
        );
        println!("|---|{}", "---|".repeat(sizes.len() + 1));
        for (name, costs) in &self.costs {
            let cells: Vec<_> = costs.iter().map(|cost| format!("{cost:.0}")).collect();
            let ratio = costs
                .last()
                .zip(costs.first())
                .map(|(last, first)| last / first);
            println!(
                "| {name} | {} | {:.2} |",
                cells.join(" | "),
                ratio.unwrap_or(1.0)
            );
        }
    }
}

async fn run() -> Outcome<()> {
    let sizes: Vec<u64> = numbers("BENCH_SIZES", "10000,100000,1000000")?;
    let seconds = number("BENCH_SECONDS", 5)?;
    let mut bench = Bench {
        seconds: Duration::from_secs(seconds),
        baseline: None,
        costs: Vec::new(),
    };

    println!(
        "| request | req/s | p50 ms | p99 ms | server CPU µs | database CPU µs | constant / it | failures | MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let itself = std::env::current_exe()?;
    let constant = Server::start(&itself, &[], "BENCH_CONSTANT_PORT", &[]).await?;
    bench
        .measure(
            "a constant, actix alone",
            &constant,
            None,
            Request::get("/", None),
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
    // The first start makes the tables and the account.
    let server = Server::start(&program(), &[], "ENSEMBLE__SERVER__PORT", &environment).await?;
    sign_in(&server).await?;
    server.stop().await?;
    for size in &sizes {
        fill(&url, *size).await?;
        if bench.seconds.is_zero() {
            continue;
        }
        let server = Server::start(&program(), &[], "ENSEMBLE__SERVER__PORT", &environment).await?;
        let token = sign_in(&server).await?;
        if *size == 10_000 {
            let health = Request::get("/health", None);
            bench.measure("GET /health", &server, None, health).await?;
            signing_in(&mut bench, &server).await?;
        }
        for scenario in scenarios(*size, &token) {
            bench.scale(scenario, *size, &server, &url).await?;
        }
        server.stop().await?;
    }
    bench.sum_up(&sizes);
    Ok(())
}

/// What is asked of a catalogue of this size.
fn scenarios(size: u64, token: &str) -> Vec<(&'static str, Requests)> {
    let get = |path: &str| Request::get(path, Some(token));
    let one = |id: u64| get(&format!("/api/v1/products/{id}"));
    // All over the catalogue; more than the server remembers where there are more.
    let different = (1..=size.min(100_000)).map(|n| one(n.wrapping_mul(7_919) % size + 1));
    let different: Vec<_> = different.collect();
    let search = |text| Requests::from(get(&format!("/api/v1/products?q={}", encode(text))));
    vec![
        ("one product, always the same", one(size / 2).into()),
        ("one product, each time another", different.into()),
        ("page of 10", get("/api/v1/products").into()),
        (
            "page of 10 by name",
            get("/api/v1/products?sort=name").into(),
        ),
        ("search `ㅅㅋㄹ` (initials)", search("ㅅㅋㄹ")),
        ("search `슈ㅋㄹ` (mixed)", search("슈ㅋㄹ")),
        ("search `슈크리` (half-typed)", search("슈크리")),
        ("search `ㅅㅋㄹㄹㄸ`", search("ㅅㅋㄹㄹㄸ")),
        ("search `제주 말차 스콘`", search("제주 말차 스콘")),
        ("search without a hit", search("뷁똠")),
    ]
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

/// Brings the catalogue of the bench's account to this size.
async fn fill(url: &str, size: u64) -> Outcome<()> {
    let database = Database::connect(&DatabaseOptions::new(url)).await?;
    let owner = owner(&database).await?;
    let there = load::size(&database, owner).await?;
    if there > size {
        return Err(format!("there are {there} products already").into());
    }
    let begin = Instant::now();
    if there < size {
        load::load(&database, owner, there, size).await?;
        let seconds = begin.elapsed().as_secs_f64();
        eprintln!("{} products loaded in {seconds:.0} s", size - there);
    }
    Ok(database.close().await?)
}

async fn owner(database: &Database) -> Outcome<UserId> {
    let phone = Identifier::Phone(PhoneNumber::parse(PHONE).map_err(|error| error.to_string())?);
    let users = SeaUsers::new(database.clone());
    let owner = users.find_by_identifier(&phone).await?;
    Ok(owner.ok_or("no account")?.user.id)
}

/// What signing in costs, and how much of it is the hash.
async fn signing_in(bench: &mut Bench, server: &Server) -> Outcome<()> {
    let hasher = PasswordHasher::new(HashSettings::recommended(2, 1, Duration::from_secs(60)));
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
    let cost = bench.measure("sign-in", server, None, request).await? / 1e3;
    println!(
        "| of which the hash: {hash:.2} ms of {cost:.2} ms CPU, the rest {:.2} ms | | | | | | | | |",
        cost - hash
    );
    Ok(())
}
