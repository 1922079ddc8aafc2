//! Shop the look: the products that an outfit shows.

use async_trait::async_trait;

use super::OutfitId;
use crate::RepositoryError;
use crate::product::{Product, ProductId};
use crate::user::UserId;

/// What naming an outfit's products came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookOutcome {
    /// The outfit shows exactly these now.
    Done,
    /// There is no such outfit.
    OutfitAbsent,
    /// One of them is not on the owner's shelf: nothing was changed.
    ProductAbsent,
}

/// Which outfits show which products. A product that goes into its owner's bin is shown no
/// longer, and shown again when it is taken out.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait LookRepository: Send + Sync {
    /// Makes the outfit show these of the owner's products, in this order, and no others of
    /// theirs. Another owner's stay.
    async fn replace(
        &self,
        outfit: OutfitId,
        owner: UserId,
        products: &[ProductId],
    ) -> Result<LookOutcome, RepositoryError>;

    /// The products that the outfit shows, in order.
    async fn products(&self, outfit: OutfitId) -> Result<Vec<Product>, RepositoryError>;

    /// Up to `limit` visible outfits that show the owner's product, the highest ids first, below
    /// `before`.
    async fn outfits(
        &self,
        owner: UserId,
        product: ProductId,
        before: Option<OutfitId>,
        limit: u64,
    ) -> Result<Vec<OutfitId>, RepositoryError>;
}
