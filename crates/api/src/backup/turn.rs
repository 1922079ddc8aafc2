//! One node at a time makes the backup that is due.

use repository::{Database, Engine};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement, TransactionTrait};

/// Names the lock on PostgreSQL; any number no other lock uses.
const POSTGRES_KEY: i64 = 0x656e_7365_6d62_6b75;
/// On MySQL a lock is the whole server's: other databases must not wait.
const MYSQL_NAME: &str = "CONCAT('ensemble.backup.', MD5(DATABASE()))";

/// Held by whoever makes a backup.
pub(super) enum Turn {
    /// There is one node: the lock of the folder is enough.
    Alone,
    /// A transaction that keeps its connection, and with it a server-side lock.
    Server(Engine, DatabaseTransaction),
}

/// Takes the turn; `None` while another node has it.
pub(super) async fn take(database: &Database) -> Result<Option<Turn>, DbErr> {
    let sql = match database.engine() {
        Engine::Sqlite => return Ok(Some(Turn::Alone)),
        Engine::Postgres => {
            format!(
                "SELECT CASE WHEN pg_try_advisory_xact_lock({POSTGRES_KEY}) THEN 1 ELSE 0 END AS held"
            )
        }
        Engine::MySql => format!("SELECT CAST(GET_LOCK({MYSQL_NAME}, 0) AS SIGNED) AS held"),
    };
    let connection = database.write();
    let holder = connection.begin().await?;
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = holder.query_one_raw(statement).await?;
    let held = match (database.engine(), row) {
        (_, None) => false,
        (Engine::Postgres, Some(row)) => row.try_get::<i32>("", "held")? == 1,
        (_, Some(row)) => row.try_get::<Option<i64>>("", "held")? == Some(1),
    };
    if !held {
        holder.rollback().await?;
        return Ok(None);
    }
    Ok(Some(Turn::Server(database.engine(), holder)))
}

impl Turn {
    /// Lets the next node in.
    pub(super) async fn end(self) -> Result<(), DbErr> {
        let Self::Server(engine, holder) = self else {
            return Ok(());
        };
        if engine == Engine::MySql {
            let sql = format!("DO RELEASE_LOCK({MYSQL_NAME})");
            holder.execute_unprepared(&sql).await?;
        }
        holder.commit().await
    }
}

#[cfg(test)]
mod tests {
    use repository::DatabaseOptions;
    use test_database::on_every_engine;

    use super::*;

    on_every_engine! {
        test_database::run;
        one_node_at_a_time_has_the_turn,
    }

    async fn one_node_at_a_time_has_the_turn(url: String) {
        let connect = async || {
            let database = Database::connect(&DatabaseOptions::new(url.clone())).await;
            database.expect("a database")
        };
        let (one, other) = (connect().await, connect().await);
        for _ in 0..2 {
            let turn = take(&one).await.expect("an answer").expect("the turn");
            let refused = take(&other).await.expect("an answer").is_none();
            // SQLite has one server a file.
            assert_eq!(refused, one.engine() != Engine::Sqlite);
            turn.end().await.expect("it ends");
            let turn = take(&other).await.expect("an answer").expect("the turn");
            turn.end().await.expect("it ends");
        }
        for database in [one, other] {
            database.close().await.expect("it closes");
        }
    }
}
