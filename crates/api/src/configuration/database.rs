//! Section `database`: which database, and how much of it.

use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret;
use url::Url;

use super::address::{SecretUrl, percent_encoded};
use super::layers::Origin;
use super::reader::Reader;

/// The parts that stand in for a URL, and whether one has to be there.
const PARTS: [(&str, bool); 5] = [
    ("database.host", true),
    ("database.port", false),
    ("database.user", true),
    ("database.password", false),
    ("database.name", true),
];

/// The database.
#[derive(Clone, Debug)]
pub struct Database {
    /// Where it is. The scheme is `sqlite`, `postgres` or `mysql`, whichever synonym was given.
    pub url: SecretUrl,
    /// What kind it is.
    pub engine: Engine,
    /// Connections of the pool on PostgreSQL and MySQL, 1–1000.
    pub max_connections: u32,
    /// Reading connections on SQLite, beside the single writing one.
    pub sqlite_readers: u32,
    /// How long to wait for a free connection.
    pub acquire_timeout: Duration,
    /// When SQLite waits for the disk.
    pub sqlite_synchronous: Synchronous,
}

/// The kinds of databases that Ensemble runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file (or `:memory:`) of this process alone.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
    /// A MySQL or MariaDB server.
    Mysql,
}

/// When SQLite waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// At checkpoints: a commit survives the end of the process, `kill -9` included, but the last ones may be lost
    /// when the machine loses power.
    Normal,
    /// At every commit: it survives the loss of power too, and costs a disk flush each.
    Full,
}

impl Database {
    pub(super) fn read(reader: &mut Reader, data_dir: &Path) -> Self {
        let (url, engine) =
            connection(reader).unwrap_or_else(|| (in_data_dir(data_dir), Engine::Sqlite));
        Self {
            url,
            engine,
            max_connections: reader.whole("database.max_connections", 1..=1000),
            sqlite_readers: reader.whole("database.sqlite_readers", 1..=64),
            acquire_timeout: reader.seconds("database.acquire_timeout_seconds", 1..=600),
            sqlite_synchronous: reader.choice(
                "database.sqlite_synchronous",
                &[("normal", Synchronous::Normal), ("full", Synchronous::Full)],
                Synchronous::Normal,
            ),
        }
    }
}

/// The URL, or the one that the parts form, or none. A URL beats the parts, unless it stands in the file and they
/// in the environment: the environment beats the file.
fn connection(reader: &mut Reader) -> Option<(SecretUrl, Engine)> {
    let url = reader.secret("database.url");
    let from_parts = from_parts(reader);
    let part_is_variable = PARTS
        .iter()
        .any(|(key, _)| matches!(reader.origin(key), Origin::Variable(_)));
    let url_is_in_file = matches!(reader.origin("database.url"), Origin::File(_));
    let url = url.filter(|_| !(url_is_in_file && part_is_variable));
    let Some(url) = url else {
        return match from_parts? {
            Ok(url) => Some((SecretUrl::hiding_password(&url), Engine::Mysql)),
            Err((key, message)) => {
                reader.fault(key, message);
                None
            }
        };
    };
    let parsed = parse(url.expose_secret().trim());
    parsed
        .map_err(|message| reader.fault("database.url", message))
        .ok()
}

fn parse(text: &str) -> Result<(SecretUrl, Engine), String> {
    let scheme = text
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let (scheme, engine) = match scheme.as_str() {
        "sqlite" => {
            let path = text["sqlite:".len()..].trim_start_matches("//");
            let path = path.split('?').next().unwrap_or_default();
            return match path.is_empty() {
                true => Err("names no file after sqlite://".to_owned()),
                false => Ok((SecretUrl::plain(text.to_owned()), Engine::Sqlite)),
            };
        }
        "postgres" | "postgresql" => ("postgres", Engine::Postgres),
        "mysql" | "mariadb" => ("mysql", Engine::Mysql),
        _ => return Err("must begin with sqlite://, postgres:// or mysql://".to_owned()),
    };
    // Only web addresses may change their scheme in `url`, so it is changed before reading.
    let rest = text.split_once(':').map_or("", |(_, rest)| rest);
    let url = Url::parse(&format!("{scheme}:{rest}")).map_err(|error| {
        format!("is not a URL ({error}); user name and password must be percent-encoded")
    })?;
    if url.host_str().unwrap_or_default().is_empty() {
        return Err("names no host".to_owned());
    }
    if url.path().trim_start_matches('/').is_empty() {
        return Err("names no database after the host".to_owned());
    }
    if url.fragment().is_some() {
        return Err("holds a `#`; user name and password must be percent-encoded".to_owned());
    }
    Ok((SecretUrl::hiding_password(&url), engine))
}

/// The MySQL URL that `DB_HOST` and its like form; `None` where none of them is set.
fn from_parts(reader: &mut Reader) -> Option<Result<Url, (&'static str, String)>> {
    let any = PARTS.iter().any(|(key, _)| reader.is_given(key));
    let host = reader.text("database.host");
    let port: u16 = reader.whole("database.port", 1..=65_535);
    let user = reader.text("database.user");
    let password = reader.secret("database.password");
    let name = reader.text("database.name");
    if !any {
        return None;
    }
    let missing: Vec<_> = PARTS
        .iter()
        .filter(|(key, needed)| *needed && !reader.is_given(key))
        .collect();
    if let Some((first, _)) = missing.first() {
        let set: Vec<_> = PARTS
            .iter()
            .map(|(key, _)| *key)
            .filter(|key| reader.is_given(key))
            .collect();
        let set: Vec<_> = set.into_iter().map(|key| reader.name(key)).collect();
        let others: Vec<_> = missing[1..]
            .iter()
            .map(|(key, _)| reader.name(key))
            .collect();
        let also = if others.is_empty() {
            String::new()
        } else {
            format!(", and so is {}", others.join(" and "))
        };
        return Some(Err((
            first,
            format!(
                "is missing{also}, while {} is set; set all, or DATABASE_URL",
                set.join(", ")
            ),
        )));
    }
    let host = host.unwrap_or_default();
    let host = if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]")
    } else {
        host
    };
    let encoded = |text: &str| percent_encoded(text, "-._~");
    let password = password.map_or_else(String::new, |password| {
        format!(":{}", encoded(password.expose_secret()))
    });
    let url = Url::parse(&format!(
        "mysql://{}{password}@{host}:{port}/{}",
        encoded(&user.unwrap_or_default()),
        encoded(&name.unwrap_or_default()),
    ));
    Some(url.map_err(|error| ("database.host", format!("does not make a URL ({error})"))))
}

fn in_data_dir(data_dir: &Path) -> SecretUrl {
    let path = data_dir.join("ensemble.db").display().to_string();
    SecretUrl::plain(format!("sqlite://{}", percent_encoded(&path, "-._~/\\: ")))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, loaded};
    use super::*;

    const PARTS: [(&str, &str); 4] = [
        ("DB_HOST", "db"),
        ("DB_USER", "shop"),
        ("DB_PASS", "p@ss:w/or%d#"),
        ("DB_NAME", "ensemble"),
    ];

    #[test]
    fn without_anything_it_is_a_file_in_the_data_directory() {
        let database = loaded(&[("ENSEMBLE__STORAGE__DATA_DIR", "/tmp/a ?b")]).database;
        assert_eq!(database.url.expose(), "sqlite:///tmp/a %3Fb/ensemble.db");
        assert_eq!(database.engine, Engine::Sqlite);
    }

    #[test]
    fn synonyms_of_schemes_become_one() {
        for (given, url, engine) in [
            ("sqlite::memory:", "sqlite::memory:", Engine::Sqlite),
            (
                "sqlite://./x.db?mode=rwc",
                "sqlite://./x.db?mode=rwc",
                Engine::Sqlite,
            ),
            (
                "postgresql://u:p@h:5433/d",
                "postgres://u:p@h:5433/d",
                Engine::Postgres,
            ),
            ("mariadb://u:p@h/d", "mysql://u:p@h/d", Engine::Mysql),
        ] {
            let database = loaded(&[("DATABASE_URL", given)]).database;
            assert_eq!((database.url.expose(), database.engine), (url, engine));
        }
    }

    #[test]
    fn what_is_no_database_is_a_fault_that_does_not_repeat_the_password() {
        for url in [
            "oracle://u:hunter2@h/d",
            "mysql://u:hunter2@h",
            "postgres:///d",
            "mysql://u:hunter2#x@h/d",
            "sqlite://",
            "hunter2",
        ] {
            let found = faults(&[("DATABASE_URL", url)]);
            assert_eq!(found.len(), 1, "{url}: {found:?}");
            assert_eq!(found[0].name, "DATABASE_URL");
            assert!(!found[0].message.contains("hunter2"), "{}", found[0]);
        }
    }

    #[test]
    fn parts_form_a_mysql_url_with_everything_encoded() {
        let database = loaded(&PARTS).database;
        assert_eq!(
            database.url.expose(),
            "mysql://shop:p%40ss%3Aw%2For%25d%23@db:3306/ensemble"
        );
        assert_eq!(database.url.redacted(), "mysql://shop:***@db:3306/ensemble");
        assert_eq!(database.engine, Engine::Mysql);
        let bare = [
            ("DB_HOST", "::1"),
            ("DB_PORT", "3307"),
            ("DB_USER", "shop"),
            ("DB_NAME", "d"),
        ];
        assert_eq!(
            loaded(&bare).database.url.expose(),
            "mysql://shop@[::1]:3307/d"
        );
    }

    #[test]
    fn some_parts_without_the_others_are_a_fault_that_names_these() {
        let found = faults(&[("DB_USER", "shop"), ("DB_PASS", "hunter2")]);
        assert_eq!(found.len(), 1);
        let shown = found[0].to_string();
        assert!(
            shown.contains("DB_HOST") && shown.contains("DB_NAME") && shown.contains("DB_USER"),
            "{shown}"
        );
        assert!(!shown.contains("hunter2"));
        assert_eq!(faults(&[("DB_PORT", "3306")]).len(), 1);
    }

    #[test]
    fn a_url_beats_parts_complete_or_not() {
        for parts in [&PARTS[..], &PARTS[..1]] {
            let mut pairs = parts.to_vec();
            pairs.push(("DATABASE_URL", "postgres://h/d"));
            assert_eq!(loaded(&pairs).database.engine, Engine::Postgres);
        }
    }

    #[test]
    fn a_url_shows_neither_password_nor_query() {
        let url = loaded(&[(
            "DATABASE_URL",
            "postgres://u:hunter2@h/d?sslpassword=hunter3",
        )])
        .database
        .url;
        assert!(url.expose().contains("hunter2") && url.expose().contains("hunter3"));
        for shown in [format!("{url}"), format!("{url:?}")] {
            assert!(shown.contains("u:***@h/d?***"), "{shown}");
        }
    }

    #[test]
    fn synchronous_is_normal_or_full() {
        assert_eq!(loaded(&[]).database.sqlite_synchronous, Synchronous::Normal);
        let full = loaded(&[("ENSEMBLE__DATABASE__SQLITE_SYNCHRONOUS", "FULL")]);
        assert_eq!(full.database.sqlite_synchronous, Synchronous::Full);
        assert!(
            faults(&[("ENSEMBLE__DATABASE__SQLITE_SYNCHRONOUS", "off")])[0]
                .message
                .contains("`normal`, `full`")
        );
    }
}
