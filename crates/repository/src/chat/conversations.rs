//! Conversations.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::chat::{Conversation, ConversationRepository, Message, Pair, Place};
use domain::user::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::conversation_entity::{ActiveModel, Column, Entity, Model};
use super::friendships::{BOTH_BLOCKED, HIGH_BLOCKED, LOW_BLOCKED};
use super::{friendship_entity as friendship, message_entity as message};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::{from_micros, to_micros};

/// [`ConversationRepository`] on the database.
pub struct SeaConversations(pub(crate) Executor);

/// One of the two ids of a pair: the queries are the same for both, with the columns changed.
#[derive(Clone, Copy)]
struct Side {
    own: Column,
    other: Column,
    read: Column,
    /// The bond that says that the other one alone blocked this one.
    blocked: i16,
}

const LOW: Side = Side {
    own: Column::LowId,
    other: Column::HighId,
    read: Column::LowReadAt,
    blocked: HIGH_BLOCKED,
};

const HIGH: Side = Side {
    own: Column::HighId,
    other: Column::LowId,
    read: Column::HighReadAt,
    blocked: LOW_BLOCKED,
};

fn of(pair: Pair) -> Condition {
    Condition::all()
        .add(Column::LowId.eq(pair.low().get()))
        .add(Column::HighId.eq(pair.high().get()))
}

impl SeaConversations {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    /// A person's conversations in which theirs is this side.
    async fn side(
        &self,
        side: Side,
        person: UserId,
        after: Option<Place>,
        limit: u64,
    ) -> Result<Vec<Model>, RepositoryError> {
        let blocked = Query::select()
            .expr(Expr::value(1))
            .from(friendship::Entity)
            .and_where(
                Expr::col((friendship::Entity, friendship::Column::LowId))
                    .equals((Entity, Column::LowId)),
            )
            .and_where(
                Expr::col((friendship::Entity, friendship::Column::HighId))
                    .equals((Entity, Column::HighId)),
            )
            .and_where(
                Expr::col((friendship::Entity, friendship::Column::Bond))
                    .is_in([side.blocked, BOTH_BLOCKED]),
            )
            .to_owned();
        let mut found = Entity::find()
            .filter(side.own.eq(person.get()))
            .filter(Expr::exists(blocked).not());
        if let Some(place) = after {
            let at = to_micros(place.active_at);
            let later = Condition::all()
                .add(Column::LastAt.eq(at))
                .add(side.other.lt(place.other.get()));
            found = found.filter(Condition::any().add(Column::LastAt.lt(at)).add(later));
        }
        let found = found
            .order_by_desc(Column::LastAt)
            .order_by_desc(side.other)
            .limit(limit)
            .all(&self.0.read())
            .await;
        found.map_err(translate)
    }

    /// How many messages of the other were not read.
    async fn unread(&self, row: &Model, other: i64, read: i64) -> Result<u64, RepositoryError> {
        // The usual case, for which nothing has to be counted.
        if read >= row.last_at {
            return Ok(0);
        }
        let count = message::Entity::find()
            .filter(message::Column::LowId.eq(row.low_id))
            .filter(message::Column::HighId.eq(row.high_id))
            .filter(message::Column::CreatedAt.gt(read))
            .filter(message::Column::AuthorId.eq(other))
            .filter(message::Column::Content.is_not_null())
            .count(&self.0.read())
            .await;
        count.map_err(translate)
    }

    async fn seen_by(&self, person: UserId, row: &Model) -> Result<Conversation, RepositoryError> {
        let is_low = row.low_id == person.get();
        let (other, read, seen) = if is_low {
            (row.high_id, row.low_read_at, row.high_read_at)
        } else {
            (row.low_id, row.high_read_at, row.low_read_at)
        };
        let time = |micros: i64| (micros > 0).then(|| from_micros(micros)).transpose();
        Ok(Conversation {
            other: other.into(),
            last: row.last_id.into(),
            active_at: from_micros(row.last_at)?,
            unread: self.unread(row, other, read).await?,
            read_until: time(read)?,
            seen_until: time(seen)?,
        })
    }
}

#[async_trait]
impl ConversationRepository for SeaConversations {
    async fn note(&self, messages: &[Message]) -> Result<(), RepositoryError> {
        // PostgreSQL changes no row twice in one statement: of each pair the last one.
        let latest: HashMap<Pair, &Message> = messages.iter().map(|one| (one.pair, one)).collect();
        if latest.is_empty() {
            return Ok(());
        }
        let rows = latest.into_values().map(|message| ActiveModel {
            low_id: Set(message.pair.low().get()),
            high_id: Set(message.pair.high().get()),
            last_id: Set(message.id.get()),
            last_at: Set(to_micros(message.created_at)),
            low_read_at: Set(0),
            high_read_at: Set(0),
        });
        let known = OnConflict::columns([Column::LowId, Column::HighId])
            .update_columns([Column::LastId, Column::LastAt])
            .to_owned();
        let insert = Entity::insert_many(rows)
            .on_conflict(known)
            .exec_without_returning(&self.0.write())
            .await;
        insert.map(|_| ()).map_err(translate)
    }

    async fn active_at(
        &self,
        pairs: &[Pair],
    ) -> Result<Vec<(Pair, DateTime<Utc>)>, RepositoryError> {
        if pairs.is_empty() {
            return Ok(Vec::new());
        }
        let any = pairs
            .iter()
            .fold(Condition::any(), |any, pair| any.add(of(*pair)));
        let rows: Vec<(i64, i64, i64)> = Entity::find()
            .select_only()
            .columns([Column::LowId, Column::HighId, Column::LastAt])
            .filter(any)
            .into_tuple()
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        let found = rows.into_iter().filter_map(|(low, high, at)| {
            let pair = Pair::of(low.into(), high.into())?;
            Some(from_micros(at).map(|at| (pair, at)))
        });
        found.collect()
    }

    async fn read(
        &self,
        pair: Pair,
        reader: UserId,
        until: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        let side = if reader == pair.low() { LOW } else { HIGH };
        let until = to_micros(until);
        let updated = Entity::update_many()
            .filter(of(pair))
            .filter(side.read.lt(until))
            .col_expr(side.read, Expr::value(until))
            .exec(&self.0.write())
            .await
            .map_err(translate)?;
        Ok(updated.rows_affected > 0)
    }

    async fn list(
        &self,
        person: UserId,
        after: Option<Place>,
        limit: u64,
    ) -> Result<Vec<Conversation>, RepositoryError> {
        // Each half comes from an index of its own, in order.
        let mut rows = self.side(LOW, person, after, limit).await?;
        rows.extend(self.side(HIGH, person, after, limit).await?);
        let other = |row: &Model| row.low_id ^ row.high_id ^ person.get();
        rows.sort_unstable_by_key(|row| std::cmp::Reverse((row.last_at, other(row))));
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.push(self.seen_by(person, row).await?);
        }
        Ok(found)
    }

    async fn remove_all(&self, person: UserId) -> Result<(), RepositoryError> {
        let theirs = Condition::any()
            .add(Column::LowId.eq(person.get()))
            .add(Column::HighId.eq(person.get()));
        let gone = Entity::delete_many()
            .filter(theirs)
            .exec(&self.0.write())
            .await;
        gone.map(|_| ()).map_err(translate)
    }
}
