//! `ensemble doctor`

use std::error::Error;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use domain::{Clock, SystemClock};
use gateway::event_bus::{RedisBus, RedisBusOptions};
use migration::MigrationStatus;
use repository::Database;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use service::user::{HashSettings, PasswordHasher};

use super::{Outcome, load};
use crate::backup;
use crate::configuration::{BindHost, Configuration, Stage};
use crate::private;
use crate::tls::Certificate;
use crate::wiring::database_options;

/// How far this machine's clock may be from the database server's.
const MAX_DRIFT_SECONDS: i64 = 5;
/// Ids begin on this day (Unix seconds of 2025-01-01): a clock before it is wrong.
const EARLIEST: i64 = 1_735_689_600;

struct Report {
    problems: u32,
}

impl Report {
    fn good(&self, what: &str, detail: impl std::fmt::Display) {
        println!("  ok       {what}: {detail}");
    }

    fn bad(&mut self, what: &str, detail: impl std::fmt::Display) {
        self.problems += 1;
        println!("  PROBLEM  {what}: {detail}");
    }
}

/// Checks everything it can reach and says in plain words what is wrong.
pub(super) async fn run(file: Option<PathBuf>) -> Outcome {
    let mut report = Report { problems: 0 };
    match load(file) {
        Ok(loaded) => {
            let environment = match loaded.configuration.environment {
                Stage::Development => "development",
                Stage::Production => "production",
            };
            report.good("settings", format_args!("read, for {environment}"));
            for warning in &loaded.warnings {
                println!("  note     settings: {warning}");
            }
            check(&loaded.configuration, &mut report).await;
        }
        Err(error) => report.bad("settings", error),
    }
    match report.problems {
        0 => Ok(()),
        1 => Err("one problem was found".into()),
        many => Err(format!("{many} problems were found").into()),
    }
}

async fn check(configuration: &Configuration, report: &mut Report) {
    check_folder(configuration, report);
    check_ports(configuration, report);
    check_tls(configuration, report);
    check_clock(report);
    check_database(configuration, report).await;
    check_redis(configuration, report).await;
    check_hashing(configuration, report).await;
    check_backup(configuration, report).await;
}

/// How old the latest backup is; nothing where there is none and nobody asked for any.
async fn check_backup(configuration: &Configuration, report: &mut Report) {
    let settings = &configuration.backup;
    if settings.every.is_some()
        && let Err(error) = backup::ready(configuration.database.engine).await
    {
        report.bad("backup", error);
    }
    let folder = settings.folder.display();
    match (backup::latest(&settings.folder), settings.every) {
        (Err(error), _) => report.bad("backup", format_args!("{folder}: {error}")),
        (Ok(None), None) => {}
        (Ok(None), Some(_)) => {
            println!(
                "  note     backup: none in {folder} yet; the server makes one when it starts"
            );
        }
        (Ok(Some((at, _))), every) => {
            let age = SystemClock.now() - at;
            // One that failed is tried again long before this.
            let is_late = every.is_some_and(|every| age.to_std().is_ok_and(|age| age > 2 * every));
            let told = format!("the latest in {folder} is {} hours old", age.num_hours());
            match is_late {
                true => report.bad("backup", format_args!("{told}: see the server's log")),
                false => report.good("backup", told),
            }
        }
    }
}

fn check_folder(configuration: &Configuration, report: &mut Report) {
    let folder = &configuration.storage.data_dir;
    let written = private::create_dir(folder).and_then(|()| tempfile::tempfile_in(folder));
    match written {
        Ok(_) => report.good("data folder", folder.display()),
        Err(error) => report.bad(
            "data folder",
            format_args!("{} cannot be written: {error}", folder.display()),
        ),
    }
}

fn check_ports(configuration: &Configuration, report: &mut Report) {
    let (server, metrics) = (&configuration.server, &configuration.metrics);
    let mut check = |what: &str, host: &BindHost, port: u16| {
        let place = host.authority(port);
        match TcpListener::bind((host.ip(), port)) {
            Ok(_) => report.good(what, format_args!("{place} is free")),
            Err(error) => report.bad(
                what,
                format_args!("{place}: {error} (is a server running already?)"),
            ),
        }
    };
    check("port", &server.host, server.port);
    if let Some(port) = metrics.port {
        check("metrics", &metrics.host, port);
    }
}

fn check_tls(configuration: &Configuration, report: &mut Report) {
    let Some(files) = &configuration.server.tls else {
        return;
    };
    match Certificate::read(files) {
        Ok(_) => report.good(
            "tls",
            format_args!(
                "{} and its key belong together",
                files.certificate.display()
            ),
        ),
        Err(error) => match error.source() {
            Some(cause) => report.bad("tls", format_args!("{error}: {cause}")),
            None => report.bad("tls", error),
        },
    }
}

fn check_clock(report: &mut Report) {
    let now = SystemClock.now();
    if now.timestamp() < EARLIEST {
        report.bad(
            "clock",
            format_args!("it says {now}, which cannot be; set it, ids are made of it"),
        );
    } else {
        report.good("clock", now.format("%Y-%m-%d %H:%M:%S UTC"));
    }
}

async fn check_database(configuration: &Configuration, report: &mut Report) {
    let place = configuration.database.url.redacted();
    let database = match Database::connect(&database_options(configuration)).await {
        Ok(database) => database,
        Err(error) => {
            return report.bad(
                "database",
                format_args!("{place} cannot be reached: {error}"),
            );
        }
    };
    report.good("database", format_args!("{place} answers"));
    match migration::status(&database.write()).await {
        Ok(steps) => {
            let pending = steps
                .iter()
                .filter(|(_, status)| *status == MigrationStatus::Pending)
                .count();
            if pending == 0 {
                report.good("schema", "up to date");
            } else {
                println!(
                    "  note     schema: {pending} steps pending; serving takes them, or `ensemble migrate up`"
                );
            }
        }
        Err(error) => report.bad("schema", error),
    }
    match drift(&database).await {
        Ok(seconds) if seconds.abs() > MAX_DRIFT_SECONDS => {
            report.bad(
                "clock",
                format_args!("{seconds} s from the database's: synchronise both (NTP)"),
            );
        }
        Ok(_) => report.good("clock", "agrees with the database's"),
        Err(error) => report.bad(
            "clock",
            format_args!("the database's could not be read: {error}"),
        ),
    }
}

/// How many seconds the database's clock is ahead of ours.
async fn drift(database: &Database) -> Result<i64, sea_orm::DbErr> {
    let backend = database.read().get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => "SELECT CAST(EXTRACT(EPOCH FROM now()) AS BIGINT) AS seconds",
        DbBackend::MySql => "SELECT CAST(UNIX_TIMESTAMP() AS SIGNED) AS seconds",
        _ => "SELECT CAST(strftime('%s', 'now') AS INTEGER) AS seconds",
    };
    let row = database
        .read()
        .query_one_raw(Statement::from_string(backend, sql))
        .await?;
    let seconds: Option<i64> = row.map(|row| row.try_get("", "seconds")).transpose()?;
    Ok(seconds.unwrap_or_default() - SystemClock.now().timestamp())
}

async fn check_redis(configuration: &Configuration, report: &mut Report) {
    let Some(url) = &configuration.redis.url else {
        return;
    };
    let place = url.redacted();
    let bus = match RedisBus::connect(&url.expose().into(), RedisBusOptions::default()) {
        Ok(bus) => bus,
        Err(error) => return report.bad("redis", error),
    };
    match bus.ping().await {
        Ok(()) => report.good("redis", format_args!("{place} answers")),
        Err(error) => report.bad("redis", format_args!("{place}: {error}")),
    }
    bus.shutdown().await;
}

async fn check_hashing(configuration: &Configuration, report: &mut Report) {
    let limits = &configuration.limits;
    let hasher = PasswordHasher::new(HashSettings::recommended(
        limits.hash_concurrency,
        limits.hash_queue,
        limits.hash_wait,
    ));
    let Ok(place) = hasher.place().await else {
        return report.bad("hashing", "no place");
    };
    let begin = Instant::now();
    let hashed = place.hash(&"a password to measure with".into()).await;
    let took = begin.elapsed();
    match hashed {
        Ok(_) if took < Duration::from_secs(1) => {
            report.good(
                "hashing",
                format_args!("a password takes {} ms", took.as_millis()),
            );
        }
        Ok(_) => report.bad(
            "hashing",
            format_args!(
                "a password takes {} ms: this machine is too slow or too busy",
                took.as_millis()
            ),
        ),
        Err(_) => report.bad("hashing", "no password could be hashed"),
    }
}
