//! From the engines' errors to the domain's.

use std::future::Future;
use std::ops::Deref;

use domain::RepositoryError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// How often a statement that lost a deadlock is tried again.
const ATTEMPTS: u32 = 5;

/// Tells a broken uniqueness rule from everything else.
pub(crate) fn translate(error: DbErr) -> RepositoryError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => RepositoryError::Conflict,
        _ if is_contention(&error) => RepositoryError::Contention,
        _ => RepositoryError::storage(error),
    }
}

/// Runs a whole repository method again while the engine says it lost a deadlock or a
/// serialisation conflict: it did nothing then, and the next attempt is likely to get through.
pub(crate) async fn retrying<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, RepositoryError>
where
    F: Future<Output = Result<T, RepositoryError>>,
{
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(RepositoryError::Contention) => {}
            outcome => return outcome,
        }
    }
    attempt().await
}

/// PostgreSQL 40001 and 40P01; MySQL 1213 (deadlock) and 1020 (MariaDB's snapshot conflict),
/// both reported as SQLSTATE 40001 or HY000.
fn is_contention(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))
    | DbErr::Conn(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    let sea_orm::sqlx::Error::Database(error) = error.deref() else {
        return false;
    };
    let number = error
        .try_downcast_ref::<sea_orm::sqlx::mysql::MySqlDatabaseError>()
        .map(sea_orm::sqlx::mysql::MySqlDatabaseError::number);
    matches!(error.code().as_deref(), Some("40001" | "40P01"))
        || matches!(number, Some(1213 | 1020))
}
