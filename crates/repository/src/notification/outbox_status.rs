//! What became of messages, for their senders and for operators.

use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::notification::{Backlog, Channel, MessageId, MessageState, MessageStatus};
use domain::user::UserId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::outbox::SeaOutbox;
use super::outbox_entity::{
    CANCELLED, Column, DEAD, Entity, WAITING, channel, channel_number, state,
};
use crate::error::translate;
use crate::time::{from_micros, to_micros};

/// The messages that a person's programs sent: those of the account itself are nobody's to list.
fn of_programs(owner: UserId) -> sea_orm::Condition {
    let channels = Channel::OF_PROGRAMS.map(channel_number);
    sea_orm::Condition::all()
        .add(Column::OwnerId.eq(owner.get()))
        .add(Column::Channel.is_in(channels))
}

impl SeaOutbox {
    pub(super) async fn read_status(
        &self,
        owner: UserId,
        id: MessageId,
    ) -> Result<Option<MessageStatus>, RepositoryError> {
        let row = Entity::find_by_id(id.get())
            .filter(of_programs(owner))
            .one(&self.0.read())
            .await
            .map_err(translate)?;
        row.map(MessageStatus::try_from).transpose()
    }

    pub(super) async fn read_statuses(
        &self,
        owner: UserId,
        before: Option<MessageId>,
        limit: u64,
    ) -> Result<Vec<MessageStatus>, RepositoryError> {
        let mut find = Entity::find()
            .filter(of_programs(owner))
            .order_by_desc(Column::Id)
            .limit(limit);
        if let Some(before) = before {
            find = find.filter(Column::Id.lt(before.get()));
        }
        let rows = find.all(&self.0.read()).await.map_err(translate)?;
        rows.into_iter().map(MessageStatus::try_from).collect()
    }

    pub(super) async fn call_off(
        &self,
        owner: UserId,
        id: MessageId,
        at: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        // One that was tried may have arrived: nobody can say that it did not.
        let cancel = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(of_programs(owner))
            .filter(Column::Status.eq(WAITING))
            .filter(Column::Attempts.eq(0))
            .col_expr(Column::Status, Expr::value(CANCELLED))
            .col_expr(Column::Payload, Expr::value(""))
            .col_expr(Column::SettledAt, Expr::value(to_micros(at)));
        self.met(cancel).await
    }

    pub(super) async fn read_summary(
        &self,
    ) -> Result<Vec<(Channel, MessageState, u64)>, RepositoryError> {
        let rows: Vec<(i16, i16, i64)> = Entity::find()
            .select_only()
            .column(Column::Channel)
            .column(Column::Status)
            .expr(Expr::col(Column::Id).count())
            .group_by(Column::Channel)
            .group_by(Column::Status)
            .order_by_asc(Column::Channel)
            .order_by_asc(Column::Status)
            .into_tuple()
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        let counted = rows.into_iter().map(|(number, status, count)| {
            let count = u64::try_from(count).map_err(RepositoryError::storage)?;
            Ok((channel(number)?, state(status)?, count))
        });
        counted.collect()
    }

    /// The index on status and channel answers it: settled messages are not looked at.
    pub(super) async fn read_backlog(&self) -> Result<Vec<Backlog>, RepositoryError> {
        let rows: Vec<(i16, i16, i64, i64)> = Entity::find()
            .select_only()
            .column(Column::Channel)
            .column(Column::Status)
            .expr(Column::DueAt.count())
            .expr(Column::DueAt.min())
            .filter(Column::Status.is_in([WAITING, DEAD]))
            .group_by(Column::Channel)
            .group_by(Column::Status)
            .into_tuple()
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        let mut backlog = Channel::ALL.map(Backlog::empty);
        for (number, status, count, next_due) in rows {
            let channel = channel(number)?;
            let count = u64::try_from(count).map_err(RepositoryError::storage)?;
            let known = backlog.iter_mut().find(|known| known.channel == channel);
            match known {
                Some(known) if status == WAITING => {
                    known.waiting = count;
                    known.next_due = Some(from_micros(next_due)?);
                }
                Some(known) => known.dead = count,
                None => {}
            }
        }
        Ok(backlog.into())
    }

    pub(super) async fn read_dead(
        &self,
        limit: u64,
    ) -> Result<Vec<MessageStatus>, RepositoryError> {
        let rows = Entity::find()
            .filter(Column::Status.eq(DEAD))
            .order_by_desc(Column::SettledAt)
            .order_by_desc(Column::Id)
            .limit(limit)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(MessageStatus::try_from).collect()
    }

    pub(super) async fn wake_dead(
        &self,
        id: Option<MessageId>,
        now: DateTime<Utc>,
    ) -> Result<u64, RepositoryError> {
        let mut revive = Entity::update_many()
            .filter(Column::Status.eq(DEAD))
            .col_expr(Column::Status, Expr::value(WAITING))
            .col_expr(Column::Attempts, Expr::value(0))
            .col_expr(Column::DueAt, Expr::value(to_micros(now)))
            .col_expr(Column::SettledAt, Expr::value(None::<i64>));
        if let Some(id) = id {
            revive = revive.filter(Column::Id.eq(id.get()));
        }
        let revive = self.0.retrying(|| async {
            let revive = revive.clone();
            revive.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(revive.await?.rows_affected)
    }
}
