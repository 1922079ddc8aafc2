//! What a backup says of itself.

use std::fs;
use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::files::{self, Digest};
use super::{Failure, MYSQL, POSTGRES, SQLITE};
use crate::{configuration, private};

/// The form of backups that this program makes, and the newest it reads.
const FORMAT: u64 = 1;
/// The manifest's name.
const NAME: &str = "manifest.json";
/// Its own sum, as `sha256sum` writes and checks it.
const SUM: &str = "manifest.json.sha256";

/// What a backup is of, and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    format: u64,
    /// The version of the program that made it.
    pub(crate) program: String,
    /// What the database is.
    pub(crate) engine: Engine,
    /// The latest step of its schema.
    pub(crate) schema: String,
    /// When it was begun: what was acknowledged before is in it.
    pub(crate) created_at: DateTime<Utc>,
    /// Where the pictures were.
    pub(crate) media: Media,
    /// The mark of the key that encrypted columns are sealed with; it says nothing of the key.
    pub(crate) key: String,
    /// Every other file.
    pub(crate) files: Vec<Entry>,
}

/// The kinds of databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Engine {
    /// A copy of the file.
    Sqlite,
    /// A dump of PostgreSQL.
    Postgres,
    /// A dump of MySQL or MariaDB.
    Mysql,
}

/// Where pictures were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Media {
    /// In a folder: they are in the backup.
    Folder,
    /// In a bucket: they are not.
    Bucket,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Where it is in the backup, with slashes.
    pub(crate) path: String,
    /// How long it is.
    pub(crate) bytes: u64,
    /// Its SHA-256.
    pub(crate) sha256: String,
}

impl Engine {
    /// The name of the file with the database.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Sqlite => SQLITE,
            Self::Postgres => POSTGRES,
            Self::Mysql => MYSQL,
        }
    }

    /// For people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL/MariaDB",
        }
    }
}

impl From<configuration::Engine> for Engine {
    fn from(engine: configuration::Engine) -> Self {
        match engine {
            configuration::Engine::Sqlite => Self::Sqlite,
            configuration::Engine::Postgres => Self::Postgres,
            configuration::Engine::Mysql => Self::Mysql,
        }
    }
}

impl Entry {
    pub(super) fn new(path: impl Into<String>, digest: Digest) -> Self {
        Self {
            path: path.into(),
            bytes: digest.bytes,
            sha256: digest.sha256,
        }
    }

    /// Where it is within a backup; `None` where it would be outside.
    pub(super) fn within(&self, backup: &Path) -> Option<PathBuf> {
        let path = Path::new(&self.path);
        let stays = path
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        (stays && !self.path.is_empty()).then(|| backup.join(path))
    }
}

impl Manifest {
    pub(super) fn new(
        engine: Engine,
        schema: String,
        created_at: DateTime<Utc>,
        media: Media,
        key: String,
    ) -> Self {
        Self {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            engine,
            schema,
            created_at,
            media,
            key,
            files: Vec::new(),
        }
    }

    /// Bytes of all files.
    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|entry| entry.bytes).sum()
    }

    /// Puts it into a backup.
    pub(super) fn write(&self, backup: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        private::write_new(&backup.join(NAME), &text)?;
        let sum = format!("{}  {NAME}\n", files::sum(text.as_bytes()));
        private::write_new(&backup.join(SUM), &sum)?;
        Ok(())
    }

    /// Reads a backup's.
    ///
    /// # Errors
    /// Where the folder is no backup, was made by a newer program, or the manifest is damaged.
    pub(super) fn read(backup: &Path) -> Result<Self, Failure> {
        let read = |name: &str| fs::read(backup.join(name));
        let text = read(NAME).map_err(|error| {
            format!(
                "{} is no backup: {NAME} cannot be read ({error})",
                backup.display()
            )
        })?;
        let expected = format!("{}  {NAME}\n", files::sum(&text));
        if read(SUM).ok().as_deref() != Some(expected.as_bytes()) {
            return Err(format!("{NAME} is damaged: {SUM} does not confirm it").into());
        }
        let value: Value =
            serde_json::from_slice(&text).map_err(|error| format!("{NAME} is damaged: {error}"))?;
        match value["format"].as_u64() {
            Some(format) if format > FORMAT => {
                return Err("a newer program made this backup: use that one".into());
            }
            _ => {}
        }
        let manifest: Self =
            serde_json::from_value(value).map_err(|error| format!("{NAME} is damaged: {error}"))?;
        match manifest
            .files
            .iter()
            .find(|entry| entry.within(backup).is_none())
        {
            Some(entry) => Err(format!("{NAME} names a file elsewhere: {}", entry.path).into()),
            None => Ok(manifest),
        }
    }

    /// Whether there is one in this folder.
    pub(super) fn is_in(folder: &Path) -> bool {
        folder.join(NAME).is_file()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let at = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");
        let mut manifest = Manifest::new(
            Engine::Sqlite,
            "m1".into(),
            at,
            Media::Folder,
            "v1.0a0b0c0d.".into(),
        );
        let digest = Digest {
            bytes: 3,
            sha256: files::sum(b"abc"),
        };
        manifest.files.push(Entry::new("media/a.png", digest));
        manifest
    }

    fn message(outcome: Result<Manifest, Failure>) -> String {
        outcome.expect_err("it is refused").to_string()
    }

    #[test]
    fn it_is_read_back_as_it_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        manifest().write(folder.path()).expect("it is written");
        let read = Manifest::read(folder.path()).expect("it is read");
        assert_eq!(read, manifest());
        assert_eq!(read.bytes(), 3);
        assert!(Manifest::is_in(folder.path()));
    }

    #[test]
    fn any_changed_byte_of_it_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        manifest().write(folder.path()).expect("it is written");
        for name in [NAME, SUM] {
            let path = folder.path().join(name);
            let good = fs::read(&path).expect("it is there");
            for at in 0..good.len() {
                let mut bad = good.clone();
                bad[at] ^= 1;
                fs::write(&path, &bad).expect("it is written");
                let found = message(Manifest::read(folder.path()));
                assert!(found.contains("damaged"), "{name} {at}: {found}");
            }
            fs::write(&path, &good).expect("it is written");
        }
    }

    #[test]
    fn what_is_newer_or_elsewhere_is_refused() {
        let write = |change: fn(&mut Manifest)| {
            let folder = tempfile::tempdir().expect("a folder");
            let mut manifest = manifest();
            change(&mut manifest);
            manifest.write(folder.path()).expect("it is written");
            message(Manifest::read(folder.path()))
        };
        let newer = write(|manifest| manifest.format = FORMAT + 1);
        assert!(newer.contains("newer program"), "{newer}");
        for (at, path) in ["/etc/passwd", "../x", "media/../../x", ""]
            .iter()
            .enumerate()
        {
            let folder = tempfile::tempdir().expect("a folder");
            let mut manifest = manifest();
            manifest.files[0].path = (*path).to_owned();
            manifest.write(folder.path()).expect("it is written");
            let found = message(Manifest::read(folder.path()));
            assert!(found.contains("elsewhere"), "{at}: {found}");
        }
        let nothing = tempfile::tempdir().expect("a folder");
        let found = message(Manifest::read(nothing.path()));
        assert!(found.contains("is no backup"), "{found}");
    }
}
