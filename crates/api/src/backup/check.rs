//! Whether a backup is whole and what is in it. Changes nothing.

use std::path::Path;

use repository::connection::copy::open_sqlite_copy;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use super::manifest::{Engine, Manifest, Media};
use super::{Failure, files, pictures};

/// Damaged files named at a time.
const NAMED: usize = 20;

/// What was found in a backup that is whole.
#[derive(Debug)]
pub(crate) struct Checked {
    /// What it says of itself.
    pub(crate) manifest: Manifest,
    /// How many rows the tables of an SQLite database have; empty for others: only their server
    /// can read a dump.
    pub(crate) rows: Vec<(String, i64)>,
    /// Pictures that the database has as stored and that are not among the files.
    pub(crate) missing_pictures: usize,
}

/// Reads all of a backup: its manifest, every file, and an SQLite database with every page.
///
/// # Errors
/// All that is wrong with it.
pub(crate) async fn check(backup: &Path) -> Result<Checked, Failure> {
    let manifest = Manifest::read(backup)?;
    check_files(backup, &manifest).await?;
    check_step(&manifest.schema)?;
    let mut checked = Checked {
        rows: Vec::new(),
        missing_pictures: 0,
        manifest,
    };
    if checked.manifest.engine == Engine::Sqlite {
        let file = std::path::absolute(backup)?.join(Engine::Sqlite.file());
        let database = open_sqlite_copy(&file).await?;
        let looked = look(&database, &mut checked).await;
        database.close().await?;
        looked?;
    }
    Ok(checked)
}

async fn check_files(backup: &Path, manifest: &Manifest) -> Result<(), Failure> {
    let mut faults = Vec::new();
    let database = manifest.engine.file();
    if !manifest.files.iter().any(|entry| entry.path == database) {
        faults.push(format!("{database}: is not in the manifest"));
    }
    for entry in &manifest.files {
        let Some(path) = entry.within(backup) else {
            continue; // The manifest was refused already.
        };
        match files::digest(&path).await {
            Err(error) => faults.push(format!("{}: {error}", entry.path)),
            Ok(found) if found.bytes != entry.bytes => faults.push(format!(
                "{}: is damaged: {} bytes instead of {}",
                entry.path, found.bytes, entry.bytes
            )),
            Ok(found) if found.sha256 != entry.sha256 => {
                faults.push(format!(
                    "{}: is damaged: its checksum is another",
                    entry.path
                ));
            }
            Ok(_) => {}
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    let more = faults.len().saturating_sub(NAMED);
    faults.truncate(NAMED);
    let more = (more > 0).then(|| format!("\n  and {more} more"));
    let faults = faults.join("\n  ");
    Err(format!(
        "the backup is damaged:\n  {faults}{}",
        more.unwrap_or_default()
    )
    .into())
}

/// Fails for a step of the schema that this program does not know.
fn check_step(step: &str) -> Result<(), Failure> {
    match migration::names().iter().any(|known| known == step) {
        true => Ok(()),
        false => Err(format!(
            "the backup was made by a newer program: this one does not know the step `{step}` of its schema"
        )
        .into()),
    }
}

/// Looks through an SQLite database.
async fn look(database: &DatabaseConnection, checked: &mut Checked) -> Result<(), Failure> {
    let said = texts(database, "PRAGMA integrity_check(10)").await?;
    if said != ["ok"] {
        return Err(format!("the database is damaged:\n  {}", said.join("\n  ")).into());
    }
    let orphans = count(database, "SELECT COUNT(*) FROM pragma_foreign_key_check").await?;
    if orphans > 0 {
        return Err(format!("the database is damaged: {orphans} rows refer to nothing").into());
    }
    for step in migration::taken(database).await? {
        check_step(&step)?;
    }
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' \
        AND name <> 'seaql_migrations' ORDER BY name";
    for table in texts(database, tables).await? {
        let quoted = table.replace('"', "\"\"");
        let rows = count(database, &format!("SELECT COUNT(*) FROM \"{quoted}\"")).await?;
        checked.rows.push((table, rows));
    }
    let has_pictures = checked.rows.iter().any(|(table, _)| table == "media");
    if has_pictures && checked.manifest.media == Media::Folder {
        let mut stored = pictures::stored(database).await?;
        for key in checked.manifest.files.iter().filter_map(pictures::of_entry) {
            stored.remove(key.as_str());
        }
        checked.missing_pictures = stored.len();
    }
    Ok(())
}

async fn texts(database: &DatabaseConnection, sql: &str) -> Result<Vec<String>, DbErr> {
    let statement = Statement::from_string(DbBackend::Sqlite, sql);
    let rows = database.query_all_raw(statement).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

pub(super) async fn count<C: ConnectionTrait>(database: &C, sql: &str) -> Result<i64, DbErr> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(statement).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0))
}
