//! Connecting: one database, seen through a handle to read and a handle to write.

pub mod copy;
mod file;
mod pools;
mod server;
mod statements;

use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::sqlx::Executor as _;
use sea_orm::{ConnectOptions, DatabaseConnection, DbBackend, DbErr};

use crate::error::is_locked;

pub use pools::{Line, PoolFigures};
pub(crate) use server::{Reached, Server};

/// Which database, and how it is used.
#[derive(Clone, Debug)]
pub struct DatabaseOptions {
    /// `sqlite://path`, `postgres://…` or `mysql://…`.
    pub url: String,
    /// Connections to a server.
    pub max_connections: u32,
    /// Reading connections to an SQLite file (it always has one that writes).
    pub sqlite_readers: u32,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
    /// When SQLite calls a commit done.
    pub synchronous: Synchronous,
}

impl DatabaseOptions {
    /// The defaults for a database.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 10,
            sqlite_readers: 4,
            acquire_timeout: Duration::from_secs(10),
            synchronous: Synchronous::Normal,
        }
    }
}

/// When SQLite calls a commit done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// When the system has it: survives the death of the process, not always of the machine.
    #[default]
    Normal,
    /// When the disk has it.
    Full,
}

/// The engine behind a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// An embedded file.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
    /// A MySQL or MariaDB server.
    MySql,
}

/// A connected database.
#[derive(Clone, Debug)]
pub struct Database(pub(crate) Kind);

/// What it is, and how it is reached.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A file, with a pool that cannot write and one that can.
    File {
        read: DatabaseConnection,
        write: DatabaseConnection,
    },
    /// A server, which may be away for a while.
    Server(Arc<Server>),
}

impl Database {
    /// Connects. An SQLite file and its folder are made where they are missing, readable by nobody
    /// else.
    ///
    /// SQLite has one writer whatever one does: with exactly one writing connection the queue
    /// for it is ours, and fair; with several, they would meet "database is locked". The
    /// servers get one pool for both.
    ///
    /// # Errors
    /// Where the database cannot be reached or opened.
    pub async fn connect(options: &DatabaseOptions) -> Result<Self, DbErr> {
        if !options.url.starts_with("sqlite") {
            let mut server = ConnectOptions::new(options.url.clone());
            server
                .max_connections(options.max_connections)
                .acquire_timeout(options.acquire_timeout)
                .connect_timeout(options.acquire_timeout)
                .sqlx_logging(false)
                .test_before_acquire_if_idle_for(Duration::from_secs(30))
                .map_sqlx_mysql_pool_opts(|pool| {
                    // MySQL's own default takes gap locks that make concurrent inserts deadlock.
                    let sql = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
                    pool.after_connect(move |connection, _| {
                        Box::pin(async move { connection.execute(sql).await.map(|_| ()) })
                    })
                });
            return Ok(Self(Kind::Server(Server::connect(server).await?)));
        }
        file::make(&options.url)?;
        // The writer first: it makes the file that the readers open.
        let write = first_writer(options).await?;
        let read = opened(sqlite(options, true)).await?;
        Ok(Self(Kind::File { read, write }))
    }

    /// The handle for reading, for what is done at once: that of a server that was away is another
    /// afterwards. On SQLite it cannot write.
    #[must_use]
    pub fn read(&self) -> DatabaseConnection {
        match &self.0 {
            Kind::File { read, .. } => read.clone(),
            Kind::Server(server) => server.pool(),
        }
    }

    /// The handle for writing, likewise.
    #[must_use]
    pub fn write(&self) -> DatabaseConnection {
        match &self.0 {
            Kind::File { write, .. } => write.clone(),
            Kind::Server(server) => server.pool(),
        }
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.write().get_database_backend() {
            DbBackend::Postgres => Engine::Postgres,
            DbBackend::MySql => Engine::MySql,
            _ => Engine::Sqlite,
        }
    }

    /// Closes every connection, after what they are doing.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub async fn close(self) -> Result<(), DbErr> {
        match self.0 {
            Kind::File { read, write } => {
                read.close().await?;
                write.close().await
            }
            Kind::Server(server) => server.close().await,
        }
    }
}

/// Connects; what is asked over it belongs to traces, where there are any.
async fn opened(options: ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    let mut connection = sea_orm::Database::connect(options).await?;
    if trace::is_on() {
        statements::trace(&mut connection);
    }
    Ok(connection)
}

/// How soon a file that another process is making is looked at again.
const BEING_MADE: Duration = Duration::from_millis(20);

/// Connects the writer. While another process turns a new file into one with a write-ahead log,
/// SQLite answers "locked" at once, whatever time-out it was given: so it is asked again.
async fn first_writer(options: &DatabaseOptions) -> Result<DatabaseConnection, DbErr> {
    let deadline = Instant::now() + options.acquire_timeout;
    loop {
        match opened(sqlite(options, false)).await {
            Err(error) if is_locked(&error) && Instant::now() < deadline => {
                tokio::time::sleep(BEING_MADE).await;
            }
            connected => return connected,
        }
    }
}

fn sqlite(options: &DatabaseOptions, read_only: bool) -> ConnectOptions {
    let mut connect = ConnectOptions::new(options.url.clone());
    let synchronous = match options.synchronous {
        Synchronous::Normal => sqlx::sqlite::SqliteSynchronous::Normal,
        Synchronous::Full => sqlx::sqlite::SqliteSynchronous::Full,
    };
    connect
        .max_connections(if read_only { options.sqlite_readers } else { 1 })
        .acquire_timeout(options.acquire_timeout)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .create_if_missing(!read_only)
                .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .busy_timeout(Duration::from_secs(30))
                .foreign_keys(true)
                .pragma("cache_size", "-16384")
                // What a statement may have to take back, and what it sorts, stays out of files.
                .pragma("temp_store", "memory")
                .statement_cache_capacity(256);
            if read_only {
                sqlite.pragma("query_only", "on")
            } else {
                sqlite
            }
        });
    connect
}
