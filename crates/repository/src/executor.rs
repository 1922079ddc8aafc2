//! What a repository runs its statements on.

use std::sync::Arc;

use domain::RepositoryError;
use sea_orm::{
    DatabaseExecutor, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use crate::connection::Database;
use crate::error::translate;

/// Either the pools (each statement for itself) or one open transaction.
#[derive(Clone)]
pub(crate) enum Executor {
    /// Each statement for itself.
    Pools(Database),
    /// All statements in one transaction.
    Transaction(Arc<DatabaseTransaction>),
}

impl Executor {
    /// Where to read.
    pub(crate) fn read(&self) -> DatabaseExecutor<'_> {
        match self {
            Self::Pools(database) => database.read().into(),
            Self::Transaction(transaction) => transaction.as_ref().into(),
        }
    }

    /// Where to write a single statement.
    pub(crate) fn write(&self) -> DatabaseExecutor<'_> {
        match self {
            Self::Pools(database) => database.write().into(),
            Self::Transaction(transaction) => transaction.as_ref().into(),
        }
    }

    /// Where to write several statements that belong together: the open transaction, or one
    /// that [`Scope::finish`] commits.
    pub(crate) async fn scope(&self) -> Result<Scope, RepositoryError> {
        match self {
            Self::Pools(database) => begin(database).await.map(Scope::Own),
            Self::Transaction(transaction) => Ok(Scope::Joined(transaction.clone())),
        }
    }
}

/// Begins a transaction that may write. On SQLite it takes the write lock at once: one that
/// reads first and then wants to write would fail if anything was written in between.
pub(crate) async fn begin(database: &Database) -> Result<DatabaseTransaction, RepositoryError> {
    let sqlite = database.write().get_database_backend() == DbBackend::Sqlite;
    let options = TransactionOptions {
        sqlite_transaction_mode: sqlite.then_some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    database
        .write()
        .begin_with_options(options)
        .await
        .map_err(translate)
}

/// Several statements of one repository method.
pub(crate) enum Scope {
    /// In a transaction of their own.
    Own(DatabaseTransaction),
    /// In the unit of work's transaction.
    Joined(Arc<DatabaseTransaction>),
}

impl Scope {
    /// The transaction.
    pub(crate) fn transaction(&self) -> &DatabaseTransaction {
        match self {
            Self::Own(transaction) => transaction,
            Self::Joined(transaction) => transaction,
        }
    }

    /// Commits a transaction of its own; leaves the unit of work's to the unit of work.
    pub(crate) async fn finish(self) -> Result<(), RepositoryError> {
        match self {
            Self::Own(transaction) => transaction.commit().await.map_err(translate),
            Self::Joined(_) => Ok(()),
        }
    }
}
