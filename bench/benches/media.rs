//! `make bench-media`: portraits drawn here, pictures read, handed in and scaled.
//!
//! Environment: `BENCH_SECONDS` a scenario (5), `BENCH_PICTURES` handed in (200).

use std::io::Cursor;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bench::Outcome;
use bench::client::{self, Connection, Request, Requests};
use bench::process::Server;
use bench::settings::{number, program};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

/// As many as a page with portraits opens.
const CONNECTIONS: usize = 8;
/// A photograph as phones send it to a profile.
const SIZE: (u32, u32) = (1_200, 900);

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(run())
}

async fn run() -> Outcome<()> {
    let seconds = Duration::from_secs(number("BENCH_SECONDS", 5)?);
    let pictures = number("BENCH_PICTURES", 200)?;
    let folder = tempfile::tempdir()?;
    let place = folder.path().display().to_string();
    let environment = [
        ("ENSEMBLE__STORAGE__DATA_DIR", place.as_str()),
        ("ENSEMBLE__METRICS__PORT", "0"),
        ("ENSEMBLE__LIMITS__ENABLED", "false"),
        ("ENSEMBLE__MEDIA__FILES_PER_PERSON", "100000"),
        ("ENSEMBLE__MEDIA__WAIT_SECONDS", "60"),
        ("ENSEMBLE__LOG__LEVEL", "warn"),
    ];
    let server = Server::start(&program(), &[], "ENSEMBLE__SERVER__PORT", &environment).await?;
    let token = sign_in(&server).await?;
    println!("| request | server CPU ms | req/s | p50 ms | p99 ms | failures |");
    println!("|---|---|---|---|---|---|");

    let portraits: Vec<_> = (0..100_000).map(portrait).collect();
    measure(
        &server,
        "portrait drawn here, PNG 512 px",
        &portraits.into(),
        seconds,
    )
    .await?;

    let (mut uploads, mut small) = (Vec::new(), Vec::new());
    let mut connection = Connection::open(server.address).await?;
    for index in 0..pictures {
        let body = json!({"image": data_uri(&photo(index)?)}).to_string();
        uploads.push(Request::post("/api/v1/media", Some(&token), &body));
    }
    let (before, begin) = (server.processor_time()?, Instant::now());
    let mut urls = Vec::new();
    for upload in &uploads {
        let (_, kept) = connection.ask(upload).await?;
        let kept: Value = serde_json::from_slice(&kept)?;
        urls.push(kept["url"].as_str().ok_or("no url")?.to_owned());
    }
    one_by_one(
        &server,
        "JPEG of 1200 by 900 handed in",
        before,
        begin,
        pictures,
    )?;
    for url in &urls {
        small.push(Request::get(&format!("{url}?w=256"), None));
    }
    let (before, begin) = (server.processor_time()?, Instant::now());
    for request in &small {
        connection.ask(request).await?;
    }
    one_by_one(&server, "its copy of 256 px, made", before, begin, pictures)?;
    measure(&server, "its copy of 256 px, kept", &small.into(), seconds).await?;
    let whole: Vec<_> = urls.iter().map(|url| Request::get(url, None)).collect();
    measure(&server, "JPEG of 1200 by 900 read", &whole.into(), seconds).await?;
    println!("\nresident: {} MiB", server.resident()? >> 20);
    Ok(())
}

async fn sign_in(server: &Server) -> Outcome<String> {
    let mut connection = Connection::open(server.address).await?;
    let person = json!({"phone_number": "01012345678", "password": "correct horse battery"});
    let person = person.to_string();
    for path in ["/api/v1/users/sign-up", "/api/v1/users/sign-in"] {
        let (_, answer) = connection.ask(&Request::post(path, None, &person)).await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        if let Some(token) = answer["access_token"].as_str() {
            return Ok(token.to_owned());
        }
    }
    Err("nobody was let in".into())
}

fn portrait(index: u32) -> Request {
    let body = json!({"name": format!("person {index}"), "gender": "여성", "options": []});
    Request::post("/api/images", None, &body.to_string())
}

/// A picture with as much in it as a photograph has.
fn photo(index: u32) -> Outcome<Vec<u8>> {
    let shade = |x: u32, y: u32| {
        let wave = (x * y / 97 + index * 31) % 256;
        let grain = x
            .wrapping_mul(2_654_435_761)
            .wrapping_add(y.wrapping_mul(40_503))
            >> 28;
        Rgb([(x / 5) as u8, wave as u8, (y / 4 + grain) as u8])
    };
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(SIZE.0, SIZE.1, shade));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Jpeg)?;
    Ok(file.into_inner())
}

fn data_uri(file: &[u8]) -> String {
    format!("data:image/jpeg;base64,{}", STANDARD.encode(file))
}

async fn measure(
    server: &Server,
    name: &str,
    requests: &Requests,
    seconds: Duration,
) -> Outcome<()> {
    let before = server.processor_time()?;
    let load = client::run(server.address, requests, CONNECTIONS, seconds).await?;
    let spent = server.processor_time()? - before;
    let milliseconds = |share| load.percentile(share).as_secs_f64() * 1e3;
    println!(
        "| {name} | {:.2} | {:.0} | {:.2} | {:.2} | {} |",
        spent.as_secs_f64() * 1e3 / load.requests as f64,
        load.rate(),
        milliseconds(0.5),
        milliseconds(0.99),
        load.failures,
    );
    Ok(())
}

/// What was asked over one connection, each once.
fn one_by_one(
    server: &Server,
    name: &str,
    before: Duration,
    begin: Instant,
    count: u32,
) -> Outcome<()> {
    let spent = server.processor_time()? - before;
    println!(
        "| {name} | {:.2} | {:.0} | {:.2} | | 0 |",
        spent.as_secs_f64() * 1e3 / f64::from(count),
        f64::from(count) / begin.elapsed().as_secs_f64(),
        begin.elapsed().as_secs_f64() * 1e3 / f64::from(count),
    );
    Ok(())
}
