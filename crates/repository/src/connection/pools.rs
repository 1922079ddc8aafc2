//! How the pools of connections are used at present.

use sea_orm::sqlx::{self, Pool};

use super::{Database, Engine};

/// One pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolFigures {
    /// `read` and `write` on SQLite, `shared` on a server.
    pub name: &'static str,
    /// Connections that are open.
    pub open: usize,
    /// Those of them that nobody uses.
    pub idle: usize,
    /// How many there may be.
    pub most: usize,
}

impl Database {
    /// How its pools are used at present. Asks nobody.
    #[must_use]
    pub fn pools(&self) -> Vec<PoolFigures> {
        match self.engine() {
            Engine::Sqlite => vec![
                figures("read", self.read().get_sqlite_connection_pool()),
                figures("write", self.write().get_sqlite_connection_pool()),
            ],
            Engine::Postgres => vec![figures(
                "shared",
                self.write().get_postgres_connection_pool(),
            )],
            Engine::MySql => vec![figures("shared", self.write().get_mysql_connection_pool())],
        }
    }
}

fn figures<D: sqlx::Database>(name: &'static str, pool: &Pool<D>) -> PoolFigures {
    let open = pool.size() as usize;
    PoolFigures {
        name,
        open,
        // The two are not counted in the same moment.
        idle: pool.num_idle().min(open),
        most: pool.options().get_max_connections() as usize,
    }
}
