//! How good the feed is as people get it: `cargo run --release -p bench --bin replay --
//! INTERACTIONS.tsv[.gz] [ITEMS.tsv[.gz]] [--yardstick PERCENT] [--connections N]`.
//!
//! A server of its own is filled through the public API: the items are imported as outfits, each
//! user is a guest, and the first four fifths of everybody's hearts are given in the order of
//! time. Then everybody opens their feed, and what they are shown is held against the last fifth.
//! Exploration is on, as served. The yardstick, the part of people who get what is popular, is off
//! unless it is asked for: it would be measured too.
//!
//! With more connections than one the hearts of different people overtake each other a little, as
//! they do in life; those of one person never do. The program is the release build beside this one.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use bench::Outcome;
use bench::client::{Connection, Request};
use bench::process::Server;
use flate2::read::GzDecoder;
use repository::{Database, DatabaseOptions};
use sea_orm::ConnectionTrait;

/// Of each user, the last part that is held out: one in so many.
const HELD_OUT: usize = 5;
/// How long the lists are.
const LENGTH: usize = 20;
const ADMIN: &str = "010-9999-0002";
const PASSWORD: &str = "a password for replays";

struct Arguments {
    interactions: PathBuf,
    items: Option<PathBuf>,
    yardstick: String,
    connections: usize,
}

fn main() -> Outcome<()> {
    let mut files = Vec::new();
    let (mut yardstick, mut connections) = ("0".to_owned(), 1);
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--yardstick" => yardstick = given.next().ok_or("--yardstick PERCENT")?,
            "--connections" => connections = given.next().ok_or("--connections N")?.parse()?,
            _ => files.push(PathBuf::from(argument)),
        }
    }
    let mut files = files.into_iter();
    let arguments = Arguments {
        interactions: files.next().ok_or("which interactions?")?,
        items: files.next(),
        yardstick,
        connections: connections.max(1),
    };
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(run(&arguments))
}

/// The data, users numbered from 0.
struct Data {
    /// Lines of a file that the program imports.
    outfits: String,
    items: usize,
    /// User and item, in the order of time.
    learned: Vec<(usize, u64)>,
    /// By user.
    had: Vec<HashSet<u64>>,
    held_out: Vec<HashSet<u64>>,
}

impl Data {
    fn read(arguments: &Arguments) -> Outcome<Self> {
        let mut users = HashMap::new();
        let mut by_user: Vec<Vec<(f64, u64)>> = Vec::new();
        let mut items = HashMap::new();
        for line in lines(&arguments.interactions)? {
            let line = line?;
            let mut fields = line.split('\t');
            let (Some(user), Some(item), Some(order)) =
                (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let Ok(order) = order.parse() else { continue };
            let next = users.len();
            let user = *users.entry(user.to_owned()).or_insert(next);
            by_user.resize_with(users.len(), Vec::new);
            let next = items.len() as u64 + 1;
            // An outfit's id is the item's number where it has one.
            let item = *items
                .entry(item.to_owned())
                .or_insert_with(|| item.parse().unwrap_or(next));
            by_user[user].push((order, item));
        }
        let mut labels = HashMap::new();
        for line in arguments
            .items
            .as_deref()
            .map(lines)
            .transpose()?
            .into_iter()
            .flatten()
        {
            let line = line?;
            let mut fields = line.split('\t');
            let item = fields.next().and_then(|item| items.get(item));
            let (Some(item), Some(brand)) = (item, fields.next()) else {
                continue;
            };
            let tags = fields.next().unwrap_or_default().to_owned();
            labels.insert(*item, (brand.to_owned(), tags));
        }
        let mut ids: Vec<u64> = items.into_values().collect();
        ids.sort_unstable();
        let mut outfits = String::new();
        for id in &ids {
            let (brand, tags) = labels.remove(id).unwrap_or_default();
            let split = |text: &str| -> Vec<String> {
                let texts = text.split('|').filter(|text| !text.is_empty());
                texts.map(str::to_owned).collect()
            };
            let outfit = serde_json::json!({
                "outfit_id": id.to_string(),
                "img_url": format!("/media/{id}.jpg"),
                "tags": split(&tags),
                "brands": split(&brand),
            });
            outfits.push_str(&outfit.to_string());
            outfits.push('\n');
        }
        Ok(Self::divide(by_user, outfits, ids.len()))
    }

    fn divide(by_user: Vec<Vec<(f64, u64)>>, outfits: String, items: usize) -> Self {
        let mut timed = Vec::new();
        let (mut had, mut held_out) = (Vec::new(), Vec::new());
        for (user, mut hearts) in by_user.into_iter().enumerate() {
            hearts.sort_by(|a, b| a.0.total_cmp(&b.0));
            let last = match hearts.len() {
                0 | 1 => 0,
                several => (several / HELD_OUT).max(1),
            };
            let (before, after) = hearts.split_at(hearts.len() - last);
            let own: HashSet<u64> = before.iter().map(|&(_, item)| item).collect();
            let after = after.iter().map(|&(_, item)| item);
            held_out.push(after.filter(|item| !own.contains(item)).collect());
            timed.extend(before.iter().map(|&(order, item)| (order, user, item)));
            had.push(own);
        }
        timed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        Self {
            outfits,
            items,
            learned: timed
                .into_iter()
                .map(|(_, user, item)| (user, item))
                .collect(),
            had,
            held_out,
        }
    }
}

fn lines(path: &Path) -> io::Result<io::Lines<BufReader<Box<dyn Read>>>> {
    let file = File::open(path)?;
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    let read: Box<dyn Read> = if packed {
        Box::new(GzDecoder::new(file))
    } else {
        Box::new(file)
    };
    Ok(BufReader::new(read).lines())
}

async fn run(arguments: &Arguments) -> Outcome<()> {
    let data = Arc::new(Data::read(arguments)?);
    println!(
        "{} users, {} items, {} hearts given, {} held out; yardstick {} %, exploration on",
        data.had.len(),
        data.items,
        data.learned.len(),
        data.held_out.iter().map(HashSet::len).sum::<usize>(),
        arguments.yardstick,
    );
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}", folder.path().join("replay.db").display());
    let place = folder.path().display().to_string();
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("ENSEMBLE__STORAGE__DATA_DIR", place.as_str()),
        ("ENSEMBLE__METRICS__PORT", "0"),
        ("ENSEMBLE__LIMITS__ENABLED", "false"),
        ("ENSEMBLE__LOG__LEVEL", "warn"),
        ("ENSEMBLE__FEED__YARDSTICK_PERCENT", &arguments.yardstick),
    ];
    let own = std::env::current_exe()?;
    let program = own.with_file_name("ensemble");
    let server = Server::start(&program, &[], "ENSEMBLE__SERVER__PORT", &environment).await?;

    let begin = Instant::now();
    import(&server, &url, &data).await?;
    println!("{} outfits imported in {:.1} s", data.items, seconds(begin));

    let begin = Instant::now();
    let guests = Arc::new(guests(&server, data.had.len()).await?);
    println!("{} guests begun in {:.1} s", guests.len(), seconds(begin));

    let begin = Instant::now();
    let before = server.processor_time()?;
    hearts(&server, &data, &guests, arguments.connections).await?;
    let (took, spent) = (seconds(begin), server.processor_time()? - before);
    println!(
        "{} hearts given in {took:.1} s: {:.0} hearts/s over {} connections, server CPU {:.0} µs each",
        data.learned.len(),
        data.learned.len() as f64 / took,
        arguments.connections,
        spent.as_secs_f64() * 1e6 / data.learned.len() as f64,
    );

    let begin = Instant::now();
    let before = server.processor_time()?;
    let measured = feeds(&server, &data, &guests).await?;
    let spent = server.processor_time()? - before;
    println!(
        "{} feeds of {LENGTH} in {:.1} s, server CPU {:.0} µs each, {} MiB\n",
        measured.asked,
        seconds(begin),
        spent.as_secs_f64() * 1e6 / measured.asked as f64,
        server.resident()? >> 20,
    );
    measured.print(data.items);
    Ok(server.stop().await?)
}

fn seconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64()
}

/// What a request has to be answered with.
async fn expect(connection: &mut Connection, request: &Request) -> Outcome<serde_json::Value> {
    let (status, body) = connection.ask(request).await?;
    if !(200..300).contains(&status) {
        return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
    }
    Ok(serde_json::from_slice(&body)?)
}

/// Makes an administrator, who imports the outfits.
async fn import(server: &Server, url: &str, data: &Data) -> Outcome<()> {
    let mut connection = Connection::open(server.address).await?;
    let account = serde_json::json!({"phone_number": ADMIN, "password": PASSWORD}).to_string();
    let sign_up = Request::post("/api/v1/users/sign-up", None, &account);
    expect(&mut connection, &sign_up).await?;
    // Nobody becomes an administrator through the API.
    let database = Database::connect(&DatabaseOptions::new(url)).await?;
    let promote = "UPDATE users SET role = 1";
    database.write().execute_unprepared(promote).await?;
    database.close().await?;
    let sign_in = Request::post("/api/v1/users/sign-in", None, &account);
    let tokens = expect(&mut connection, &sign_in).await?;
    let token = tokens["access_token"].as_str();
    let kind = "application/x-ndjson";
    let file = Request::file("/api/v1/outfits/import", token, kind, &data.outfits);
    let report = expect(&mut connection, &file).await?;
    if report["imported"].as_u64() != Some(data.items as u64) {
        return Err(format!("not all outfits were imported: {report}").into());
    }
    Ok(())
}

async fn guests(server: &Server, count: usize) -> Outcome<Vec<String>> {
    let mut connection = Connection::open(server.address).await?;
    let begin = Request::post("/api/v1/sessions/guest", None, "");
    let mut guests = Vec::with_capacity(count);
    for _ in 0..count {
        let guest = expect(&mut connection, &begin).await?;
        guests.push(guest["guest_id"].as_str().ok_or("no guest id")?.to_owned());
    }
    Ok(guests)
}

/// Gives all hearts, those of one person over one connection.
async fn hearts(
    server: &Server,
    data: &Arc<Data>,
    guests: &Arc<Vec<String>>,
    connections: usize,
) -> Outcome<()> {
    let workers: Vec<_> = (0..connections)
        .map(|worker| {
            let (data, guests, address) = (data.clone(), guests.clone(), server.address);
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await?;
                let own = data.learned.iter();
                for (user, item) in own.filter(|(user, _)| user % connections == worker) {
                    let path = format!("/heart?userid={}", guests[*user]);
                    let body = format!(r#"{{"outfit_id":"{item}"}}"#);
                    expect(&mut connection, &Request::post(&path, None, &body)).await?;
                }
                Outcome::Ok(())
            })
        })
        .collect();
    for worker in workers {
        worker.await??;
    }
    Ok(())
}

#[derive(Default)]
struct Measured {
    asked: usize,
    ndcg: f64,
    recall: f64,
    listed: HashSet<u64>,
    duplicates: usize,
    hearted: usize,
    short: usize,
}

impl Measured {
    fn print(&self, items: usize) {
        let asked = self.asked.max(1) as f64;
        println!("| NDCG@10 | Recall@20 | coverage | duplicates | already hearted | short lists |");
        println!("|---|---|---|---|---|---|");
        println!(
            "| {:.4} | {:.4} | {:.1} % | {} | {} | {} |",
            self.ndcg / asked,
            self.recall / asked,
            100.0 * self.listed.len() as f64 / items.max(1) as f64,
            self.duplicates,
            self.hearted,
            self.short,
        );
    }
}

/// Opens the feed of everybody who has something held out.
async fn feeds(server: &Server, data: &Data, guests: &[String]) -> Outcome<Measured> {
    let mut connection = Connection::open(server.address).await?;
    let mut measured = Measured::default();
    for (user, held_out) in data.held_out.iter().enumerate() {
        if held_out.is_empty() {
            continue;
        }
        let path = format!("/images?pagesize={LENGTH}&userid={}", guests[user]);
        let page = expect(&mut connection, &Request::get(&path, None)).await?;
        let outfits = page["outfits"].as_array().ok_or("no outfits")?;
        let list: Vec<u64> = outfits
            .iter()
            .filter_map(|outfit| outfit["outfit_id"].as_str()?.parse().ok())
            .collect();
        let mut met = HashSet::new();
        measured.asked += 1;
        measured.duplicates += list.iter().filter(|&&item| !met.insert(item)).count();
        let had = list.iter().filter(|item| data.had[user].contains(item));
        measured.hearted += had.count();
        measured.short += usize::from(list.len() < LENGTH);
        measured.ndcg += ndcg(&list, held_out, 10);
        let found = list.iter().filter(|item| held_out.contains(item)).count();
        measured.recall += found as f64 / held_out.len().min(LENGTH) as f64;
        measured.listed.extend(list);
    }
    Ok(measured)
}

/// NDCG of the first `length` of a list, where every held-out item is worth the same.
fn ndcg(list: &[u64], held_out: &HashSet<u64>, length: usize) -> f64 {
    let discount = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let first = list.iter().take(length).enumerate();
    let gained: f64 = first
        .filter(|(_, item)| held_out.contains(item))
        .map(|(place, _)| discount(place))
        .sum();
    let best: f64 = (0..held_out.len().min(length)).map(discount).sum();
    if best > 0.0 { gained / best } else { 0.0 }
}
