//! Inserting what may be there already.

use domain::RepositoryError;
use sea_orm::sea_query::{InsertStatement, OnConflict};
use sea_orm::{ConnectionTrait, DbBackend};

use crate::error::translate;

/// Inserts those rows whose keys are not taken yet; how many that were.
///
/// On MySQL with `INSERT IGNORE`: the usual replacement for `ON CONFLICT DO NOTHING`, an update
/// that changes nothing, counts the rows that were there, too. What else it would overlook
/// (texts too long, nulls) is checked by the domain.
pub(crate) async fn insert_absent(
    connection: &impl ConnectionTrait,
    mut insert: InsertStatement,
) -> Result<u64, RepositoryError> {
    let backend = connection.get_database_backend();
    let mut statement = if backend == DbBackend::MySql {
        backend.build(&insert)
    } else {
        backend.build(insert.on_conflict(OnConflict::new().do_nothing().to_owned()))
    };
    if backend == DbBackend::MySql {
        statement.sql = statement.sql.replacen("INSERT ", "INSERT IGNORE ", 1);
    }
    let done = connection.execute_raw(statement).await;
    Ok(done.map_err(translate)?.rows_affected())
}
