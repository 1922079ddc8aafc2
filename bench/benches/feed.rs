//! `make bench-feed`: what the feed costs, beside what actix answers for a
//! constant of the same length; how long it takes at a given rate; how much memory and how long a
//! start needs.
//!
//! Environment: `BENCH_SIZES` in outfits (default `5000,100000`), `BENCH_PEOPLE` (20000, with ten
//! hearts each), `BENCH_SECONDS` a scenario (3), `BENCH_EVENTS` a second beside 1,000 feeds
//! (`0,2000,5000,10000`), `BENCH_DATABASE_URL` (default: an SQLite file made for it; a database
//! that is given has to be empty, and is emptied between the sizes).

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use bench::client::{self, Connection, Load, Request, Requests};
use bench::database::Spent;
use bench::outfits::{self, Loaded};
use bench::process::Server;
use bench::settings::{number, numbers, program, setting};
use bench::{Outcome, paced};
use repository::{Database, DatabaseOptions};

const CONNECTIONS: usize = 16;
/// Feeds a second that have to be answered in time.
const FEEDS: u32 = 1_000;
/// Events that a client reports at once.
const REPORTED: u32 = 20;
/// People whose requests stand beside each other: the pages of one come in order.
const ABREAST: usize = 64;
/// Opening a feed again within two seconds is the same opening: people come again after so long.
const AGAIN: Duration = Duration::from_millis(2_500);
/// A ranking lasts for so many pages, so that one request in six of somebody who only looks is ranked.
const PAGES_RANKED: u32 = 6;

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    if let (Some(port), Some(file)) = (setting("BENCH_PORT"), setting("BENCH_CONSTANT")) {
        let body = std::fs::read_to_string(file)?;
        return Ok(runtime.block_on(constant(port.parse()?, body))?);
    }
    runtime.block_on(run())
}

/// What actix does when there is nothing to do.
async fn constant(port: u16, body: String) -> std::io::Result<()> {
    let body = web::Bytes::from(body);
    HttpServer::new(move || {
        let body = body.clone();
        App::new().default_service(web::to(move || {
            let body = body.clone();
            async {
                HttpResponse::Ok()
                    .content_type("application/json")
                    .body(body)
            }
        }))
    })
    .workers(2)
    .bind(("127.0.0.1", port))?
    .run()
    .await
}

/// One server, measured.
struct Bench<'a> {
    seconds: Duration,
    server: &'a Server,
    /// The database's URL, where what it spends is to be told.
    database: Option<&'a str>,
}

impl Bench<'_> {
    async fn spent(&self) -> Option<Spent> {
        Spent::now(self.database?).await
    }

    /// Measures without warming up: each connection asks again as soon as it is answered.
    async fn measure(&self, name: &str, requests: &Requests) -> Outcome<Load> {
        let load = client::run(self.server.address, requests, CONNECTIONS, self.seconds);
        self.note(name, load).await
    }

    /// Measures at so many a second.
    async fn measure_at(
        &self,
        name: &str,
        requests: &Requests,
        (rate, duration): (u32, Duration),
    ) -> Outcome<Load> {
        let load = paced::run(self.server.address, requests, rate, 32, duration);
        self.note(name, load).await
    }

    /// Puts a load on the server and prints a line of what it cost.
    async fn note(
        &self,
        name: &str,
        load: impl Future<Output = io::Result<Load>>,
    ) -> Outcome<Load> {
        let server = self.server;
        let (before, there_before) = (server.processor_time()?, self.spent().await);
        let load = load.await?;
        // What was shown is written down within a fifth of a second.
        tokio::time::sleep(Duration::from_millis(400)).await;
        let (after, there_after) = (server.processor_time()?, self.spent().await);
        let each = |spent: Duration| spent.as_secs_f64() * 1e6 / load.requests as f64;
        let there = there_after
            .zip(there_before)
            .map(|(after, before)| each(after.since(&before)));
        println!(
            "| {name} | {:.1} | {} | {:.0} | {:.2} | {:.2} | {} |",
            each(after - before),
            there.map_or_else(String::new, |there| format!("{there:.1}")),
            load.rate(),
            milliseconds(&load, 0.5),
            milliseconds(&load, 0.99),
            load.failures,
        );
        Ok(load)
    }

    async fn warm(&self, requests: &Requests, duration: Duration) -> Outcome<Load> {
        Ok(client::run(self.server.address, requests, CONNECTIONS, duration).await?)
    }

    async fn measure_warm(&self, name: &str, requests: &Requests) -> Outcome<Load> {
        self.warm(requests, Duration::from_secs(1)).await?;
        self.measure(name, requests).await
    }
}

fn milliseconds(load: &Load, share: f64) -> f64 {
    load.percentile(share).as_secs_f64() * 1e3
}

async fn run() -> Outcome<()> {
    let sizes: Vec<u32> = numbers("BENCH_SIZES", "5000,100000")?;
    let people = number("BENCH_PEOPLE", 20_000)?;
    let seconds = Duration::from_secs(number("BENCH_SECONDS", 3)?);
    let events: Vec<u32> = numbers("BENCH_EVENTS", "0,2000,5000,10000")?;
    let given = setting("BENCH_DATABASE_URL");
    let folder = tempfile::tempdir()?;
    for size in sizes {
        let place = folder.path().join(size.to_string());
        std::fs::create_dir(&place)?;
        let file = format!("sqlite://{}", place.join("bench.db").display());
        let url = given.clone().unwrap_or(file);
        let database = Database::connect(&DatabaseOptions::new(&url)).await?;
        migration::up(&database.write()).await?;
        let begin = Instant::now();
        let loaded = outfits::load(&database, size, people).await?;
        println!(
            "\n{size} outfits, {people} people, {} hearts, {} events, loaded in {:.0} s\n",
            loaded.hearted.iter().map(|own| own.len()).sum::<usize>(),
            loaded.events,
            begin.elapsed().as_secs_f64(),
        );
        starts(&url, &place).await?;
        requests(&url, &place, &loaded, seconds).await?;
        at_a_rate(&url, &place, &loaded, (seconds, &events)).await?;
        if given.is_some() {
            outfits::clear(&database).await?;
        }
        database.close().await?;
    }
    Ok(())
}

/// Starts the program on the database, and waits until the recommender remembers.
async fn start(url: &str, place: &Path) -> Outcome<(Server, Duration)> {
    let folder = place.display().to_string();
    let environment = [
        ("DATABASE_URL", url),
        ("ENSEMBLE__STORAGE__DATA_DIR", folder.as_str()),
        ("ENSEMBLE__METRICS__PORT", "0"),
        ("ENSEMBLE__LIMITS__ENABLED", "false"),
        ("ENSEMBLE__LOG__LEVEL", "warn"),
    ];
    let begin = Instant::now();
    let server = Server::start(&program(), &[], "ENSEMBLE__SERVER__PORT", &environment).await?;
    let mut connection = Connection::open(server.address).await?;
    loop {
        let (_, body) = connection.ask(&Request::get("/readyz", None)).await?;
        let state: serde_json::Value = serde_json::from_slice(&body)?;
        if state["checks"]["recommender"] == "ready" {
            return Ok((server, begin.elapsed()));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// How long it takes until the recommender knows everything, and how much memory it has then.
async fn starts(url: &str, place: &Path) -> Outcome<()> {
    println!("| start | seconds | of it CPU | MiB |");
    println!("|---|---|---|---|");
    for from in ["the log", "the snapshot"] {
        let (server, took) = start(url, place).await?;
        println!(
            "| from {from} | {:.2} | {:.2} | {} |",
            took.as_secs_f64(),
            server.processor_time()?.as_secs_f64(),
            server.resident()? >> 20
        );
        server.finish().await?;
    }
    Ok(())
}

fn feed(person: &str, offset: usize) -> Request {
    let path = format!("/images?pagesize=10&offset={offset}&userid={person}");
    Request::get(&path, None)
}

/// The pages that begin at `offsets`, of one person after the other.
fn walks(people: &[String], offsets: &[usize]) -> Requests {
    let mut requests = Vec::with_capacity(people.len() * offsets.len());
    for abreast in people.chunks(ABREAST) {
        for &offset in offsets {
            requests.extend(abreast.iter().map(|person| feed(person, offset)));
        }
    }
    requests.into()
}

async fn requests(url: &str, place: &Path, loaded: &Loaded, seconds: Duration) -> Outcome<()> {
    println!(
        "\n| request | server CPU µs | database CPU µs | req/s | p50 ms | p99 ms | failures |"
    );
    println!("|---|---|---|---|---|---|---|");
    let (server, _) = start(url, place).await?;
    let bench = Bench {
        seconds,
        server: &server,
        database: Some(url),
    };
    let begin = server.resident()?;
    constants(&bench, place, &loaded.people[0]).await?;

    let people = &loaded.people[..];
    bench
        .measure(
            "feed, opened, not seen for a while",
            &walks(&people[1..], &[0]),
        )
        .await?;
    let everybody = walks(people, &[0]);
    bench.warm(&everybody, Duration::from_secs(5)).await?;
    let in_time =
        |pages: u32| (people.len() as f64 * f64::from(pages) / AGAIN.as_secs_f64()) as u32;
    let whole_rankings = (in_time(1), AGAIN * PAGES_RANKED);
    bench
        .measure_at("feed, opened again", &everybody, whole_rankings)
        .await?;
    // So many pages that none is asked for twice.
    let offsets: Vec<usize> = (1..=20).map(|page| page * 10).collect();
    bench
        .measure_warm("feed, a following page", &walks(people, &offsets))
        .await?;
    let whole_rankings = (in_time(3) / 2, AGAIN * 2 * 2);
    bench
        .measure_at(
            "feed, walks of three pages",
            &walks(people, &[0, 10, 20]),
            whole_rankings,
        )
        .await?;

    let some = &people[..people.len().min(3_000)];
    let outfits = loaded.outfits.iter().step_by(loaded.outfits.len() / 5_000);
    let mut somebody = some.iter().cycle();
    let single: Vec<Request> = outfits
        .zip(somebody.by_ref())
        .map(|(id, person)| Request::get(&format!("/image?outfit_id={id}&userid={person}"), None))
        .collect();
    bench
        .measure_warm("outfit and similar", &single.into())
        .await?;
    let collections = some
        .iter()
        .map(|person| Request::get(&format!("/heart?userid={person}"), None));
    let collections: Vec<Request> = collections.collect();
    bench
        .measure_warm("collection", &collections.into())
        .await?;
    bench
        .measure_warm("heart, new each time", &hearts(loaded, 40).into())
        .await?;
    let reported = reports(loaded);
    bench
        .measure_warm(&format!("{REPORTED} views reported"), &reported)
        .await?;
    println!(
        "\nMemory: {} MiB after the start, {} MiB after all this",
        begin >> 20,
        server.resident()? >> 20
    );
    Ok(server.finish().await?)
}

/// What actix takes for an answer as long as a page of the feed, and our own least request.
async fn constants(bench: &Bench<'_>, place: &Path, person: &str) -> Outcome<()> {
    let mut connection = Connection::open(bench.server.address).await?;
    let (_, page) = connection.ask(&feed(person, 0)).await?;
    for (name, body) in [
        ("a constant page of the feed", &page[..]),
        ("a constant `{\"ok\":true}`", br#"{"ok":true}"#),
    ] {
        let file = place.join("constant");
        std::fs::write(&file, body)?;
        let file = file.display().to_string();
        let itself = std::env::current_exe()?;
        let constant =
            Server::start(&itself, &[], "BENCH_PORT", &[("BENCH_CONSTANT", &file)]).await?;
        let alone = Bench {
            seconds: bench.seconds,
            server: &constant,
            database: None,
        };
        let name = format!("{name}, {} bytes, actix alone", body.len());
        alone
            .measure_warm(&name, &Request::get("/", None).into())
            .await?;
        constant.stop().await?;
    }
    let health = Request::get("/healthz", None);
    bench.measure_warm("GET /healthz", &health.into()).await?;
    Ok(())
}

/// Hearts that nobody has given yet, so many of each of some people.
fn hearts(loaded: &Loaded, each: usize) -> Vec<Request> {
    let people = loaded.people.len().min(3_000);
    let mut hearts = Vec::with_capacity(people * each);
    for number in 0..each {
        for (person, secret) in loaded.people[..people].iter().enumerate() {
            // Scattered, never the same twice for one person.
            let at = (person * 7_919 + number * 104_729) % loaded.outfits.len();
            let outfit = loaded.outfits[at];
            if !loaded.hearted[person].contains(&outfit) {
                let body = format!(r#"{{"outfit_id":"{outfit}"}}"#);
                let path = format!("/heart?userid={secret}");
                hearts.push(Request::post(&path, None, &body));
            }
        }
    }
    hearts
}

/// Events as clients report them: what was on the screen.
fn reports(loaded: &Loaded) -> Requests {
    let people = loaded.people.iter().take(3_000).enumerate();
    let requests: Vec<Request> = people
        .map(|(number, secret)| {
            let events: Vec<String> = (0..REPORTED as usize)
                .map(|place| {
                    let at = (number * 7_919 + place * 31) % loaded.outfits.len();
                    format!(r#"{{"outfit_id":"{}","type":"view"}}"#, loaded.outfits[at])
                })
                .collect();
            let body = format!(r#"{{"events":[{}]}}"#, events.join(","));
            let path = format!("/api/v1/outfits/events?userid={secret}");
            Request::post(&path, None, &body)
        })
        .collect();
    requests.into()
}

/// Feeds at their rate, beside events.
async fn at_a_rate(
    url: &str,
    place: &Path,
    loaded: &Loaded,
    (seconds, rates): (Duration, &[u32]),
) -> Outcome<()> {
    println!(
        "\n| beside {FEEDS} feeds/s | answered/s | p50 ms | p99 ms | p99.9 ms | events written/s | p99 ms | server CPU | failures |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let (server, _) = start(url, place).await?;
    let feeds = walks(&loaded.people, &[0, 10, 20]);
    let reports = reports(loaded);
    let hearts: Requests = hearts(loaded, 80).split_off(60_000).into();
    paced::run(server.address, &feeds, FEEDS, 32, Duration::from_secs(2)).await?;
    for &rate in rates {
        let before = server.processor_time()?;
        let seconds = seconds.max(Duration::from_secs(5));
        // One event in ten is a heart.
        let reporting = async {
            match rate {
                0 => Ok(None),
                _ => paced::run(
                    server.address,
                    &reports,
                    rate * 9 / 10 / REPORTED,
                    8,
                    seconds,
                )
                .await
                .map(Some),
            }
        };
        let hearting = async {
            match rate {
                0 => Ok(None),
                _ => paced::run(server.address, &hearts, rate / 10, 16, seconds)
                    .await
                    .map(Some),
            }
        };
        let feeding = paced::run(server.address, &feeds, FEEDS, 32, seconds);
        let (load, reported, hearted) = tokio::join!(feeding, reporting, hearting);
        let (load, reported, hearted) = (load?, reported?, hearted?);
        let spent = server.processor_time()? - before;
        let rate_of = |load: &Option<Load>| load.as_ref().map_or(0.0, Load::rate);
        let failed = |load: &Option<Load>| load.as_ref().map_or(0, |load| load.failures);
        println!(
            "| {rate} events/s | {:.0} | {:.2} | {:.2} | {:.2} | {:.0} | {:.2} | {:.0} % | {} |",
            load.rate(),
            milliseconds(&load, 0.5),
            milliseconds(&load, 0.99),
            milliseconds(&load, 0.999),
            rate_of(&reported) * f64::from(REPORTED) + rate_of(&hearted),
            hearted
                .as_ref()
                .map_or(0.0, |load| milliseconds(load, 0.99)),
            spent.as_secs_f64() / load.elapsed.as_secs_f64() * 100.0,
            load.failures + failed(&reported) + failed(&hearted),
        );
    }
    Ok(server.finish().await?)
}
