//! Where statements go: a pool or a transaction, and while a server is away nowhere.

use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement,
};

use crate::connection::{Reached, Server};

/// Where a statement goes.
pub(crate) enum Line<'a> {
    /// To a file's pool.
    File(&'a DatabaseConnection),
    /// To a server's pool; it fails at once while the server is away.
    Server(&'a Arc<Server>),
    /// Into an open transaction.
    Transaction(&'a Transaction),
}

/// An open transaction. Dropping it rolls it back.
pub(crate) struct Transaction {
    inner: DatabaseTransaction,
    /// The server that it is open on; what is asked of it ends when that goes away.
    reached: Option<Reached>,
}

impl Transaction {
    /// One that was begun just now.
    pub(crate) fn new(inner: DatabaseTransaction, reached: Option<Reached>) -> Self {
        Self { inner, reached }
    }

    /// Makes what was done in it last.
    ///
    /// # Errors
    /// Whatever the engine says. Where a server went away meanwhile, nobody knows whether it does.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match &self.reached {
            Some(reached) => reached.wait(self.inner.commit()).await,
            None => self.inner.commit().await,
        }
    }
}

/// Asks a line or a transaction, whichever arm it is.
macro_rules! ask {
    ($line:expr, $method:ident($asked:expr)) => {
        match $line {
            Line::File(pool) => pool.$method($asked).await,
            Line::Server(server) => {
                let (pool, reached) = server.reach()?;
                reached.wait(pool.$method($asked)).await
            }
            Line::Transaction(transaction) => match &transaction.reached {
                Some(reached) => reached.wait(transaction.inner.$method($asked)).await,
                None => transaction.inner.$method($asked).await,
            },
        }
    };
}

#[async_trait]
impl ConnectionTrait for Line<'_> {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::File(pool) => pool.get_database_backend(),
            Self::Server(server) => server.backend(),
            Self::Transaction(transaction) => transaction.inner.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        ask!(self, execute_raw(statement))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        ask!(self, execute_unprepared(sql))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        ask!(self, query_one_raw(statement))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        ask!(self, query_all_raw(statement))
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        ask!(Line::Transaction(self), execute_raw(statement))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        ask!(Line::Transaction(self), execute_unprepared(sql))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        ask!(Line::Transaction(self), query_one_raw(statement))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        ask!(Line::Transaction(self), query_all_raw(statement))
    }
}
