//! From the engines' errors to the domain's.

use std::ops::Deref;

use domain::RepositoryError;
use sea_orm::sqlx::error::DatabaseError;
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
        .try_downcast_ref::<sea_orm::sqlx::mysql::MySqlDatabaseError>()
        .map(sea_orm::sqlx::mysql::MySqlDatabaseError::number);
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
    let (DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))
    | DbErr::Conn(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    match error.deref() {
        sea_orm::sqlx::Error::Database(error) => Some(error.as_ref()),
        _ => None,
    }
}

/// No connection could be had, or the one in use broke.
fn is_unavailable(error: &DbErr) -> bool {
    use sea_orm::sqlx::Error as Sqlx;
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            matches!(
                error.deref(),
                Sqlx::Io(_) | Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::WorkerCrashed
            )
        }
        _ => false,
    }
}
