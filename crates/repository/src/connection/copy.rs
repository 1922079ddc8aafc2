//! SQLite's files as files: where one is, a consistent copy of one, and whether one is in use.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use sqlx::sqlite::SqliteConnectOptions;

use super::file;
use crate::error::is_locked;

/// How long a copy waits for somebody who holds the whole file.
const PATIENCE: Duration = Duration::from_secs(30);

/// The file that a URL names; `None` where it names a server or a database in memory.
///
/// # Errors
/// Where the URL cannot be read.
pub fn sqlite_file(url: &str) -> Result<Option<PathBuf>, DbErr> {
    if !url.starts_with("sqlite") || file::is_in_memory(url) {
        return Ok(None);
    }
    let options: SqliteConnectOptions = url
        .parse()
        .map_err(|error: sqlx::Error| DbErr::Custom(error.to_string()))?;
    Ok(Some(options.get_filename().to_owned()))
}

/// Copies a database that may be in use into an empty file, as it is at one moment: with all that
/// was committed before, and nothing of what is under way.
///
/// `VACUUM INTO` reads in one transaction, so that writers go on meanwhile (the journal grows until
/// it has ended). SQLite's other way, the backup interface, begins anew whenever somebody writes:
/// beside a busy server it would never end.
///
/// # Errors
/// Whatever the engine says.
pub async fn copy_sqlite(from: &Path, to: &Path) -> Result<(), DbErr> {
    let to = to.to_str().ok_or_else(|| {
        DbErr::Custom(format!("{}: SQLite takes UTF-8 names alone", to.display()))
    })?;
    // A connection of its own: the server's only writing one would be missing for as long as this takes.
    let connection = connect(from, |file| file.busy_timeout(PATIENCE)).await?;
    let sql = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [to.into()]);
    let copied = connection.execute_raw(sql).await;
    connection.close().await?;
    copied.map(|_| ())
}

/// Opens a copy that nobody writes, to read; nothing is put beside it.
///
/// # Errors
/// Whatever the engine says.
pub async fn open_sqlite_copy(path: &Path) -> Result<DatabaseConnection, DbErr> {
    connect(path, |file| file.read_only(true).immutable(true)).await
}

/// Whether a database has tables.
///
/// # Errors
/// Whatever the engine says.
pub async fn has_tables(path: &Path) -> Result<bool, DbErr> {
    let connection = connect(path, |file| file.busy_timeout(PATIENCE)).await?;
    let sql = "SELECT COUNT(*) FROM sqlite_master";
    let row = connection
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await;
    connection.close().await?;
    let count: i64 = row?.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(count > 0)
}

/// Whether a file may be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// Nobody else has it open, and all of it is in the one file.
    Released,
    /// Somebody has it open.
    InUse,
    /// It is no database that could be read.
    Unreadable,
}

/// Writes a file's journal into it, which succeeds only where nobody else has it open.
pub async fn release_sqlite(path: &Path) -> Release {
    let settle = async {
        // Leaving the write-ahead log is what SQLite allows the only user alone.
        let connection = connect(path, |file| file.busy_timeout(Duration::ZERO)).await?;
        let settled = connection
            .execute_unprepared("PRAGMA journal_mode = DELETE")
            .await;
        connection.close().await?;
        settled
    };
    match settle.await {
        Ok(_) => Release::Released,
        Err(error) if is_locked(&error) => Release::InUse,
        Err(_) => Release::Unreadable,
    }
}

async fn connect(
    path: &Path,
    how: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
) -> Result<DatabaseConnection, DbErr> {
    let path = path.to_owned();
    // The name is handed over as it is, beside the URL, in which it would have to be encoded.
    let mut options = ConnectOptions::new("sqlite://named-below");
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |file| how(file.filename(&path)));
    sea_orm::Database::connect(options).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Database, DatabaseOptions};

    async fn count(connection: &DatabaseConnection) -> i64 {
        let sql = Statement::from_string(DbBackend::Sqlite, "SELECT COUNT(*) FROM t");
        let row = connection.query_one_raw(sql).await.expect("an answer");
        row.expect("a row").try_get_by_index(0).expect("a number")
    }

    #[test]
    fn only_files_are_files() {
        for (url, file) in [
            ("sqlite://a%20b/c.db?mode=rwc", Some("a b/c.db")),
            ("sqlite:c.db", Some("c.db")),
            ("sqlite::memory:", None),
            ("sqlite://x?mode=memory", None),
            ("postgres://h/d", None),
        ] {
            let found = sqlite_file(url).expect("it can be read");
            assert_eq!(found.as_deref(), file.map(Path::new), "{url}");
        }
    }

    #[tokio::test]
    async fn a_copy_holds_what_was_committed_and_stays_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let (from, to) = (folder.path().join("a ?.db"), folder.path().join("b ?.db"));
        let url = format!("sqlite://{}", from.display()).replace('?', "%3F");
        let database = Database::connect(&DatabaseOptions::new(url)).await;
        let database = database.expect("a database");
        let run = async |sql: &str| database.write().execute_unprepared(sql).await;
        run("CREATE TABLE t (a INTEGER)").await.expect("a table");
        run("INSERT INTO t VALUES (1)").await.expect("a row");
        copy_sqlite(&from, &to).await.expect("a copy");
        run("INSERT INTO t VALUES (2)").await.expect("a row");
        let copy = open_sqlite_copy(&to).await.expect("it opens");
        assert_eq!((count(&copy).await, count(&database.read()).await), (1, 2));
        let insert = copy.execute_unprepared("INSERT INTO t VALUES (3)").await;
        insert.expect_err("it is for reading");
        copy.close().await.expect("it closes");
        let again = copy_sqlite(&from, &to).await;
        again.expect_err("a file that holds something is not overwritten");
        database.close().await.expect("it closes");
    }

    #[tokio::test]
    async fn a_file_is_released_when_its_last_user_leaves() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.db");
        let options = DatabaseOptions::new(format!("sqlite://{}", file.display()));
        let database = Database::connect(&options).await.expect("a database");
        let sql = "CREATE TABLE t (a INTEGER)";
        assert!(!has_tables(&file).await.expect("a look"));
        let made = database.write().execute_unprepared(sql).await;
        made.expect("a table");
        assert!(has_tables(&file).await.expect("a look"));
        assert_eq!(release_sqlite(&file).await, Release::InUse);
        database.close().await.expect("it closes");
        assert_eq!(release_sqlite(&file).await, Release::Released);
        let left = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 1, "no journal is left");
        std::fs::write(&file, "this is no database at all, but it is long enough").expect("a file");
        has_tables(&file).await.expect_err("it is none");
        assert_eq!(release_sqlite(&file).await, Release::Unreadable);
    }
}
