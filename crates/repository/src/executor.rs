//! What a repository runs its statements on.

use std::sync::Arc;

use domain::RepositoryError;
use sea_orm::{DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use trace::{Kind as Side, Span};

use crate::connection::{Database, Kind};
use crate::error::translate;
pub(crate) use crate::line::{Line, Transaction};

/// How often a repository method that loses a deadlock is tried.
const ATTEMPTS: u32 = 5;

/// Either the pools (each statement for itself) or one open transaction.
#[derive(Clone)]
pub(crate) enum Executor {
    /// Each statement for itself.
    Pools(Database),
    /// All statements in one transaction.
    Transaction(Arc<Transaction>),
}

impl Executor {
    /// Where to read.
    pub(crate) fn read(&self) -> Line<'_> {
        match self {
            Self::Pools(Database(Kind::File { read, .. })) => Line::File(read),
            Self::Pools(Database(Kind::Server(server))) => Line::Server(server),
            Self::Transaction(transaction) => Line::Transaction(transaction),
        }
    }

    /// Where to write a single statement.
    pub(crate) fn write(&self) -> Line<'_> {
        match self {
            Self::Pools(Database(Kind::File { write, .. })) => Line::File(write),
            Self::Pools(Database(Kind::Server(server))) => Line::Server(server),
            Self::Transaction(transaction) => Line::Transaction(transaction),
        }
    }

    /// Where to write several statements that belong together: the open transaction, or one
    /// that [`Scope::finish`] commits.
    pub(crate) async fn scope(&self) -> Result<Scope, RepositoryError> {
        match self {
            Self::Pools(database) => {
                let (transaction, span) = begin(database).await?;
                Ok(Scope::Own(transaction, span))
            }
            Self::Transaction(transaction) => Ok(Scope::Joined(transaction.clone())),
        }
    }

    /// Runs a whole repository method again while the engine says it lost a deadlock or a
    /// serialisation conflict: it did nothing then, and the next attempt is likely to get through.
    ///
    /// In a unit of work it runs once. What was lost there is the whole transaction, which only
    /// its owner can do again: MySQL has rolled it back already, and would take a second attempt
    /// for a statement of its own and commit it alone.
    pub(crate) async fn retrying<T, F>(
        &self,
        mut attempt: impl FnMut() -> F,
    ) -> Result<T, RepositoryError>
    where
        F: Future<Output = Result<T, RepositoryError>>,
    {
        let attempts = match self {
            Self::Pools(_) => ATTEMPTS,
            Self::Transaction(_) => 1,
        };
        for _ in 1..attempts {
            match attempt().await {
                Err(RepositoryError::Contention) => {}
                outcome => return outcome,
            }
        }
        attempt().await
    }
}

/// Begins a transaction that may write. On SQLite it takes the write lock at once: one that
/// reads first and then wants to write would fail if anything was written in between.
///
/// The span is the transaction's: from the wait for a connection to the commit, whoever holds both.
pub(crate) async fn begin(database: &Database) -> Result<(Transaction, Span), RepositoryError> {
    let span = Span::part("transaction", Side::Client);
    let begun = begun(database).await.map_err(translate)?;
    Ok((begun, span))
}

async fn begun(database: &Database) -> Result<Transaction, DbErr> {
    let mut options = TransactionOptions::default();
    match &database.0 {
        Kind::File { write, .. } => {
            options.sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
            let begun = write.begin_with_options(options).await?;
            Ok(Transaction::new(begun, None))
        }
        Kind::Server(server) => {
            let (pool, reached) = server.reach()?;
            let begun = reached.wait(pool.begin_with_options(options)).await?;
            Ok(Transaction::new(begun, Some(reached)))
        }
    }
}

/// Several statements of one repository method.
pub(crate) enum Scope {
    /// In a transaction of their own.
    Own(Transaction, Span),
    /// In the unit of work's transaction.
    Joined(Arc<Transaction>),
}

impl Scope {
    /// The transaction.
    pub(crate) fn transaction(&self) -> &Transaction {
        match self {
            Self::Own(transaction, _) => transaction,
            Self::Joined(transaction) => transaction,
        }
    }

    /// Commits a transaction of its own; leaves the unit of work's to the unit of work.
    pub(crate) async fn finish(self) -> Result<(), RepositoryError> {
        match self {
            Self::Own(transaction, _span) => transaction.commit().await.map_err(translate),
            Self::Joined(_) => Ok(()),
        }
    }
}
