//! A backup made while many write, and what comes back of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use parking_lot::Mutex;
use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PHONE, text, until};
use crate::crash::{ask, connect};
use crate::home::{Home, PASSWORD};
use crate::process::{Person, Server};

on_every_engine! {
    test_database::run;
    what_was_acknowledged_before_a_backup_comes_back,
}

/// Writes that have to be acknowledged before the backup is begun.
const WRITES: usize = 40;

/// What the server said it had done.
#[derive(Default)]
struct Acknowledged {
    products: Mutex<BTreeSet<String>>,
    pictures: Mutex<BTreeMap<String, String>>,
    phones: Mutex<BTreeSet<String>>,
    writes: AtomicUsize,
    is_enough: AtomicBool,
}

async fn what_was_acknowledged_before_a_backup_comes_back(database_url: String) {
    let home = Home::new()
        .with("DATABASE_URL", &database_url)
        .with("ENSEMBLE__MEDIA__FILES_PER_PERSON", "100000");
    home.user(PHONE);
    let server = Server::start(&home);
    let person = Person::sign_in(&server, PHONE).await;
    let known = Arc::new(Acknowledged::default());
    let writers = [
        tokio::spawn(make_products(person.clone(), known.clone())),
        tokio::spawn(make_products(person.clone(), known.clone())),
        tokio::spawn(hand_in_pictures(person.clone(), known.clone())),
        tokio::spawn(sign_up(server.base().to_owned(), known.clone())),
    ];
    until("there is something to lose", || {
        known.writes.load(Ordering::SeqCst) >= WRITES && !known.phones.lock().is_empty()
    })
    .await;
    let products = known.products.lock().clone();
    let pictures = known.pictures.lock().clone();
    let phones = known.phones.lock().clone();
    let before = known.writes.load(Ordering::SeqCst);
    let (home, backup) = in_between(home, |home: &Home| {
        let told = home.run(["backup", "backups"]).succeeded();
        PathBuf::from(told.trim())
    })
    .await;
    until("writers went on", || {
        known.writes.load(Ordering::SeqCst) > before
    })
    .await;
    known.is_enough.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.expect("a writer");
    }
    drop(server);

    let (home, verified) = in_between(home, {
        let backup = backup.clone();
        move |home: &Home| home.run(["restore", "--verify", text(&backup)]).succeeded()
    })
    .await;
    // Whatever the database has as stored is there, also what came while the backup was made.
    assert!(!verified.contains("pictures:"), "{verified}");
    let fresh = fresh_home(&home, &database_url, &backup).await;
    let (fresh, told) = in_between(fresh, move |fresh: &Home| {
        fresh.run(["restore", text(&backup)]).succeeded()
    })
    .await;
    assert!(!told.contains("PROBLEM"), "{told}");
    check_file(&fresh).await;

    let server = Server::start(&fresh);
    let person = Person::sign_in(&server, PHONE).await;
    let listed = person.products("").await;
    let listed: BTreeSet<_> = listed
        .iter()
        .map(|product| product["product_id"].as_str().expect("an id").to_owned())
        .collect();
    assert!(
        listed.is_superset(&products),
        "{} of {}",
        listed.len(),
        products.len()
    );
    for phone in &phones {
        Person::sign_in(&server, phone).await;
    }
    let shown = all_pictures(&person).await;
    for (key, address) in &pictures {
        assert_eq!(shown.get(key), Some(address), "{key}");
    }
    let http = reqwest::Client::new();
    for address in pictures.values() {
        let answer = http.get(format!("{}{address}", server.base())).send().await;
        assert_eq!(
            answer.expect("an answer").status(),
            StatusCode::OK,
            "{address}"
        );
    }
    server.terminate();
    assert_eq!(server.wait().0.code(), Some(0));
}

/// Runs something that blocks.
async fn in_between<T: Send + 'static>(
    home: Home,
    act: impl FnOnce(&Home) -> T + Send + 'static,
) -> (Home, T) {
    let acted = tokio::task::spawn_blocking(move || {
        let outcome = act(&home);
        (home, outcome)
    });
    acted.await.expect("it went well")
}

async fn post(request: reqwest::RequestBuilder, kind: &str, body: Vec<u8>) -> Value {
    let request = request.header("content-type", kind).body(body);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::CREATED);
    answer.json().await.expect("JSON")
}

async fn make_products(person: Person, known: Arc<Acknowledged>) {
    while !known.is_enough.load(Ordering::SeqCst) {
        let body =
            json!({"category": "single", "name": "하나", "price": 1, "cost": 0, "size": "small"});
        let request = person.request(Method::POST, "/products");
        let made = post(request, "application/json", body.to_string().into()).await;
        let id = made["product_id"].as_str().expect("an id").to_owned();
        known.products.lock().insert(id);
        known.writes.fetch_add(1, Ordering::SeqCst);
    }
}

/// A picture of one point of that colour.
fn gif(colour: u32) -> Vec<u8> {
    let [_, red, green, blue] = colour.to_be_bytes();
    let mut file = b"GIF89a\x01\0\x01\0\x80\0\0".to_vec();
    file.extend([red, green, blue, 0, 0, 0]);
    file.extend(b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;");
    file
}

async fn hand_in_pictures(person: Person, known: Arc<Acknowledged>) {
    for colour in 0.. {
        if known.is_enough.load(Ordering::SeqCst) {
            return;
        }
        let kept = post(
            person.request(Method::POST, "/media"),
            "image/gif",
            gif(colour),
        )
        .await;
        let key = kept["key"].as_str().expect("a key").to_owned();
        let address = kept["url"].as_str().expect("an address").to_owned();
        known.pictures.lock().insert(key, address);
        known.writes.fetch_add(1, Ordering::SeqCst);
    }
}

async fn sign_up(base: String, known: Arc<Acknowledged>) {
    let http = reqwest::Client::new();
    for number in 0.. {
        if known.is_enough.load(Ordering::SeqCst) {
            return;
        }
        let phone = format!("0107777{number:04}");
        let body = json!({"phone_number": phone, "password": PASSWORD}).to_string();
        let request = http.post(format!("{base}/api/v1/users/sign-up"));
        post(request, "application/json", body.into()).await;
        known.phones.lock().insert(phone);
        known.writes.fetch_add(1, Ordering::SeqCst);
    }
}

/// Every picture of somebody, with its address.
async fn all_pictures(person: &Person) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = person.get(&format!("/media?limit=100{cursor}")).await;
        let page: Value = serde_json::from_str(&page).expect("JSON");
        for item in page["items"].as_array().expect("items") {
            let member = |name: &str| item[name].as_str().expect("a text").to_owned();
            found.insert(member("key"), member("url"));
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// A home on another machine, so to say. On a server it is the same database, after a disaster;
/// before that, the backup does not go into what is not empty.
async fn fresh_home(home: &Home, database_url: &str, backup: &std::path::Path) -> Home {
    if database_url.starts_with("sqlite") {
        return Home::new();
    }
    home.run(["restore", text(backup)]).failed(["is not empty"]);
    let database = connect(database_url).await;
    let name = database_url.rsplit('/').next().unwrap_or_default();
    let name = name.split('?').next().unwrap_or_default();
    let statements = match database.get_database_backend() {
        DbBackend::Postgres => "DROP SCHEMA public CASCADE; CREATE SCHEMA public".to_owned(),
        _ => format!("DROP DATABASE {name}; CREATE DATABASE {name}; USE {name}"),
    };
    let done = database.execute_unprepared(&statements).await;
    done.expect("the server does it");
    database.close().await.expect("it closes");
    Home::new().with("DATABASE_URL", database_url)
}

/// Asks SQLite whether the restored file is sound.
async fn check_file(home: &Home) {
    let file = home.path("data/ensemble.db");
    if file.exists() {
        let database = connect(&format!("sqlite://{}", file.display())).await;
        let sound: String = ask(&database, "PRAGMA integrity_check").await;
        assert_eq!(sound, "ok");
        database.close().await.expect("it closes");
    }
}
