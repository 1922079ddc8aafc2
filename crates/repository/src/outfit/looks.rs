//! Shop the look.

use std::collections::HashSet;

use async_trait::async_trait;
use domain::RepositoryError;
use domain::outfit::{LookOutcome, LookRepository, OutfitId};
use domain::product::{Product, ProductId};
use domain::user::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use super::entity as outfit;
use super::shown_entity::{ActiveModel, Column, Entity, Relation};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::{Executor, Transaction};
use crate::product::entity::{self as product, Status};

/// [`LookRepository`] on the database.
pub struct SeaLooks(pub(crate) Executor);

impl SeaLooks {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

/// Whether all of these are on the owner's shelf; they are held there until the transaction ends.
async fn on_shelf(
    transaction: &Transaction,
    owner: UserId,
    products: &HashSet<i64>,
) -> Result<bool, RepositoryError> {
    let found: Vec<i64> = product::Entity::find()
        .select_only()
        .column(product::Column::Id)
        .filter(product::Column::Id.is_in(products.iter().copied()))
        .filter(product::Column::OwnerId.eq(owner.get()))
        .filter(product::Column::Status.eq(Status::Shelf.number()))
        .order_by_asc(product::Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(transaction)
        .await
        .map_err(translate)?;
    Ok(found.len() == products.len())
}

/// Takes the owner's products off an outfit.
async fn take_off(
    transaction: &Transaction,
    outfit: OutfitId,
    owner: UserId,
) -> Result<(), RepositoryError> {
    let theirs: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::ProductId)
        .join(JoinType::InnerJoin, Relation::Product.def())
        .filter(Column::OutfitId.eq(outfit.get()))
        .filter(product::Column::OwnerId.eq(owner.get()))
        .into_tuple()
        .all(transaction)
        .await
        .map_err(translate)?;
    let delete = Entity::delete_many()
        .filter(Column::OutfitId.eq(outfit.get()))
        .filter(Column::ProductId.is_in(theirs));
    delete
        .exec(transaction)
        .await
        .map(|_| ())
        .map_err(translate)
}

#[async_trait]
impl LookRepository for SeaLooks {
    async fn replace(
        &self,
        outfit: OutfitId,
        owner: UserId,
        products: &[ProductId],
    ) -> Result<LookOutcome, RepositoryError> {
        let mut named = HashSet::new();
        let mut rows = Vec::with_capacity(products.len());
        for product in products {
            // One that is named twice stands where it was named first.
            if named.insert(product.get()) {
                rows.push(ActiveModel {
                    outfit_id: Set(outfit.get()),
                    product_id: Set(product.get()),
                    position: Set(i16::try_from(rows.len()).unwrap_or(i16::MAX)),
                });
            }
        }
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let transaction = scope.transaction();
                // Of several who name products of one outfit at once, each waits for the other.
                let held = outfit::Entity::find_by_id(outfit.get())
                    .lock_exclusive()
                    .one(transaction)
                    .await
                    .map_err(translate)?;
                if held.is_none() {
                    return Ok(LookOutcome::OutfitAbsent);
                }
                if !on_shelf(transaction, owner, &named).await? {
                    return Ok(LookOutcome::ProductAbsent);
                }
                take_off(transaction, outfit, owner).await?;
                if !rows.is_empty() {
                    Entity::insert_many(rows.clone())
                        .exec_without_returning(transaction)
                        .await
                        .map_err(translate)?;
                }
                scope.finish().await?;
                Ok(LookOutcome::Done)
            })
            .await
    }

    async fn products(&self, outfit: OutfitId) -> Result<Vec<Product>, RepositoryError> {
        let rows = product::Entity::find()
            .join_rev(JoinType::InnerJoin, Relation::Product.def())
            .filter(Column::OutfitId.eq(outfit.get()))
            .filter(product::Column::Status.eq(Status::Shelf.number()))
            .order_by_asc(Column::Position)
            .order_by_asc(product::Column::Id)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(Product::try_from).collect()
    }

    async fn outfits(
        &self,
        owner: UserId,
        product: ProductId,
        before: Option<OutfitId>,
        limit: u64,
    ) -> Result<Vec<OutfitId>, RepositoryError> {
        let mut query = Entity::find()
            .select_only()
            .column(Column::OutfitId)
            .join(JoinType::InnerJoin, Relation::Product.def())
            .join(JoinType::InnerJoin, Relation::Outfit.def())
            .filter(Column::ProductId.eq(product.get()))
            .filter(product::Column::OwnerId.eq(owner.get()))
            .filter(product::Column::Status.eq(Status::Shelf.number()))
            .filter(outfit::Column::Hidden.eq(false));
        if let Some(before) = before {
            query = query.filter(Column::OutfitId.lt(before.get()));
        }
        let ids: Vec<i64> = query
            .order_by_desc(Column::OutfitId)
            .limit(limit)
            .into_tuple()
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        Ok(ids.into_iter().map(OutfitId::from).collect())
    }
}
