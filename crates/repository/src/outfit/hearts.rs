//! Hearts.
//!
//! Whoever changes a heart holds its outfit first, and several outfits in the order of their ids.
//! The state of a heart and the outfit's count therefore never part, and nobody can wait in a
//! circle. How hearts are written is in `heart_batch.rs`, and how many come into one transaction
//! in `together.rs`.

use async_trait::async_trait;
use domain::RepositoryError;
use domain::outfit::{Heart, HeartOutcome, HeartRepository, OutfitEvent, OutfitId};
use domain::user::PersonId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, UpdateMany,
};

use super::heart_entity::{Column, Entity, Relation};
use super::together::Together;
use super::{entity as outfit, heart_batch, merge};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::{Executor, Transaction};
use crate::time::from_micros;

/// Outfits named in a statement: well below every engine's limit on bound values.
const ROWS: usize = 1_000;

/// [`HeartRepository`] on the database.
pub struct SeaHearts {
    executor: Executor,
    together: Together,
}

impl SeaHearts {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self::over(Executor::Pools(database))
    }

    pub(crate) fn over(executor: Executor) -> Self {
        Self {
            together: Together::over(&executor),
            executor,
        }
    }
}

/// Holds outfits until the transaction ends; `ids` are in order.
pub(super) async fn hold(transaction: &Transaction, ids: &[i64]) -> Result<(), RepositoryError> {
    outfit::Entity::find()
        .select_only()
        .column(outfit::Column::Id)
        .filter(outfit::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(outfit::Column::Id)
        .lock_exclusive()
        .into_tuple::<i64>()
        .all(transaction)
        .await
        .map(|_| ())
        .map_err(translate)
}

/// Adds to the counts of outfits that are held.
pub(super) async fn add(
    connection: &impl ConnectionTrait,
    ids: &[i64],
    number: i64,
) -> Result<(), RepositoryError> {
    if ids.is_empty() {
        return Ok(());
    }
    let update = added(ids, number).exec(connection).await;
    update.map(|_| ()).map_err(translate)
}

pub(super) fn added(ids: &[i64], number: i64) -> UpdateMany<outfit::Entity> {
    let hearts = Expr::col(outfit::Column::Hearts).add(number);
    outfit::Entity::update_many()
        .filter(outfit::Column::Id.is_in(ids.iter().copied()))
        .col_expr(outfit::Column::Hearts, hearts)
}

#[async_trait]
impl HeartRepository for SeaHearts {
    async fn set(
        &self,
        event: &OutfitEvent,
        wanted: bool,
    ) -> Result<HeartOutcome, RepositoryError> {
        match &self.executor {
            // Who has a transaction of their own may not wait for others.
            Executor::Transaction(transaction) => {
                heart_batch::set_one(transaction, event, wanted).await
            }
            Executor::Pools(_) => self.together.set(&self.executor, event, wanted).await,
        }
    }

    async fn list(
        &self,
        person: PersonId,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<Heart>, RepositoryError> {
        let rows: Vec<(i64, i64)> = Entity::find()
            .select_only()
            .columns([Column::OutfitId, Column::HeartedAt])
            .join(JoinType::InnerJoin, Relation::Outfit.def())
            .filter(Column::PersonId.eq(person.get()))
            .filter(Column::IsDeleted.eq(false))
            .filter(outfit::Column::Hidden.eq(false))
            .order_by_desc(Column::HeartedAt)
            .order_by_desc(Column::OutfitId)
            .offset(offset)
            .limit(limit)
            .into_tuple()
            .all(&self.executor.read())
            .await
            .map_err(translate)?;
        let heart = |(outfit, at): (i64, i64)| {
            Ok(Heart {
                outfit: outfit.into(),
                at: from_micros(at)?,
            })
        };
        rows.into_iter().map(heart).collect()
    }

    async fn outfits(&self, person: PersonId) -> Result<Vec<OutfitId>, RepositoryError> {
        let ids: Vec<i64> = Entity::find()
            .select_only()
            .column(Column::OutfitId)
            .filter(Column::PersonId.eq(person.get()))
            .filter(Column::IsDeleted.eq(false))
            .into_tuple()
            .all(&self.executor.read())
            .await
            .map_err(translate)?;
        Ok(ids.into_iter().map(OutfitId::from).collect())
    }

    async fn among(
        &self,
        person: PersonId,
        outfits: &[OutfitId],
    ) -> Result<Vec<OutfitId>, RepositoryError> {
        let mut hearted = Vec::new();
        for chunk in outfits.chunks(ROWS) {
            let ids: Vec<i64> = Entity::find()
                .select_only()
                .column(Column::OutfitId)
                .filter(Column::PersonId.eq(person.get()))
                .filter(Column::OutfitId.is_in(chunk.iter().map(|id| id.get())))
                .filter(Column::IsDeleted.eq(false))
                .into_tuple()
                .all(&self.executor.read())
                .await
                .map_err(translate)?;
            hearted.extend(ids.into_iter().map(OutfitId::from));
        }
        Ok(hearted)
    }

    async fn merge(&self, guest: PersonId, member: PersonId) -> Result<u64, RepositoryError> {
        if guest == member {
            return Ok(0);
        }
        self.executor
            .retrying(|| async {
                let scope = self.executor.scope().await?;
                let gained = merge::merge(scope.transaction(), guest.get(), member.get()).await?;
                scope.finish().await?;
                Ok(gained)
            })
            .await
    }

    /// Outside a unit of work each batch is a transaction.
    async fn remove_all(&self, person: PersonId) -> Result<u64, RepositoryError> {
        let mut removed = 0;
        loop {
            let batch = self.executor.retrying(|| async {
                let scope = self.executor.scope().await?;
                let batch = merge::remove_batch(scope.transaction(), person.get()).await?;
                scope.finish().await?;
                Ok(batch)
            });
            match batch.await? {
                None => return Ok(removed),
                Some(living) => removed += living,
            }
        }
    }
}
