//! Death without warning, in the middle of an import and of writes by many.
//!
//! Every round kills the server (SIGKILL), starts it again on what was left, and holds that
//! against what the clients had been told before.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use reqwest::{Body, Method, StatusCode};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use test_database::on_every_engine;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

use crate::home::Home;
use crate::process::{Person, Server};

on_every_engine! {
    test_database::run;
    what_was_acknowledged_survives_and_nothing_half_done_shows,
}

const ROUNDS: usize = 4;
const WRITERS: usize = 4;
/// Writes that have to be acknowledged before a round may end.
const WRITES: usize = 40;
/// Rows of each import, more than are stored at a time.
const ROWS: usize = 2_600;
const PHONE: &str = "010-1234-5678";

/// What the server said it had done: prices by product id, and the categories of imports.
#[derive(Default)]
struct Acknowledged {
    products: Mutex<BTreeMap<String, Vec<i64>>>,
    deleted: Mutex<Vec<String>>,
    writes: AtomicUsize,
    imports: Mutex<Vec<String>>,
}

async fn what_was_acknowledged_survives_and_nothing_half_done_shows(database_url: String) {
    let home = Home::new().with("DATABASE_URL", &database_url);
    home.user(PHONE);
    let known = Arc::new(Acknowledged::default());
    // Of this one nobody knows whether it was done.
    let mut unsure = None;
    for round in 0..ROUNDS {
        let server = Server::start(&home);
        let person = Person::sign_in(&server, PHONE).await;
        check(&person, &known, unsure.take()).await;

        known.writes.store(0, Ordering::SeqCst);
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| tokio::spawn(write_on(person.clone(), known.clone())))
            .collect();
        let whole = format!("whole-{round}");
        import(&person, &whole).await;
        known.imports.lock().await.push(whole);

        let broken = format!("broken-{round}");
        let (pieces, importing) = begin_import(&person, &broken);
        let half = file(&broken, 0..ROWS / 2);
        pieces.send(half).await.expect("somebody reads");
        staged(&database_url, round).await;
        let mut rounds = tokio::time::interval(Duration::from_millis(1));
        while known.writes.load(Ordering::SeqCst) < WRITES {
            rounds.tick().await;
        }
        if round % 2 == 0 {
            server.kill();
            drop(pieces);
            assert!(!importing.await.expect("an end"), "it was never finished");
        } else {
            // The last piece arrives, and with it death.
            let rest = rows(&broken, ROWS / 2..ROWS);
            pieces.send(rest).await.expect("somebody reads");
            drop(pieces);
            server.kill();
            if importing.await.expect("an end") {
                known.imports.lock().await.push(broken.clone());
            } else {
                unsure = Some(broken.clone());
            }
        }
        for writer in writers {
            writer.await.expect("a writer ends with the server");
        }
    }
    let server = Server::start(&home);
    let person = Person::sign_in(&server, PHONE).await;
    check(&person, &known, unsure.take()).await;
    server.terminate();
    assert_eq!(server.wait().0.code(), Some(0));
    check_file(&database_url).await;
}

/// Makes, changes and removes products until the server is gone, and notes what it was told.
async fn write_on(person: Person, known: Arc<Acknowledged>) {
    let send = async |method: Method, path: String, body: Value| {
        let request = person.request(method, &path);
        let request = request.header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.ok()?;
        let status = answer.status();
        assert!(status.is_success(), "{path}: {status}");
        answer.bytes().await.ok()
    };
    for number in 0_i64.. {
        let body = json!({"category": "single", "name": format!("하나 {number}"), "price": number, "cost": 0, "size": "small"});
        let Some(made) = send(Method::POST, "/products".into(), body).await else {
            return;
        };
        let made: Value = serde_json::from_slice(&made).expect("JSON");
        let id = made["product_id"].as_str().expect("an id").to_owned();
        // Before it is asked for: a change that was made though nobody heard of it is no fault.
        let mut prices = vec![number];
        if number % 3 == 0 {
            prices.push(number + 1_000_000);
        }
        known.products.lock().await.insert(id.clone(), prices);
        known.writes.fetch_add(1, Ordering::SeqCst);
        let path = format!("/products/{id}");
        if number % 3 == 0 {
            let change = json!({"price": number + 1_000_000});
            if send(Method::PATCH, path, change).await.is_none() {
                return;
            }
            let changed = vec![number + 1_000_000];
            known.products.lock().await.insert(id, changed);
            known.writes.fetch_add(1, Ordering::SeqCst);
        } else if number % 5 == 1 {
            known.products.lock().await.remove(&id);
            if send(Method::DELETE, path, json!({})).await.is_none() {
                return;
            }
            known.deleted.lock().await.push(id);
            known.writes.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn rows(category: &str, numbers: std::ops::Range<usize>) -> String {
    let mut rows = String::new();
    for number in numbers {
        writeln!(
            rows,
            "{category},슈크림 {category} {number},{number},0,small"
        )
        .expect("room");
    }
    rows
}

fn file(category: &str, numbers: std::ops::Range<usize>) -> String {
    format!("category,name,price,cost,size\n{}", rows(category, numbers))
}

/// Brings in a whole file.
async fn import(person: &Person, category: &str) {
    let request = person.request(Method::POST, "/products/import");
    let request = request.header("content-type", "text/csv");
    let answer = request.body(file(category, 0..ROWS)).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let report: Value = answer.json().await.expect("JSON");
    assert_eq!(report["imported"], ROWS);
}

/// Begins to bring in a file that is sent piece by piece; the task tells whether the server said
/// that it was done.
fn begin_import(person: &Person, category: &str) -> (mpsc::Sender<String>, JoinHandle<bool>) {
    let (sender, receiver) = mpsc::channel::<String>(1);
    let pieces = stream::unfold(receiver, |mut receiver| async move {
        let piece = Bytes::from(receiver.recv().await?);
        Some((Ok::<_, std::io::Error>(piece), receiver))
    });
    let request = person.request(Method::POST, "/products/import");
    let request = request.header("content-type", "text/csv");
    let request = request.body(Body::wrap_stream(pieces));
    let category = category.to_owned();
    let task = tokio::spawn(async move {
        let Ok(answer) = request.send().await else {
            return false;
        };
        assert_eq!(answer.status(), StatusCode::OK, "{category}");
        answer.bytes().await.is_ok()
    });
    (sender, task)
}

pub(crate) async fn connect(database_url: &str) -> DatabaseConnection {
    sea_orm::Database::connect(database_url)
        .await
        .expect("a connection")
}

pub(crate) async fn ask<T: sea_orm::TryGetable>(database: &DatabaseConnection, sql: &str) -> T {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(statement).await.expect("an answer");
    row.expect("a row").try_get_by_index(0).expect("a value")
}

/// Waits until part of an import is stored, where nobody sees it yet.
async fn staged(database_url: &str, rounds_before: usize) {
    let database = connect(database_url).await;
    let arrives = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(5));
        loop {
            rounds.tick().await;
            let sql = "SELECT COUNT(*) FROM products WHERE import_id IS NOT NULL AND category = ";
            let sql = format!("{sql}'broken-{rounds_before}'");
            if ask::<i64>(&database, &sql).await > 0 {
                return;
            }
        }
    };
    let arrived = tokio::time::timeout(Duration::from_secs(60), arrives).await;
    arrived.expect("half a file is stored");
    database.close().await.expect("it closes");
}

/// Holds what there is against what was acknowledged.
async fn check(person: &Person, known: &Acknowledged, unsure: Option<String>) {
    let listed = person.products("").await;
    let export = person.get("/products/export").await;
    let exported: Vec<&str> = export.lines().skip(1).collect();
    assert_eq!(exported.len(), listed.len(), "list and export agree");
    let text =
        |product: &Value, member: &str| product[member].as_str().unwrap_or_default().to_owned();
    let prices: BTreeMap<String, i64> = listed
        .iter()
        .map(|product| {
            (
                text(product, "product_id"),
                product["price"].as_i64().unwrap_or(-1),
            )
        })
        .collect();
    assert_eq!(prices.len(), listed.len(), "no product comes twice");
    for (id, possible) in known.products.lock().await.iter() {
        let price = prices.get(id);
        assert!(
            price.is_some_and(|price| possible.contains(price)),
            "{id}: {price:?}, not {possible:?}"
        );
    }
    for id in known.deleted.lock().await.iter() {
        assert!(!prices.contains_key(id), "{id} was deleted");
    }

    let mut by_category = BTreeMap::<String, usize>::new();
    for product in &listed {
        *by_category.entry(text(product, "category")).or_default() += 1;
    }
    by_category.remove("single");
    let mut imports = known.imports.lock().await;
    // One that may have been finished is whole or not there, and stays what it is.
    imports.extend(unsure.filter(|category| by_category.contains_key(category)));
    let expected = imports.iter().map(|category| (category.clone(), ROWS));
    assert_eq!(by_category, expected.collect());
    // Searching sees what listing sees.
    let found = person.products("&q=%E3%85%85%E3%85%8B%E3%84%B9").await;
    assert_eq!(found.len(), imports.len() * ROWS);
    let singles = person
        .products("&q=%E3%85%8E%E3%84%B4&category=single")
        .await;
    assert_eq!(singles.len(), listed.len() - found.len());
}

/// Asks SQLite whether its file is sound.
pub(crate) async fn check_file(database_url: &str) {
    let database = connect(database_url).await;
    if database.get_database_backend() == sea_orm::DbBackend::Sqlite {
        let sound: String = ask(&database, "PRAGMA integrity_check").await;
        assert_eq!(sound, "ok");
        let orphans = "SELECT COUNT(*) FROM pragma_foreign_key_check";
        assert_eq!(ask::<i64>(&database, orphans).await, 0);
    }
    database.close().await.expect("it closes");
}
