//! Units of work over a database transaction.

use std::sync::Arc;

use async_trait::async_trait;
use domain::RepositoryError;
use domain::product::ProductRepository;
use domain::unit_of_work::{UnitOfWork, UnitOfWorkFactory};
use domain::user::{RefreshTokenRepository, SessionRepository, UserRepository};
use sea_orm::DatabaseTransaction;

use crate::connection::Database;
use crate::error::translate;
use crate::executor::{Executor, begin};
use crate::product::SeaProducts;
use crate::user::{SeaRefreshTokens, SeaSessions, SeaUsers};

/// Opens transactions.
pub struct SeaUnitOfWorkFactory(Database);

impl SeaUnitOfWorkFactory {
    /// A factory over `database`.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl UnitOfWorkFactory for SeaUnitOfWorkFactory {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, RepositoryError> {
        let transaction = Arc::new(begin(&self.0).await?);
        let executor = Executor::Transaction(transaction.clone());
        Ok(Box::new(SeaUnitOfWork {
            transaction,
            users: SeaUsers(executor.clone()),
            sessions: SeaSessions(executor.clone()),
            refresh_tokens: SeaRefreshTokens(executor.clone()),
            products: SeaProducts(executor),
        }))
    }
}

struct SeaUnitOfWork {
    transaction: Arc<DatabaseTransaction>,
    users: SeaUsers,
    sessions: SeaSessions,
    refresh_tokens: SeaRefreshTokens,
    products: SeaProducts,
}

#[async_trait]
impl UnitOfWork for SeaUnitOfWork {
    fn users(&self) -> &dyn UserRepository {
        &self.users
    }

    fn sessions(&self) -> &dyn SessionRepository {
        &self.sessions
    }

    fn refresh_tokens(&self) -> &dyn RefreshTokenRepository {
        &self.refresh_tokens
    }

    fn products(&self) -> &dyn ProductRepository {
        &self.products
    }

    async fn commit(self: Box<Self>) -> Result<(), RepositoryError> {
        let Self {
            transaction,
            users,
            sessions,
            refresh_tokens,
            products,
        } = *self;
        drop((users, sessions, refresh_tokens, products));
        let transaction = Arc::try_unwrap(transaction)
            .map_err(|_| RepositoryError::storage("a repository outlived its unit of work"))?;
        transaction.commit().await.map_err(translate)
    }
}
