//! From the engines' errors to the domain's.

use domain::RepositoryError;
use sea_orm::sqlx::Error as Sqlx;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::mysql::MySqlDatabaseError;
use sea_orm::sqlx::sqlite::SqliteError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// Tells a broken uniqueness rule from everything else.
pub(crate) fn translate(error: DbErr) -> RepositoryError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => RepositoryError::Conflict,
        _ if is_contention(&error) => RepositoryError::Contention,
        _ if is_unavailable(&error) => RepositoryError::Unavailable(error.into()),
        _ => RepositoryError::storage(error),
    }
}

/// PostgreSQL 40001 and 40P01; MySQL 1213 (deadlock) and 1020 (MariaDB's snapshot conflict),
/// both reported as SQLSTATE 40001 or HY000.
fn is_contention(error: &DbErr) -> bool {
    let Some(error) = told_by_engine(error) else {
        return false;
    };
    let number = error
        .try_downcast_ref::<MySqlDatabaseError>()
        .map(MySqlDatabaseError::number);
    matches!(error.code().as_deref(), Some("40001" | "40P01"))
        || matches!(number, Some(1213 | 1020))
}

/// SQLite's file is in use (`SQLITE_BUSY`).
pub(crate) fn is_locked(error: &DbErr) -> bool {
    told_by_engine(error)
        .and_then(|error| error.try_downcast_ref::<SqliteError>())
        .is_some_and(|error| error.code().as_deref() == Some("5"))
}

fn told_by_engine(error: &DbErr) -> Option<&dyn DatabaseError> {
    match driver(error)? {
        Sqlx::Database(error) => Some(error.as_ref()),
        _ => None,
    }
}

/// No connection could be had, or the one in use broke.
fn is_unavailable(error: &DbErr) -> bool {
    matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
        || is_broken_line(error)
        || matches!(
            driver(error),
            Some(Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::WorkerCrashed)
        )
}

/// Whether a server hung up, or said that it is about to.
pub(crate) fn is_broken_line(error: &DbErr) -> bool {
    match driver(error) {
        Some(Sqlx::Io(_) | Sqlx::Tls(_)) => true,
        Some(Sqlx::Database(error)) => says_it_is_away(error.as_ref()),
        _ => false,
    }
}

/// PostgreSQL 57P01 to 57P03 (stopping, crashed, starting) and class 08 (connection); MySQL 1053
/// (stopping) and MariaDB 1927 (connection killed).
pub(crate) fn says_it_is_away(error: &dyn DatabaseError) -> bool {
    let code = error.code().unwrap_or_default();
    let number = error
        .try_downcast_ref::<MySqlDatabaseError>()
        .map(MySqlDatabaseError::number);
    match number {
        Some(number) => matches!(number, 1053 | 1927),
        None if error.try_downcast_ref::<SqliteError>().is_some() => false,
        None => matches!(&*code, "57P01" | "57P02" | "57P03") || code.starts_with("08"),
    }
}

/// What the driver said.
fn driver(error: &DbErr) -> Option<&Sqlx> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}
