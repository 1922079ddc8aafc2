//! The way back: a backup's database, pictures and secrets in the places that the settings name.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use repository::Database;
use repository::connection::copy::{
    Release, has_tables, open_sqlite_copy, release_sqlite, sqlite_file,
};

use super::check::{Checked, check, count};
use super::manifest::{Engine, Entry, Manifest};
use super::tools::{self, Way};
use super::{Failure, SECRETS, files, pictures};
use crate::configuration::{Configuration, Loaded, Media};
use crate::private;
use crate::wiring::database_options;

/// What SQLite may have put beside a file. Beside another file it would be taken for that one's.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What came back.
#[derive(Debug)]
pub(crate) struct Restored {
    /// The backup.
    pub(crate) checked: Checked,
    /// Where what was there before is now.
    pub(crate) aside: Vec<PathBuf>,
    /// Pictures that were put into their folder.
    pub(crate) pictures: usize,
    /// Pictures that were not, because the settings keep pictures in a bucket.
    pub(crate) pictures_left: usize,
    /// What became of secrets.
    pub(crate) secrets: Secrets,
}

/// What became of the secrets in a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrets {
    /// There are none in it.
    Absent,
    /// They are in use.
    Restored,
    /// The settings have their own.
    Unused,
}

/// Checks a backup and brings it back. What is there already stays as it is, unless it may be
/// replaced; then it is put aside.
///
/// # Errors
/// Where the backup is not whole, the place is taken or in use, or something fails.
pub(crate) async fn restore(
    loaded: &Loaded,
    backup: &Path,
    may_replace: bool,
    now: DateTime<Utc>,
) -> Result<Restored, Failure> {
    let configuration = &loaded.configuration;
    let checked = check(backup).await?;
    let (made_of, here) = (
        checked.manifest.engine,
        Engine::from(configuration.database.engine),
    );
    if made_of != here {
        return Err(format!(
            "the backup is of {}, the settings name {}: it goes back to its own kind alone",
            made_of.name(),
            here.name()
        )
        .into());
    }
    let mut restored = Restored {
        checked,
        aside: Vec::new(),
        pictures: 0,
        pictures_left: 0,
        secrets: Secrets::Absent,
    };
    if here == Engine::Sqlite {
        into_a_file(loaded, backup, may_replace, now, &mut restored).await?;
    } else {
        into_a_server(configuration, backup, here, may_replace).await?;
        let database = Database::connect(&database_options(configuration)).await?;
        let known = pictures::known(&database.read()).await;
        database.close().await?;
        restore_pictures(configuration, backup, &known?, &mut restored).await?;
        restore_secrets(loaded, backup, now, &mut restored).await?;
    }
    // It may know of more than the database does now; the recommender learns again from the log.
    let snapshot = configuration.storage.snapshot_file();
    if snapshot.exists() {
        fs::remove_file(snapshot)?;
    }
    Ok(restored)
}

/// The database last: until all else is there, nothing looks restored.
async fn into_a_file(
    loaded: &Loaded,
    backup: &Path,
    may_replace: bool,
    now: DateTime<Utc>,
    restored: &mut Restored,
) -> Result<(), Failure> {
    let configuration = &loaded.configuration;
    let url = configuration.database.url.expose();
    let file = sqlite_file(url)?.ok_or("the settings name a database in memory")?;
    let file = std::path::absolute(file)?;
    // What cannot be read may still be dear to somebody.
    let is_taken = file.exists() && has_tables(&file).await.unwrap_or(true);
    if is_taken && !may_replace {
        return Err(format!(
            "{} is there already: --replace puts it aside, ENSEMBLE__STORAGE__DATA_DIR names another place",
            file.display()
        )
        .into());
    }
    if file.exists() && release_sqlite(&file).await == Release::InUse {
        return Err(format!("{} is in use: stop the server first", file.display()).into());
    }
    let copy = open_sqlite_copy(&std::path::absolute(backup)?.join(Engine::Sqlite.file())).await?;
    let known = pictures::known(&copy).await;
    copy.close().await?;
    restore_pictures(configuration, backup, &known?, restored).await?;
    restore_secrets(loaded, backup, now, restored).await?;

    let folder = file.parent().unwrap_or(Path::new("/"));
    private::create_dir(folder)?;
    let entry = entry(&restored.checked.manifest, Engine::Sqlite.file())?;
    let draft = draft_of(&file);
    copy_whole(backup, entry, &draft).await?;
    put_aside(&file, now, &mut restored.aside)?;
    fs::rename(&draft, &file)?;
    files::sync_names(folder).await?;
    Ok(())
}

async fn into_a_server(
    configuration: &Configuration,
    backup: &Path,
    engine: Engine,
    may_replace: bool,
) -> Result<(), Failure> {
    tools::find(engine, Way::Load).await?;
    let place = &configuration.database.url;
    let schema = match engine {
        Engine::Postgres => "current_schema()",
        _ => "DATABASE()",
    };
    let tables =
        format!("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = {schema}");
    let database = Database::connect(&database_options(configuration)).await?;
    let tables = count(&database.read(), &tables).await;
    database.close().await?;
    if tables? > 0 {
        let hint = match may_replace {
            true => " (--replace is for SQLite's files)",
            false => "",
        };
        return Err(format!(
            "{place} is not empty: make an empty database and name that one in DATABASE_URL; the old one stays as it is{hint}"
        )
        .into());
    }
    let loaded = tools::load(engine, place.expose(), &backup.join(engine.file())).await;
    loaded.map_err(|error| match engine {
        // Its statements about tables cannot be taken back.
        Engine::Mysql => {
            format!("{error}\nThe database is half filled: empty it before the next try").into()
        }
        _ => error,
    })
}

/// Puts those pictures into their folder that the database knows. They are named by their content:
/// what is there under the same name is the same picture.
async fn restore_pictures(
    configuration: &Configuration,
    backup: &Path,
    known: &HashSet<String>,
    restored: &mut Restored,
) -> Result<(), Failure> {
    let entries = restored.checked.manifest.files.iter();
    let wanted: Vec<_> = entries
        .filter_map(|entry| Some((pictures::of_entry(entry)?, entry)))
        .filter(|(key, _)| known.contains(key.as_str()))
        .collect();
    let Media::Folder(folder) = &configuration.storage.media else {
        restored.pictures_left = wanted.len();
        return Ok(());
    };
    private::create_dir(folder)?;
    for (key, entry) in wanted {
        let file = folder.join(key.as_str());
        let here = files::digest(&file).await;
        if here.is_ok_and(|here| here.sha256 == entry.sha256) {
            continue;
        }
        let draft = draft_of(&file);
        copy_whole(backup, entry, &draft).await?;
        fs::rename(&draft, &file)?;
        restored.pictures += 1;
    }
    files::sync_names(folder).await?;
    Ok(())
}

/// Puts the secrets of a development installation in their place, unless the settings bring all of
/// their own. Others that are there are put aside.
async fn restore_secrets(
    loaded: &Loaded,
    backup: &Path,
    now: DateTime<Utc>,
    restored: &mut Restored,
) -> Result<(), Failure> {
    let Ok(entry) = entry(&restored.checked.manifest, SECRETS) else {
        return Ok(());
    };
    let Some(kept) = &loaded.secrets_file else {
        restored.secrets = Secrets::Unused;
        return Ok(());
    };
    let here = files::digest(&kept.path).await?;
    if here.sha256 != entry.sha256 {
        let draft = draft_of(&kept.path);
        copy_whole(backup, entry, &draft).await?;
        // What this very command made was never used.
        if !kept.is_new {
            put_aside(&kept.path, now, &mut restored.aside)?;
        }
        fs::rename(&draft, &kept.path)?;
    }
    restored.secrets = Secrets::Restored;
    Ok(())
}

fn entry<'a>(manifest: &'a Manifest, path: &str) -> Result<&'a Entry, Failure> {
    let mut entries = manifest.files.iter();
    let found = entries.find(|entry| entry.path == path);
    Ok(found.ok_or_else(|| format!("{path} is not in the backup"))?)
}

/// Copies a file of a backup to a name that is not its last, with a look at what arrives.
async fn copy_whole(backup: &Path, entry: &Entry, draft: &Path) -> Result<(), Failure> {
    let from = entry.within(backup).ok_or("the file is elsewhere")?;
    if draft.exists() {
        // Of a try that was cut off.
        fs::remove_file(draft)?;
    }
    let copied = files::copy(&from, draft).await?;
    match copied.sha256 == entry.sha256 {
        true => Ok(()),
        false => Err(format!("{}: changed while it was copied", entry.path).into()),
    }
}

/// The name of a file that is being restored.
fn draft_of(file: &Path) -> PathBuf {
    beside(file, ".restoring")
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = file.into();
    name.push(suffix);
    name.into()
}

/// Gives a file, and what SQLite put beside it, other names.
fn put_aside(file: &Path, now: DateTime<Utc>, aside: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let before = beside(file, &now.format(".before-%Y%m%dT%H%M%S%.3fZ").to_string());
    for suffix in ["", BESIDE[0], BESIDE[1], BESIDE[2]] {
        let (from, to) = (beside(file, suffix), beside(&before, suffix));
        if from.exists() {
            fs::rename(from, &to)?;
            aside.push(to);
        }
    }
    Ok(())
}
