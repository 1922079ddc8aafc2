//! What products need of storage.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Product, ProductChange, ProductId, ProductQuery, Version};
use crate::RepositoryError;
use crate::id::define_id;
use crate::user::UserId;

define_id! {
    /// Identifies an import while it is under way.
    ImportId
}

/// What changing one product came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductOutcome {
    /// Done; the product as it is now.
    Done(Box<Product>),
    /// The product is at another version than the caller expected: nothing was changed.
    Stale,
    /// The owner has no such product.
    Absent,
}

/// Products. Every method is given the owner and sees nobody else's.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ProductRepository: Send + Sync {
    /// Stores a new product and makes it findable.
    async fn insert(&self, product: &Product) -> Result<(), RepositoryError>;

    /// The owner's product, or `None` if it does not exist, lies in the bin or belongs to
    /// somebody else.
    async fn find_owned(
        &self,
        owner: UserId,
        id: ProductId,
    ) -> Result<Option<Product>, RepositoryError>;

    /// Up to `query.limit` of the owner's products.
    async fn list(
        &self,
        owner: UserId,
        query: &ProductQuery,
    ) -> Result<Vec<Product>, RepositoryError>;

    /// Changes the owner's product if it is at `expected` (or whatever it is at, if `None`).
    async fn update(
        &self,
        owner: UserId,
        id: ProductId,
        expected: Option<Version>,
        change: &ProductChange,
        now: DateTime<Utc>,
    ) -> Result<ProductOutcome, RepositoryError>;

    /// Puts the owner's product in the bin.
    async fn delete(
        &self,
        owner: UserId,
        id: ProductId,
        expected: Option<Version>,
        now: DateTime<Utc>,
    ) -> Result<ProductOutcome, RepositoryError>;

    /// Takes the owner's product out of the bin; one that is not there is left as it is.
    async fn restore(
        &self,
        owner: UserId,
        id: ProductId,
        now: DateTime<Utc>,
    ) -> Result<ProductOutcome, RepositoryError>;

    /// Stores products that nobody sees until [`publish`](ProductRepository::publish).
    async fn stage(&self, import: ImportId, products: &[Product]) -> Result<(), RepositoryError>;

    /// Makes all products of an import visible at once; how many.
    async fn publish(&self, import: ImportId) -> Result<u64, RepositoryError>;

    /// Removes the staged products of imports begun before `before` (every one of them made by
    /// a process that did not live to publish it); how many products.
    async fn discard_staged(&self, before: ImportId) -> Result<u64, RepositoryError>;

    /// Removes the staged products of one import.
    async fn discard(&self, import: ImportId) -> Result<u64, RepositoryError>;

    /// Removes everything the owner has, bin included; how many products.
    async fn delete_all(&self, owner: UserId) -> Result<u64, RepositoryError>;
}
