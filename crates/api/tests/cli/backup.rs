//! Backups, and the way back.

mod beside_writers;
mod trouble;

use std::path::{Path, PathBuf};
use std::time::Duration;

use test_database::on_every_engine;

use crate::crash::{ask, connect};
use crate::home::Home;
use crate::process::{Person, Server};

on_every_engine! {
    test_database::run;
    servers_make_them_by_themselves_and_one_is_enough,
}

const PHONE: &str = "010-1234-5678";

/// Makes a backup in the folder `backups` of a home; where it is.
#[track_caller]
fn take(home: &Home) -> PathBuf {
    let told = home.run(["backup", "backups"]).succeeded();
    PathBuf::from(told.trim())
}

/// Text of a path, for the command line.
fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The backups in a folder that are finished by their names.
fn finished(folder: &Path) -> Vec<String> {
    let mut names = names(folder);
    names.retain(|name| name.starts_with("ensemble-"));
    names
}

/// Waits until something is so.
async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let becomes_so = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(5));
        while !is_so() {
            rounds.tick().await;
        }
    };
    let became_so = tokio::time::timeout(Duration::from_secs(60), becomes_so).await;
    assert!(became_so.is_ok(), "{what}");
}

#[test]
fn the_latest_are_kept() {
    let home = Home::new();
    home.run(["migrate", "up"]).succeeded();
    let first = take(&home);
    let second = take(&home);
    let kept = home.run(["backup", "backups", "--keep", "2"]).succeeded();
    let folder = home.path("backups");
    assert!(!first.exists() && second.exists());
    assert_eq!(finished(&folder).len(), 2);
    assert!(Path::new(kept.trim()).exists());
    home.run(["backup", "backups", "--keep", "0"])
        .failed(["--keep"]);
    let verified = home.run(["restore", "--verify", text(&second)]).succeeded();
    assert!(
        verified.contains("SQLite") && verified.contains("sound"),
        "{verified}"
    );
}

#[test]
fn the_doctor_knows_the_age_of_the_latest() {
    let home = Home::new();
    home.run(["migrate", "up"]).succeeded();
    let silent = home.run(["doctor"]).succeeded();
    assert!(!silent.contains("backup"), "{silent}");
    home.run(["backup"]).succeeded();
    let told = home.run(["doctor"]).succeeded();
    assert!(
        told.contains("ok       backup: the latest in") && told.contains("is 0 hours old"),
        "{told}"
    );
    let asked = home
        .with("ENSEMBLE__BACKUP__DIR", "old")
        .with("ENSEMBLE__BACKUP__EVERY_HOURS", "24");
    let told = asked.run(["doctor"]).succeeded();
    assert!(told.contains("note     backup: none in old yet"), "{told}");
    // Made long ago, by its name.
    let taken = asked.run(["backup", "old"]).succeeded();
    let old = asked.path("old/ensemble-20250101T000000.000Z");
    std::fs::rename(taken.trim(), old).expect("another name");
    asked
        .run(["doctor"])
        .failed(["PROBLEM  backup: the latest in old", "one problem"]);
}

async fn servers_make_them_by_themselves_and_one_is_enough(database_url: String) {
    let folder = tempfile::tempdir().expect("a folder");
    let node = |number: &str| {
        Home::new()
            .with("DATABASE_URL", &database_url)
            .with("ENSEMBLE__SERVER__NODE_ID", number)
            .with("ENSEMBLE__BACKUP__DIR", text(folder.path()))
            .with("ENSEMBLE__BACKUP__EVERY_HOURS", "24")
    };
    let mut homes = vec![node("1")];
    homes[0].user(PHONE);
    if !database_url.starts_with("sqlite") {
        homes.push(node("2"));
    }
    let servers: Vec<_> = homes.iter().map(Server::start).collect();
    let folder = folder.path();
    until("a backup is made", || !finished(folder).is_empty()).await;
    for server in servers {
        server.terminate();
        let (status, log) = server.wait();
        assert_eq!(status.code(), Some(0), "{log}");
        assert!(!log.contains("no backup was made"), "{log}");
    }
    let made = finished(folder);
    assert_eq!(made.len(), 1, "the next one is due tomorrow: {made:?}");
    let path = folder.join(&made[0]);
    let verified = homes[0].run(["restore", "--verify", text(&path)]);
    let verified = verified.succeeded();
    // Only a server can count what is in a dump.
    let counted = verified.contains("users 1");
    assert_eq!(counted, database_url.starts_with("sqlite"), "{verified}");
}

#[tokio::test]
async fn a_server_that_stops_does_not_wait_for_a_backup() {
    let home = Home::new()
        .with("ENSEMBLE__BACKUP__DIR", "by-itself")
        .with("ENSEMBLE__BACKUP__EVERY_HOURS", "24");
    home.run(["migrate", "up"]).succeeded();
    // A picture that is never read to its end: a backup made meanwhile does not end by itself.
    let media = home.path("data/media");
    std::fs::create_dir_all(&media).expect("a folder");
    let folder = home.path("by-itself");
    let picture = media.join(format!("{}.png", "0".repeat(40)));
    let large = std::fs::File::create(&picture).expect("a file");
    // A hole: it takes no room until it is copied.
    large.set_len(1 << 36).expect("a length");
    let server = Server::start(&home);
    until("a backup is begun", || {
        names(&folder)
            .iter()
            .any(|name| name.starts_with(".unfinished-"))
    })
    .await;
    server.terminate();
    let (status, log) = server.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(finished(&folder).is_empty());
}

#[test]
fn what_is_there_is_only_replaced_when_asked_and_never_lost() {
    let home = Home::new();
    home.user(PHONE);
    let backup = take(&home);
    home.user("010-0000-0002");
    home.run(["restore", text(&backup)])
        .failed(["is there already", "--replace"]);
    assert_eq!(home.run(["user", "list"]).succeeded().lines().count(), 2);

    let server = Server::start(&home);
    home.run(["restore", text(&backup), "--replace"])
        .failed(["is in use", "stop the server"]);
    server.terminate();
    assert_eq!(server.wait().0.code(), Some(0));

    home.write("data/recommender.snapshot", "of another time");
    let told = home
        .run(["restore", text(&backup), "--replace"])
        .succeeded();
    assert!(!told.contains("PROBLEM"), "{told}");
    assert!(!home.path("data/recommender.snapshot").exists());
    assert_eq!(home.run(["user", "list"]).succeeded().lines().count(), 1);
    let data = names(&home.path("data"));
    let aside = data
        .iter()
        .find(|name| name.starts_with("ensemble.db.before-"));
    let aside = home.path("data").join(aside.expect("it was put aside"));
    let before = Home::new().with("DATABASE_URL", &format!("sqlite://{}", aside.display()));
    assert_eq!(before.run(["user", "list"]).succeeded().lines().count(), 2);
}

#[test]
fn a_damaged_database_can_be_replaced() {
    let home = Home::new();
    home.user(PHONE);
    let backup = take(&home);
    home.write(
        "data/ensemble.db",
        "this was a database, until something fell on it",
    );
    home.write("data/ensemble.db-wal", "of the damaged one");
    home.run(["restore", text(&backup)])
        .failed(["is there already"]);
    home.run(["restore", text(&backup), "--replace"])
        .succeeded();
    assert_eq!(home.run(["user", "list"]).succeeded().lines().count(), 1);
}

#[tokio::test]
async fn without_its_secrets_people_come_back_and_the_operator_is_told() {
    let home = Home::new();
    home.user(PHONE);
    let told = home.run(["backup", "backups"]);
    assert!(told.err.contains("sign in as anybody"), "{}", told.err);
    let whole = told.succeeded();
    let told = home.run(["backup", "backups", "--without-secrets"]);
    assert!(!told.err.contains("secrets.toml"), "{}", told.err);
    let bare = told.succeeded();
    let secrets = |home: &Home| std::fs::read(home.path("data/secrets.toml")).expect("secrets");

    let fresh = Home::new();
    let told = fresh.run(["restore", bare.trim()]).succeeded();
    assert!(told.contains("PROBLEM  key"), "{told}");
    assert_ne!(secrets(&fresh), secrets(&home));
    let server = Server::start(&fresh);
    Person::sign_in(&server, PHONE).await;
    drop(server);
    // Later the other one is found.
    let told = fresh
        .run(["restore", whole.trim(), "--replace"])
        .succeeded();
    assert!(!told.contains("PROBLEM"), "{told}");
    assert_eq!(secrets(&fresh), secrets(&home));
    let data = names(&fresh.path("data"));
    assert!(
        data.iter()
            .any(|name| name.starts_with("secrets.toml.before-")),
        "{data:?}"
    );
}

#[tokio::test]
async fn a_backup_of_a_newer_program_is_refused() {
    let home = Home::new();
    home.run(["migrate", "up"]).succeeded();
    let url = format!("sqlite://{}", home.path("data/ensemble.db").display());
    let database = connect(&url).await;
    let sql = "INSERT INTO seaql_migrations VALUES ('m29990101_000001_fly', 0)";
    let added = sea_orm::ConnectionTrait::execute_unprepared(&database, sql).await;
    added.expect("a step of the future");
    let steps: i64 = ask(&database, "SELECT COUNT(*) FROM seaql_migrations").await;
    assert!(steps > 1);
    database.close().await.expect("it closes");
    let backup = take(&home);
    let fresh = Home::new();
    for command in [
        &["restore", text(&backup)][..],
        &["restore", "--verify", text(&backup)],
    ] {
        let ran = fresh.command(command).output().expect("the program");
        crate::home::Ran::of(ran).failed(["newer program", "m29990101_000001_fly"]);
    }
    assert!(!fresh.path("data/ensemble.db").exists());
}
