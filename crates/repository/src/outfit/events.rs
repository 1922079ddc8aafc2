//! The log of what people do with outfits.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::outfit::{EventId, OutfitEvent, OutfitEventRepository};
use domain::user::PersonId;
use domain::{RepositoryError, id};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::event_entity::{ActiveModel, Column, Entity};
use super::{days, runs};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;

/// Rows a statement inserts: at eleven values each, below every engine's limit on bound values.
const ROWS: usize = 1_000;
/// Rows removed at a time.
const BATCH: u64 = 1_000;

/// [`OutfitEventRepository`] on the database.
pub struct SeaOutfitEvents(pub(crate) Executor);

impl SeaOutfitEvents {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    /// Up to `limit` events with ids above `after`, without those of one node.
    async fn read(
        &self,
        after: EventId,
        limit: u64,
        without: Option<u16>,
    ) -> Result<Vec<OutfitEvent>, RepositoryError> {
        // The row of an event above may begin with one that is not.
        let most = runs::MOST as i64;
        let mut query = Entity::find().filter(Column::Id.gt(after.get().saturating_sub(most - 1)));
        if let Some(node) = without {
            // Written out: PostgreSQL shifts by no 64-bit number, and values are bound as such.
            let made_by = format!("(id >> {}) & {}", id::SEQUENCE_BITS, id::MAX_NODE);
            query = query.filter(Expr::cust(made_by).ne(i64::from(node)));
        }
        let rows = query
            .order_by_asc(Column::Id)
            .limit(limit.saturating_add(runs::MOST as u64))
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        let mut events = Vec::with_capacity(rows.len());
        for row in &rows {
            events.extend(runs::events(row)?);
        }
        events.retain(|event| event.id > after);
        events.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(events)
    }
}

/// Inserts a chunk of rows.
async fn append(
    connection: &impl ConnectionTrait,
    rows: &[ActiveModel],
) -> Result<(), RepositoryError> {
    let insert = Entity::insert_many(rows.iter().cloned());
    let insert = insert.exec_without_returning(connection).await;
    insert.map(|_| ()).map_err(translate)
}

/// Removes what `which` names, a batch at a time; how many. Outside a unit of work each batch is a
/// transaction.
pub(super) async fn remove(executor: &Executor, which: &Condition) -> Result<u64, RepositoryError> {
    let mut removed = 0;
    loop {
        let batch = executor.retrying(|| async {
            let scope = executor.scope().await?;
            let ids: Vec<i64> = Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(which.clone())
                .limit(BATCH)
                .into_tuple()
                .all(scope.transaction())
                .await
                .map_err(translate)?;
            let found = ids.len() as u64;
            let mut gone = 0;
            if found > 0 {
                let delete = Entity::delete_many().filter(Column::Id.is_in(ids));
                let delete = delete.exec(scope.transaction()).await;
                gone = delete.map_err(translate)?.rows_affected;
            }
            scope.finish().await?;
            Ok((found, gone))
        });
        let (found, gone) = batch.await?;
        removed += gone;
        if found < BATCH {
            return Ok(removed);
        }
    }
}

#[async_trait]
impl OutfitEventRepository for SeaOutfitEvents {
    async fn append(&self, events: &[OutfitEvent]) -> Result<(), RepositoryError> {
        if events.is_empty() {
            return Ok(());
        }
        let rows = runs::rows(events);
        if rows.len() <= ROWS {
            // One statement needs no transaction around it.
            let append = || async { append(&self.0.write(), &rows).await };
            return self.0.retrying(append).await;
        }
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                for chunk in rows.chunks(ROWS) {
                    append(scope.transaction(), chunk).await?;
                }
                scope.finish().await
            })
            .await
    }

    async fn after(&self, after: EventId, limit: u64) -> Result<Vec<OutfitEvent>, RepositoryError> {
        self.read(after, limit, None).await
    }

    async fn after_from_others(
        &self,
        after: EventId,
        limit: u64,
        node: u16,
    ) -> Result<Vec<OutfitEvent>, RepositoryError> {
        self.read(after, limit, Some(node)).await
    }

    async fn reassign(&self, guest: PersonId, member: PersonId) -> Result<u64, RepositoryError> {
        let update = Entity::update_many()
            .filter(Column::PersonId.eq(guest.get()))
            .col_expr(Column::PersonId, Expr::value(member.get()));
        let reassign = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(reassign.await?.rows_affected)
    }

    async fn condense(
        &self,
        before: DateTime<Utc>,
        views_before: DateTime<Utc>,
    ) -> Result<u64, RepositoryError> {
        days::condense(&self.0, before, views_before).await
    }

    async fn remove_all(&self, person: PersonId) -> Result<u64, RepositoryError> {
        remove(&self.0, &Column::PersonId.eq(person.get()).into_condition()).await
    }
}
