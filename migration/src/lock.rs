//! One migrating node at a time.

use std::fs::File;

use sea_orm_migration::prelude::DbErr;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement,
    TransactionTrait,
};

/// Names the lock on the servers; any number no other program uses.
const POSTGRES_KEY: i64 = 0x656e_7365_6d62_6c65;
/// On MySQL a lock is the whole server's, unlike on PostgreSQL: other databases must not wait. The
/// digest keeps the name within 64 characters.
const MYSQL_NAME: &str = "CONCAT('ensemble.migration.', MD5(DATABASE()))";
/// How long a node waits for another to finish.
const MYSQL_WAIT_SECONDS: u32 = 600;

/// Held while migrating.
pub(crate) enum Lock {
    /// A lock file beside the database: SQLite's own lock cannot span several transactions.
    File(#[expect(dead_code, reason = "closing the file releases the lock")] Option<File>),
    /// A transaction that keeps its connection, and with it a server-side lock.
    Server(DbBackend, DatabaseTransaction),
}

/// Waits for the lock.
pub(crate) async fn acquire(db: &DatabaseConnection) -> Result<Lock, DbErr> {
    let backend = db.get_database_backend();
    if backend == DbBackend::Sqlite {
        return lock_file(db).await.map(Lock::File);
    }
    let holder = db.begin().await?;
    let sql = match backend {
        DbBackend::Postgres => format!("SELECT pg_advisory_xact_lock({POSTGRES_KEY})"),
        _ => format!("SELECT GET_LOCK({MYSQL_NAME}, {MYSQL_WAIT_SECONDS}) AS held"),
    };
    let row = holder
        .query_one_raw(Statement::from_string(backend, sql))
        .await?;
    if backend == DbBackend::MySql {
        let held = row
            .map(|row| row.try_get::<Option<i64>>("", "held"))
            .transpose()?
            .flatten();
        if held != Some(1) {
            return Err(DbErr::Migration(
                "another node has been migrating for ten minutes".into(),
            ));
        }
    }
    Ok(Lock::Server(backend, holder))
}

impl Lock {
    /// Lets the next node in.
    pub(crate) async fn release(self) -> Result<(), DbErr> {
        let Self::Server(backend, holder) = self else {
            return Ok(());
        };
        if backend == DbBackend::MySql {
            let sql = format!("DO RELEASE_LOCK({MYSQL_NAME})");
            holder.execute_unprepared(&sql).await?;
        }
        holder.commit().await
    }
}

async fn lock_file(db: &DatabaseConnection) -> Result<Option<File>, DbErr> {
    let sql = "SELECT file FROM pragma_database_list WHERE name = 'main'";
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await?;
    let path: Option<String> = row.map(|row| row.try_get("", "file")).transpose()?;
    let Some(path) = path.filter(|path| !path.is_empty()) else {
        return Ok(None);
    };
    let locked = tokio::task::spawn_blocking(move || {
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        // As private as the database beside it.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(format!("{path}.lock"))?;
        file.lock()?;
        std::io::Result::Ok(file)
    });
    match locked.await {
        Ok(Ok(file)) => Ok(Some(file)),
        Ok(Err(error)) => Err(DbErr::Migration(format!("the lock file: {error}"))),
        Err(error) => Err(DbErr::Migration(error.to_string())),
    }
}
