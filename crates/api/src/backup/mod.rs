//! Backups: the database and the pictures as they are at one moment, in a folder of their own, and
//! the way back.
//!
//! A backup is a folder `ensemble-20261121T194512.123Z` with `manifest.json`, which says what it is
//! of and lists every file with its size and SHA-256, and the manifest's own sum beside it. It is
//! made under a name that begins with a dot, written to the disk, and then renamed: what has its
//! name is whole.

mod check;
mod files;
mod manifest;
mod pictures;
mod place;
mod restore;
mod schedule;
mod shelf;
mod take;
mod tools;
mod turn;

use std::error::Error;

use manifest::Engine;
use tools::Way;

use crate::configuration;

pub(crate) use check::{Checked, check};
pub(crate) use manifest::{Manifest, Media};
pub(crate) use restore::{Secrets, restore};
pub(crate) use schedule::Schedule;
pub(crate) use shelf::latest;
pub(crate) use take::{Order, take};

/// Why there is no backup, or no way back from it: in an operator's words.
type Failure = Box<dyn Error + Send + Sync>;

/// The copy of an SQLite file.
const SQLITE: &str = "database.sqlite";
/// What `pg_dump` wrote, in its own format.
const POSTGRES: &str = "database.pg_dump";
/// What `mariadb-dump` or `mysqldump` wrote.
const MYSQL: &str = "database.sql";
/// The folder of pictures.
const MEDIA: &str = "media";
/// The secrets of a development installation.
const SECRETS: &str = "secrets.toml";

/// Whether the program is installed that a backup of this kind of database needs.
///
/// # Errors
/// Where it is not: which one, and where it is to be had.
pub(crate) async fn ready(engine: configuration::Engine) -> Result<(), Failure> {
    match Engine::from(engine) {
        Engine::Sqlite => Ok(()),
        server => tools::find(server, Way::Dump).await.map(|_| ()),
    }
}

/// A number of bytes for people.
pub(crate) fn shown(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} bytes");
    }
    let mut size = bytes as f64 / 1024.0;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_shown_in_units_that_fit() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1536, "1.5 KiB"),
            (5 << 30, "5.0 GiB"),
            (u64::MAX, "16777216.0 TiB"),
        ] {
            assert_eq!(super::shown(bytes), expected);
        }
    }
}
