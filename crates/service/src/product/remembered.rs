//! Products that were read lately, kept in memory.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::product::{
    ImportId, Product, ProductChange, ProductId, ProductOutcome, ProductQuery, ProductRepository,
    Version,
};
use domain::user::UserId;

use crate::figures::CacheFigures;
use crate::remembered::Remembered;

const PRODUCTS: u64 = 20_000;
const KEEP: Duration = Duration::from_secs(600);

/// A [`ProductRepository`] that answers single products from memory where it can.
///
/// Only for an installation of one node: all changes have to pass through it, and have to be seen
/// through to their end (the HTTP layer does). Removing all of an
/// owner's products in a unit of work does not, and need not: with the account goes every way to
/// ask for them.
pub struct RememberedProducts {
    inner: Arc<dyn ProductRepository>,
    products: Remembered<(UserId, ProductId), Arc<Product>>,
}

impl RememberedProducts {
    /// Remembers what `inner` answers.
    #[must_use]
    pub fn new(inner: Arc<dyn ProductRepository>) -> Self {
        Self {
            inner,
            products: Remembered::new(PRODUCTS, KEEP),
        }
    }

    /// How often a product was known.
    #[must_use]
    pub fn cache(&self) -> CacheFigures {
        self.products.figures()
    }
}

#[async_trait]
impl ProductRepository for RememberedProducts {
    async fn insert(&self, product: &Product) -> Result<(), RepositoryError> {
        self.inner.insert(product).await
    }

    async fn find_owned(
        &self,
        owner: UserId,
        id: ProductId,
    ) -> Result<Option<Product>, RepositoryError> {
        let read = async { Ok(self.inner.find_owned(owner, id).await?.map(Arc::new)) };
        let found = self.products.get((owner, id), read).await?;
        Ok(found.map(|product| product.as_ref().clone()))
    }

    async fn list(
        &self,
        owner: UserId,
        query: &ProductQuery,
    ) -> Result<Vec<Product>, RepositoryError> {
        self.inner.list(owner, query).await
    }

    async fn update(
        &self,
        owner: UserId,
        id: ProductId,
        expected: Option<Version>,
        change: &ProductChange,
        now: DateTime<Utc>,
    ) -> Result<ProductOutcome, RepositoryError> {
        let outcome = self.inner.update(owner, id, expected, change, now).await;
        // Also after an error: a commit whose answer was lost may have happened.
        self.products.forget(&(owner, id));
        outcome
    }

    async fn delete(
        &self,
        owner: UserId,
        id: ProductId,
        expected: Option<Version>,
        now: DateTime<Utc>,
    ) -> Result<ProductOutcome, RepositoryError> {
        let outcome = self.inner.delete(owner, id, expected, now).await;
        self.products.forget(&(owner, id));
        outcome
    }

    async fn restore(
        &self,
        owner: UserId,
        id: ProductId,
        now: DateTime<Utc>,
    ) -> Result<ProductOutcome, RepositoryError> {
        let outcome = self.inner.restore(owner, id, now).await;
        self.products.forget(&(owner, id));
        outcome
    }

    async fn stage(&self, import: ImportId, products: &[Product]) -> Result<(), RepositoryError> {
        self.inner.stage(import, products).await
    }

    async fn publish(&self, import: ImportId) -> Result<u64, RepositoryError> {
        self.inner.publish(import).await
    }

    async fn discard_staged(&self, before: ImportId) -> Result<u64, RepositoryError> {
        self.inner.discard_staged(before).await
    }

    async fn discard(&self, import: ImportId) -> Result<u64, RepositoryError> {
        self.inner.discard(import).await
    }

    async fn delete_all(&self, owner: UserId) -> Result<u64, RepositoryError> {
        let removed = self.inner.delete_all(owner).await;
        self.products.forget_all();
        removed
    }
}

#[cfg(test)]
mod tests;
