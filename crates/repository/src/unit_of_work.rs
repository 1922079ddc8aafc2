//! Units of work over a database transaction.

use std::sync::Arc;

use async_trait::async_trait;
use domain::RepositoryError;
use domain::outfit::{DislikeRepository, HeartRepository, OutfitEventRepository};
use domain::product::ProductRepository;
use domain::unit_of_work::{UnitOfWork, UnitOfWorkFactory};
use domain::user::{GuestRepository, RefreshTokenRepository, SessionRepository, UserRepository};
use sea_orm::DatabaseTransaction;

use crate::connection::Database;
use crate::error::translate;
use crate::executor::{Executor, begin};
use crate::outfit::{SeaDislikes, SeaHearts, SeaOutfitEvents};
use crate::product::SeaProducts;
use crate::user::{SeaGuests, SeaRefreshTokens, SeaSessions, SeaUsers};

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
            products: SeaProducts(executor.clone()),
            guests: SeaGuests(executor.clone()),
            hearts: SeaHearts(executor.clone()),
            outfit_events: SeaOutfitEvents(executor.clone()),
            dislikes: SeaDislikes(executor),
        }))
    }
}

struct SeaUnitOfWork {
    transaction: Arc<DatabaseTransaction>,
    users: SeaUsers,
    sessions: SeaSessions,
    refresh_tokens: SeaRefreshTokens,
    products: SeaProducts,
    guests: SeaGuests,
    hearts: SeaHearts,
    outfit_events: SeaOutfitEvents,
    dislikes: SeaDislikes,
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

    fn guests(&self) -> &dyn GuestRepository {
        &self.guests
    }

    fn hearts(&self) -> &dyn HeartRepository {
        &self.hearts
    }

    fn outfit_events(&self) -> &dyn OutfitEventRepository {
        &self.outfit_events
    }

    fn dislikes(&self) -> &dyn DislikeRepository {
        &self.dislikes
    }

    async fn commit(self: Box<Self>) -> Result<(), RepositoryError> {
        let Self {
            transaction,
            users,
            sessions,
            refresh_tokens,
            products,
            guests,
            hearts,
            outfit_events,
            dislikes,
        } = *self;
        drop((users, sessions, refresh_tokens, products));
        drop((guests, hearts, outfit_events, dislikes));
        let transaction = Arc::try_unwrap(transaction)
            .map_err(|_| RepositoryError::storage("a repository outlived its unit of work"))?;
        transaction.commit().await.map_err(translate)
    }
}
