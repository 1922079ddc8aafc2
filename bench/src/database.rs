//! What a database server on this machine spends on the program's connections.

use std::collections::HashMap;
use std::time::Duration;

use repository::{Database, DatabaseOptions, Engine};
use sea_orm::{ConnectionTrait, Statement};

use crate::Outcome;

/// The processor time of each connection to a database, by the process or thread behind it: other
/// databases of the same server do not count.
#[derive(Debug, Default)]
pub struct Spent(HashMap<i64, u64>);

impl Spent {
    /// What has been spent so far on the database at `url`. `None` where there is no server or it
    /// does not tell: MariaDB and PostgreSQL do.
    ///
    /// It asks over a connection of its own. With one of a pool now this and now another would be
    /// left out as the one that asks, and all that one ever spent would count as spent just now.
    pub async fn now(url: &str) -> Option<Self> {
        if url.starts_with("sqlite") {
            return None;
        }
        let options = DatabaseOptions {
            max_connections: 1,
            ..DatabaseOptions::new(url)
        };
        let database = Database::connect(&options).await.ok()?;
        let spent = Self::seen_by(&database).await;
        database.close().await.ok()?;
        spent
    }

    async fn seen_by(database: &Database) -> Option<Self> {
        let sql = match database.engine() {
            Engine::Sqlite => return None,
            Engine::Postgres => {
                "SELECT CAST(pid AS bigint) AS id FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()"
            }
            Engine::MySql => {
                "SELECT CAST(tid AS SIGNED) AS id FROM information_schema.processlist \
                 WHERE db = database() AND id <> connection_id()"
            }
        };
        read(database, sql).await.ok()
    }

    /// What was spent since `before`.
    #[must_use]
    pub fn since(&self, before: &Self) -> Duration {
        let spent = self.0.iter().map(|(id, nanoseconds)| {
            let earlier = before.0.get(id).copied().unwrap_or_default();
            nanoseconds.saturating_sub(earlier)
        });
        Duration::from_nanos(spent.sum())
    }
}

async fn read(database: &Database, sql: &str) -> Outcome<Spent> {
    let connection = database.read();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let mut spent = HashMap::new();
    for row in connection.query_all_raw(statement).await? {
        let id: i64 = row.try_get("", "id")?;
        // The first number is the time on a processor in nanoseconds.
        let text = std::fs::read_to_string(format!("/proc/{id}/task/{id}/schedstat"))?;
        let nanoseconds = text.split(' ').next().unwrap_or_default().parse()?;
        spent.insert(id, nanoseconds);
    }
    Ok(Spent(spent))
}
