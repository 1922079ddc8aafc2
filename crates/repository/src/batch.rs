//! Several writes in one call.

use domain::RepositoryError;
use sea_orm::sea_query::Values;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::error::translate;

/// Runs writes one after the other.
///
/// On SQLite with one call: the way to the thread that works and back costs more than the write.
/// (The servers take one statement a call where values are bound.)
pub(crate) async fn write_all(
    connection: &impl ConnectionTrait,
    writes: Vec<Statement>,
) -> Result<(), RepositoryError> {
    let writes = match connection.get_database_backend() {
        DbBackend::Sqlite => vec![joined(writes)],
        _ => writes,
    };
    for write in writes {
        connection.execute_raw(write).await.map_err(translate)?;
    }
    Ok(())
}

/// Statements as one. Their placeholders are plain `?`, which take the values in their order.
fn joined(writes: Vec<Statement>) -> Statement {
    let (mut sql, mut values) = (Vec::with_capacity(writes.len()), Vec::new());
    for write in writes {
        sql.push(write.sql);
        values.extend(write.values.into_iter().flat_map(|values| values.0));
    }
    Statement {
        sql: sql.join("; "),
        values: Some(Values(values)),
        db_backend: DbBackend::Sqlite,
    }
}
