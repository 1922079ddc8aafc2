//! Shop the look.

use std::sync::Arc;

use async_trait::async_trait;
use domain::outfit::{LookOutcome, LookRepository, Outfit, OutfitId};
use domain::product::{Product, ProductId};
use domain::user::UserId;
use thiserror::Error;
use tracing::instrument;

use super::{Common, OutfitError, OutfitList};

/// Why an outfit's products were not named.
#[derive(Debug, Error)]
pub enum LookError {
    /// One of the products is not on the owner's shelf.
    #[error("there is no such product")]
    ProductNotFound,
    /// As everywhere with outfits.
    #[error(transparent)]
    Outfit(#[from] OutfitError),
}

/// Which outfits show which products.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait LookService: Send + Sync {
    /// Makes an outfit show these of the owner's products, in this order, and no others of theirs.
    /// Who may change outfits is the caller's to check.
    async fn show(
        &self,
        outfit: OutfitId,
        owner: UserId,
        products: &[ProductId],
    ) -> Result<(), LookError>;

    /// The products that a visible outfit shows, in order: for everybody's eyes.
    async fn products(&self, outfit: OutfitId) -> Result<Vec<Product>, LookError>;

    /// A page of the outfits that show the owner's product, the highest ids first.
    async fn outfits(
        &self,
        owner: UserId,
        product: ProductId,
        before: Option<OutfitId>,
        limit: usize,
    ) -> Result<OutfitList, LookError>;
}

/// [`LookService`] over the repository.
pub struct DefaultLookService {
    /// What all use-cases of outfits stand on.
    pub common: Arc<Common>,
    /// Which outfits show which products.
    pub looks: Arc<dyn LookRepository>,
}

#[async_trait]
impl LookService for DefaultLookService {
    #[instrument(skip_all, fields(user_id = %owner, %outfit))]
    async fn show(
        &self,
        outfit: OutfitId,
        owner: UserId,
        products: &[ProductId],
    ) -> Result<(), LookError> {
        let outcome = self.looks.replace(outfit, owner, products).await;
        match outcome.map_err(OutfitError::from)? {
            LookOutcome::Done => Ok(()),
            LookOutcome::OutfitAbsent => Err(OutfitError::NotFound.into()),
            LookOutcome::ProductAbsent => Err(LookError::ProductNotFound),
        }
    }

    async fn products(&self, outfit: OutfitId) -> Result<Vec<Product>, LookError> {
        let visible = self.common.catalogue.visible(outfit);
        visible.ok_or(OutfitError::NotFound)?;
        let products = self.looks.products(outfit).await;
        Ok(products.map_err(OutfitError::from)?)
    }

    async fn outfits(
        &self,
        owner: UserId,
        product: ProductId,
        before: Option<OutfitId>,
        limit: usize,
    ) -> Result<OutfitList, LookError> {
        // One more than wanted tells whether this is all.
        let ids = self
            .looks
            .outfits(owner, product, before, limit as u64 + 1)
            .await;
        let mut ids = ids.map_err(OutfitError::from)?;
        let more = ids.len() > limit;
        ids.truncate(limit);
        let next_cursor = ids.last().filter(|_| more).map(OutfitId::to_string);
        let items: Vec<Arc<Outfit>> = self.common.catalogue.all_visible(ids);
        Ok(OutfitList { items, next_cursor })
    }
}
