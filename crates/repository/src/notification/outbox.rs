//! The outbox.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::notification::{
    Backlog, Channel, ClaimedMessage, MessageId, MessageState, MessageStatus, NewMessage,
    OutboxRepository,
};
use domain::user::UserId;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, UpdateMany};

use super::outbox_entity::{ActiveModel, Column, DEAD, Entity, SENT, WAITING, channel_number};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::{from_micros, to_micros};

/// [`OutboxRepository`] on the database.
pub struct SeaOutbox(pub(crate) Executor);

impl SeaOutbox {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    /// Runs an update; whether it met the row.
    pub(super) async fn met(&self, update: UpdateMany<Entity>) -> Result<bool, RepositoryError> {
        let update = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(update.await?.rows_affected == 1)
    }
}

/// Messages of a channel that wait or are in somebody's hand.
fn unsettled(channel: Channel) -> Select<Entity> {
    Entity::find()
        .filter(Column::Status.eq(WAITING))
        .filter(Column::Channel.eq(channel_number(channel)))
}

/// The message, as long as this attempt holds it.
fn held(id: MessageId, attempt: u32) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::Id.eq(id.get()))
        .filter(Column::Status.eq(WAITING))
        .filter(Column::Attempts.eq(i64::from(attempt)))
}

#[async_trait]
impl OutboxRepository for SeaOutbox {
    async fn insert(&self, message: &NewMessage) -> Result<(), RepositoryError> {
        let insert = self.0.retrying(|| async {
            Entity::insert(ActiveModel::from(message))
                .exec_without_returning(&self.0.write())
                .await
                .map_err(translate)
        });
        insert.await.map(|_| ())
    }

    async fn insert_all(&self, messages: &[NewMessage]) -> Result<(), RepositoryError> {
        if messages.is_empty() {
            return Ok(());
        }
        let insert = self.0.retrying(|| async {
            Entity::insert_many(messages.iter().map(ActiveModel::from))
                .exec_without_returning(&self.0.write())
                .await
                .map_err(translate)
        });
        insert.await.map(|_| ())
    }

    async fn status(
        &self,
        owner: UserId,
        id: MessageId,
    ) -> Result<Option<MessageStatus>, RepositoryError> {
        self.read_status(owner, id).await
    }

    async fn statuses(
        &self,
        owner: UserId,
        before: Option<MessageId>,
        limit: u64,
    ) -> Result<Vec<MessageStatus>, RepositoryError> {
        self.read_statuses(owner, before, limit).await
    }

    async fn cancel(
        &self,
        owner: UserId,
        id: MessageId,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        self.call_off(owner, id, at).await
    }

    async fn summary(&self) -> Result<Vec<(Channel, MessageState, u64)>, RepositoryError> {
        self.read_summary().await
    }

    async fn backlog(&self) -> Result<Vec<Backlog>, RepositoryError> {
        self.read_backlog().await
    }

    async fn dead(&self, limit: u64) -> Result<Vec<MessageStatus>, RepositoryError> {
        self.read_dead(limit).await
    }

    async fn revive(
        &self,
        id: Option<MessageId>,
        now: DateTime<Utc>,
    ) -> Result<u64, RepositoryError> {
        self.wake_dead(id, now).await
    }

    async fn claim(
        &self,
        channel: Channel,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<ClaimedMessage>, RepositoryError> {
        // What another worker is just taking is passed over. SQLite has one writer and no locks.
        let due = unsettled(channel)
            .filter(Column::DueAt.lte(to_micros(now)))
            .order_by_asc(Column::Priority)
            .order_by_asc(Column::DueAt)
            .order_by_asc(Column::Id)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let claim = self.0.retrying(|| async {
            let scope = self.0.scope().await?;
            let rows = due.clone().all(scope.transaction()).await;
            let mut rows = rows.map_err(translate)?;
            if !rows.is_empty() {
                Entity::update_many()
                    .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
                    .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
                    .col_expr(Column::DueAt, Expr::value(to_micros(until)))
                    .exec(scope.transaction())
                    .await
                    .map_err(translate)?;
            }
            scope.finish().await?;
            for row in &mut rows {
                row.attempts += 1;
            }
            Ok(rows)
        });
        claim
            .await?
            .into_iter()
            .map(ClaimedMessage::try_from)
            .collect()
    }

    async fn next_due(&self, channel: Channel) -> Result<Option<DateTime<Utc>>, RepositoryError> {
        let next: Option<Option<i64>> = unsettled(channel)
            .select_only()
            .expr(Column::DueAt.min())
            .into_tuple()
            .one(&self.0.read())
            .await
            .map_err(translate)?;
        next.flatten().map(from_micros).transpose()
    }

    async fn mark_sent(&self, id: MessageId, at: DateTime<Utc>) -> Result<bool, RepositoryError> {
        // Whoever delivered it: who holds it now need not deliver it again.
        let sent = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::Status.eq(WAITING))
            .col_expr(Column::Status, Expr::value(SENT))
            .col_expr(Column::Payload, Expr::value(""))
            .col_expr(Column::SettledAt, Expr::value(to_micros(at)));
        self.met(sent).await
    }

    async fn postpone(
        &self,
        id: MessageId,
        attempt: u32,
        until: DateTime<Utc>,
        reason: &str,
    ) -> Result<bool, RepositoryError> {
        let postponed = held(id, attempt)
            .col_expr(Column::DueAt, Expr::value(to_micros(until)))
            .col_expr(Column::Reason, Expr::value(reason));
        self.met(postponed).await
    }

    async fn give_back(
        &self,
        id: MessageId,
        attempt: u32,
        now: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        let given_back = held(id, attempt)
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
            .col_expr(Column::DueAt, Expr::value(to_micros(now)));
        self.met(given_back).await
    }

    async fn bury(
        &self,
        id: MessageId,
        attempt: u32,
        at: DateTime<Utc>,
        reason: &str,
    ) -> Result<bool, RepositoryError> {
        let buried = held(id, attempt)
            .col_expr(Column::Status, Expr::value(DEAD))
            .col_expr(Column::Reason, Expr::value(reason))
            .col_expr(Column::SettledAt, Expr::value(to_micros(at)));
        self.met(buried).await
    }

    async fn remove_all(&self, owner: UserId) -> Result<u64, RepositoryError> {
        let remove = self.0.retrying(|| async {
            Entity::delete_many()
                .filter(Column::OwnerId.eq(owner.get()))
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        Ok(remove.await?.rows_affected)
    }

    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let purge = self.0.retrying(|| async {
            Entity::delete_many()
                .filter(Column::SettledAt.lt(to_micros(before)))
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        Ok(purge.await?.rows_affected)
    }
}
