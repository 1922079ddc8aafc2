//! Making a backup.

use std::path::{Path, PathBuf};

use domain::Clock;
use repository::Database;
use repository::connection::copy::{copy_sqlite, open_sqlite_copy, sqlite_file};
use service::sealing::Sealer;

use super::manifest::{Engine, Entry, Manifest, Media};
use super::shelf::{Draft, Shelf};
use super::{Failure, SECRETS, files, pictures, ready, tools};
use crate::configuration::{self, Configuration, Stage};
use crate::wiring::database_options;

/// What is wanted of a backup.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    /// How many are kept, with the new one; `None`: all.
    pub(crate) keep: Option<usize>,
    /// Whether the secrets of a development installation go along.
    pub(crate) secrets: bool,
}

/// A backup that was made.
#[derive(Debug)]
pub(crate) struct Taken {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What it says of itself.
    pub(crate) manifest: Manifest,
    /// Whether secrets are in it.
    pub(crate) holds_secrets: bool,
    /// How many older ones were removed.
    pub(crate) removed: usize,
}

/// Makes a backup in a folder, beside whatever uses the database.
///
/// # Errors
/// Where something is missing or fails; then nothing is left that looks like a backup.
pub(crate) async fn take(
    configuration: &Configuration,
    folder: &Path,
    order: Order,
    clock: &dyn Clock,
) -> Result<Taken, Failure> {
    let engine = Engine::from(configuration.database.engine);
    // Before the pictures are copied.
    ready(configuration.database.engine).await?;
    let shelf = Shelf::open(folder)?;
    let created_at = clock.now();
    let draft = shelf.begin(created_at)?;
    let mut files = Vec::new();
    // Pictures, database, pictures: a file is there before the database calls its picture stored,
    // and goes only after nothing shows it any more. Whatever the copied database shows was there
    // in the first pass or came later and is there in the second, which has little left to do. The
    // database alone first would lose what is removed while a large folder is copied, the pictures
    // alone first what is handed in.
    let media = match &configuration.storage.media {
        configuration::Media::Folder(folder) => Some(folder),
        configuration::Media::S3(_) => None,
    };
    if let Some(media) = media {
        pictures::add(media, draft.folder(), &mut files).await?;
    }
    let schema = copy_database(configuration, engine, &draft).await?;
    let digest = files::digest(&draft.folder().join(engine.file())).await?;
    files.push(Entry::new(engine.file(), digest));
    if let Some(media) = media {
        pictures::add(media, draft.folder(), &mut files).await?;
    }
    let holds_secrets = order.secrets && copy_secrets(configuration, &draft, &mut files).await?;
    let place = media.map_or(Media::Bucket, |_| Media::Folder);
    let mut manifest = Manifest::new(engine, schema, created_at, place, mark(configuration)?);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    manifest.files = files;
    manifest.write(draft.folder())?;
    files::sync_names(draft.folder()).await?;
    let path = draft.finish()?;
    files::sync_names(shelf.folder()).await?;
    let removed = match order.keep.map(|latest| shelf.keep(latest.max(1))) {
        None => 0,
        Some(Ok(removed)) => removed,
        Some(Err(error)) => {
            let path = path.display();
            return Err(format!("{path} is made, but older ones are still there: {error}").into());
        }
    };
    Ok(Taken {
        path,
        manifest,
        holds_secrets,
        removed,
    })
}

/// Puts a copy of the database into a backup; its latest step.
async fn copy_database(
    configuration: &Configuration,
    engine: Engine,
    draft: &Draft,
) -> Result<String, Failure> {
    let url = configuration.database.url.expose();
    let to = draft.folder().join(engine.file());
    let taken = if engine == Engine::Sqlite {
        let from = sqlite_file(url)?.ok_or("the database is in memory alone: there is no file")?;
        if !from.exists() {
            return Err(format!("there is no database yet: {}", from.display()).into());
        }
        // SQLite writes into it, and nobody else can read it.
        drop(crate::private::create_new(&to)?);
        copy_sqlite(&from, &to).await?;
        files::sync(&to).await?;
        let copy = open_sqlite_copy(&to).await?;
        let taken = migration::taken(&copy).await;
        copy.close().await?;
        taken
    } else {
        let database = Database::connect(&database_options(configuration)).await?;
        let taken = migration::taken(&database.read()).await;
        database.close().await?;
        if taken.is_ok() {
            tools::dump(engine, url, &to).await?;
        }
        taken
    };
    let taken = taken.map_err(|error| format!("the database has no schema yet ({error})"))?;
    let latest = taken.last().ok_or("the database has no schema yet")?;
    Ok(latest.clone())
}

/// Puts the secrets of a development installation into a backup, where they are nowhere else. An
/// operator's own never stand in a file of ours.
async fn copy_secrets(
    configuration: &Configuration,
    draft: &Draft,
    files: &mut Vec<Entry>,
) -> Result<bool, Failure> {
    let secrets = configuration.storage.secrets_file();
    if configuration.environment == Stage::Production || !secrets.exists() {
        return Ok(false);
    }
    let digest = files::copy(&secrets, &draft.folder().join(SECRETS)).await?;
    files.push(Entry::new(SECRETS, digest));
    Ok(true)
}

/// What everything begins with that the key of these settings seals.
fn mark(configuration: &Configuration) -> Result<String, Failure> {
    Ok(Sealer::new([&configuration.crypto.key])?.mark())
}
