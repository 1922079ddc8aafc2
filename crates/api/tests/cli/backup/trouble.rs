//! Backups that are damaged, cut off, or cannot be made.

use std::process::{Command, Stdio};

use sea_orm::ConnectionTrait;

use super::{finished, names, take, text, until};
use crate::crash::connect;
use crate::home::{Home, Ran};

#[test]
fn a_damaged_byte_is_found_in_whatever_file() {
    let home = Home::new();
    home.user("010-1234-5678");
    let picture = format!("{}.png", "a".repeat(40));
    let media = home.path("data/media");
    std::fs::create_dir_all(&media).expect("a folder");
    std::fs::write(media.join(&picture), "a picture").expect("a file");
    let backup = take(&home);
    home.run(["restore", "--verify", text(&backup)]).succeeded();
    let picture = format!("media/{picture}");
    for name in ["database.sqlite", "manifest.json", "secrets.toml", &picture] {
        let path = backup.join(name);
        let good = std::fs::read(&path).expect("it is in the backup");
        let mut bad = good.clone();
        bad[good.len() / 2] ^= 1;
        let fresh = Home::new();
        let is_found = || {
            let verify = home.run(["restore", "--verify", text(&backup)]);
            verify.failed([name, "is damaged"]);
            fresh
                .run(["restore", text(&backup)])
                .failed([name, "is damaged"]);
            assert!(!fresh.path("data/ensemble.db").exists());
        };
        std::fs::write(&path, &bad).expect("it is written");
        is_found();
        std::fs::write(&path, &good[1..]).expect("it is written");
        is_found();
        std::fs::remove_file(&path).expect("it is gone");
        let verify = home.run(["restore", "--verify", text(&backup)]);
        verify.failed([name, "No such file"]);
        std::fs::write(&path, &good).expect("it is written");
    }
    home.run(["restore", "--verify", text(&backup)]).succeeded();
    home.run(["restore", "--verify", "data"])
        .failed(["data is no backup"]);
}

#[tokio::test]
async fn a_killed_backup_leaves_nothing_that_looks_whole() {
    let home = Home::new();
    home.user("010-1234-5678");
    let url = format!("sqlite://{}", home.path("data/ensemble.db").display());
    let database = connect(&url).await;
    // Whoever wants to read now has to wait: in the middle of making a backup.
    for sql in [
        "PRAGMA locking_mode = EXCLUSIVE",
        "UPDATE users SET name = name",
    ] {
        database
            .execute_unprepared(sql)
            .await
            .expect("the whole file");
    }
    let mut program: Command = home.command(["backup", "backups"]);
    program.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = program.spawn().expect("the program");
    let folder = home.path("backups");
    let begun = || {
        let unfinished = names(&folder).into_iter();
        let mut unfinished = unfinished.filter(|name| name.starts_with(".unfinished-"));
        let path = folder.join(unfinished.next()?);
        path.join("database.sqlite").exists().then_some(path)
    };
    until("a backup is begun", || begun().is_some()).await;
    let left = begun().expect("it is still under way");
    // Nobody else begins one there.
    home.run(["backup", "backups"])
        .failed(["a backup is being made there"]);
    child.kill().expect("it dies");
    child.wait().expect("it is dead");
    assert!(finished(&folder).is_empty());
    home.run(["restore", "--verify", text(&left)])
        .failed(["is no backup"]);
    database.close().await.expect("it closes");

    let backup = take(&home);
    home.run(["restore", "--verify", text(&backup)]).succeeded();
    assert!(!left.exists(), "what was left is cleared away");
}

#[test]
fn what_cannot_be_backed_up_is_told() {
    let home = Home::new();
    home.run(["backup"]).failed(["there is no database yet"]);
    home.run(["doctor"]).succeeded();
    home.run(["backup"]).failed(["no schema"]);
    assert!(finished(&home.path("data/backups")).is_empty());
    let home = home.with("DATABASE_URL", "sqlite::memory:");
    home.run(["backup"]).failed(["in memory"]);
    for (url, tool) in [
        ("postgres://u:hunter2@127.0.0.1:1/d", "pg_dump"),
        ("mysql://u:hunter2@127.0.0.1:1/d", "mariadb-dump"),
    ] {
        // Nothing is installed there.
        let home = Home::new()
            .with("DATABASE_URL", url)
            .with("PATH", "/nonexistent");
        let output = home.command(["backup"]).output().expect("the program");
        let ran = Ran::of(output);
        assert!(!ran.err.contains("hunter2"), "{}", ran.err);
        ran.failed([tool, "is not installed", "-client"]);
        let home = home
            .with("ENSEMBLE__BACKUP__EVERY_HOURS", "24")
            .with("ENSEMBLE__DATABASE__ACQUIRE_TIMEOUT_SECONDS", "1");
        home.run(["doctor"])
            .failed(["PROBLEM  backup: ", tool, "is not installed"]);
    }
}

#[test]
fn a_backup_goes_back_to_its_own_kind_alone() {
    let home = Home::new();
    home.run(["migrate", "up"]).succeeded();
    let backup = take(&home);
    let other = Home::new().with("DATABASE_URL", "mysql://u@127.0.0.1:1/d");
    other
        .run(["restore", text(&backup)])
        .failed(["is of SQLite", "MySQL/MariaDB"]);
}
