//! `make bench-chat`: what an open socket costs in memory, how many messages a
//! second are stored and delivered, how long they take, and how fast everybody is back after all
//! connections broke.
//!
//! Environment: `BENCH_IDLE` sockets (10000), `BENCH_PAIRS` who talk (`2,50,1000`), `BENCH_WINDOW`
//! messages of each person on their way at once (4), `BENCH_SECONDS` a scenario (5),
//! `BENCH_DATABASE_URL` (default: an SQLite file made for it; a database that is given has to be
//! empty). With `BENCH_REDIS_URL` beside it also how long a message takes to a friend on another node.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bench::Outcome;
use bench::client::Load;
use bench::database::Spent;
use bench::friends::{self, Friend, Friends};
use bench::process::Server;
use bench::settings::{number, numbers, program, setting};
use bench::socket::{self, Ear, Mouth};
use bench::talk::{self, Pace};
use repository::{Database, DatabaseOptions};
use tokio::task::JoinSet;

/// Sockets that are opened at the same time.
const ABREAST: usize = 256;

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(run())
}

async fn run() -> Outcome<()> {
    let idle: usize = number("BENCH_IDLE", 10_000)?;
    let pairs: Vec<usize> = numbers("BENCH_PAIRS", "2,50,1000")?;
    let window = number("BENCH_WINDOW", 4)?;
    let seconds = Duration::from_secs(number("BENCH_SECONDS", 5)?);
    let folder = tempfile::tempdir()?;
    let file = format!("sqlite://{}", folder.path().join("bench.db").display());
    let url = setting("BENCH_DATABASE_URL").unwrap_or(file);
    let database = Database::connect(&DatabaseOptions::new(&url)).await?;
    migration::up(&database.write()).await?;
    let most: usize = pairs.iter().copied().max().unwrap_or_default();
    let people = friends::load(&database, most.max(idle.div_ceil(2))).await?;
    let place = folder.path().display().to_string();
    let redis = setting("BENCH_REDIS_URL").unwrap_or_default();
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("ENSEMBLE__REDIS__URL", &redis),
        ("ENSEMBLE__STORAGE__DATA_DIR", place.as_str()),
        ("ENSEMBLE__AUTH__JWT_SECRET", friends::SECRET),
        ("ENSEMBLE__METRICS__PORT", "0"),
        ("ENSEMBLE__CHAT__HEARTBEAT_SECONDS", "600"),
        ("ENSEMBLE__CHAT__FRAMES_PER_SECOND", "1000000"),
        ("ENSEMBLE__LOG__LEVEL", "warn"),
    ];
    let server = Server::start(&program(), &[], "ENSEMBLE__SERVER__PORT", &environment).await?;
    talking(&server, &url, (&people, &pairs), window, seconds).await?;
    if !redis.is_empty() {
        let of_its_own = [("ENSEMBLE__SERVER__NODE_ID", "2")];
        let environment: Vec<_> = environment.into_iter().chain(of_its_own).collect();
        let other = Server::start(&program(), &[], "ENSEMBLE__SERVER__PORT", &environment).await?;
        across(&server, &other, &people, seconds).await?;
        other.stop().await?;
    }
    sitting(&server, &people, idle).await?;
    server.stop().await?;
    Ok(database.close().await?)
}

async fn talking(
    server: &Server,
    url: &str,
    (people, pairs): (&[Friends], &[usize]),
    window: usize,
    seconds: Duration,
) -> Outcome<()> {
    println!("| pairs | pace | messages/s | p50 ms | p99 ms | server CPU µs | database CPU µs |");
    println!("|---|---|---|---|---|---|---|");
    for count in pairs {
        let people = &people[..*count];
        let measure = async |pace: Pace, name: &str, length: Duration| -> Outcome<Load> {
            let (before, there_before) = (server.processor_time()?, Spent::now(url).await);
            let load = talk::run([server.address; 2], people, pace, length).await?;
            let (after, there) = (server.processor_time()?, Spent::now(url).await);
            let each = |spent: Duration| spent.as_secs_f64() * 1e6 / load.requests as f64;
            let there = there
                .zip(there_before)
                .map(|(after, b)| each(after.since(&b)));
            println!(
                "| {count} | {name} | {:.0} | {:.2} | {:.2} | {:.0} | {} |",
                load.rate(),
                load.percentile(0.5).as_secs_f64() * 1e3,
                load.percentile(0.99).as_secs_f64() * 1e3,
                each(after - before),
                there.map_or_else(String::new, |there| format!("{there:.0}")),
            );
            Ok(load)
        };
        let name = format!("{window} on their way of each");
        let fast = measure(Pace::Window(window), &name, seconds).await?;
        let half = fast.rate() / 2.0;
        measure(Pace::PerSecond(half), "half of that", seconds).await?;
    }
    Ok(())
}

/// Pairs of which each half is connected to another node.
async fn across(one: &Server, other: &Server, people: &[Friends], time: Duration) -> Outcome<()> {
    println!("\n| pairs across two nodes | messages/s | p50 ms | p99 ms |");
    println!("|---|---|---|---|");
    let people = &people[..people.len().min(50)];
    for rate in [100.0, 1_000.0, 3_000.0] {
        let servers = [one.address, other.address];
        let load = talk::run(servers, people, Pace::PerSecond(rate), time).await?;
        println!(
            "| {} | {:.0} | {:.2} | {:.2} |",
            people.len(),
            load.rate(),
            load.percentile(0.5).as_secs_f64() * 1e3,
            load.percentile(0.99).as_secs_f64() * 1e3,
        );
    }
    Ok(())
}

/// Opens a socket for each of these people, some at a time.
async fn connect(address: SocketAddr, people: &[&Friend]) -> Outcome<Vec<(Mouth, Ear)>> {
    let (mut open, mut opening) = (Vec::with_capacity(people.len()), JoinSet::new());
    for friend in people {
        if opening.len() >= ABREAST
            && let Some(opened) = opening.join_next().await
        {
            open.push(opened??);
        }
        let friend = (*friend).clone();
        opening.spawn(async move { socket::open(address, &friend).await });
    }
    while let Some(opened) = opening.join_next().await {
        open.push(opened??);
    }
    Ok(open)
}

/// Sockets on which nothing happens, and what it takes to have them all again, [`ABREAST`] at a time.
async fn sitting(server: &Server, people: &[Friends], idle: usize) -> Outcome<()> {
    let friends = people.iter().flat_map(|(one, other)| [one, other]);
    let friends: Vec<&Friend> = friends.take(idle).collect();
    // What a first crowd leaves behind (caches, buffers) is no cost of the second.
    println!("\n| sockets | opened in s | KiB each | server CPU µs each |");
    println!("|---|---|---|---|");
    for name in ["for the first time", "again, at once"] {
        let (resident, spent, begin) =
            (server.resident()?, server.processor_time()?, Instant::now());
        let open = connect(server.address, &friends).await?;
        let count = open.len() as f64;
        let (took, grown) = (begin.elapsed(), server.resident()?.saturating_sub(resident));
        println!(
            "| {count} {name} | {:.2} | {:.1} | {:.0} |",
            took.as_secs_f64(),
            grown as f64 / 1024.0 / count,
            (server.processor_time()? - spent).as_secs_f64() * 1e6 / count,
        );
        drop(open);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}
