//! How the pools of connections are used at present.

use sea_orm::sqlx::{self, Pool};
use sea_orm::{DbErr, RuntimeErr};

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

/// A pool that requests wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Of those who read.
    Read,
    /// Of those who write.
    Write,
}

impl Database {
    /// Waits for a connection and gives it back at once. Connections are handed out in the order of
    /// asking, so this takes as long as a request that comes now would wait.
    ///
    /// # Errors
    /// Where none could be had in the time that a request has for it.
    pub async fn stand_in_line(&self, line: Line) -> Result<(), DbErr> {
        let connection = match line {
            Line::Read => self.read(),
            Line::Write => self.write(),
        };
        let stood = match self.engine() {
            Engine::Sqlite => stand(connection.get_sqlite_connection_pool()).await,
            Engine::Postgres => stand(connection.get_postgres_connection_pool()).await,
            Engine::MySql => stand(connection.get_mysql_connection_pool()).await,
        };
        stood.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
    }
}

async fn stand<D: sqlx::Database>(pool: &Pool<D>) -> Result<(), sqlx::Error> {
    // Nobody stands in line where a connection is free, or may still be opened.
    let is_free = pool.num_idle() > 0 || pool.size() < pool.options().get_max_connections();
    if !is_free {
        drop(pool.acquire().await?);
    }
    Ok(())
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
