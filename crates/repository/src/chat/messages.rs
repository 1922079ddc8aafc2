//! Messages.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::chat::{Content, Message, MessageId, MessageRepository, Nonce, Pair};
use domain::user::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::message_entity::{ActiveModel, Column, Entity, Model};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::{from_micros, to_micros};

/// [`MessageRepository`] on the database.
pub struct SeaMessages(pub(crate) Executor);

impl SeaMessages {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    async fn find(&self, id: MessageId) -> Result<Option<Message>, RepositoryError> {
        // Read where it was written: on SQLite another connection may not see it yet.
        let row = Entity::find_by_id(id.get()).one(&self.0.write()).await;
        row.map_err(translate)?.map(message).transpose()
    }
}

fn between(pair: Pair) -> Select<Entity> {
    Entity::find()
        .filter(Column::LowId.eq(pair.low().get()))
        .filter(Column::HighId.eq(pair.high().get()))
}

fn row(message: &Message) -> ActiveModel {
    let content = message.content.as_ref();
    let nonce = message.nonce.as_ref();
    ActiveModel {
        id: Set(message.id.get()),
        low_id: Set(message.pair.low().get()),
        high_id: Set(message.pair.high().get()),
        author_id: Set(message.author.get()),
        content: Set(content.map(|content| content.as_str().to_owned())),
        created_at: Set(to_micros(message.created_at)),
        edited_at: Set(message.edited_at.map(to_micros)),
        nonce: Set(nonce.map(|nonce| nonce.as_str().to_owned())),
    }
}

fn message(row: Model) -> Result<Message, RepositoryError> {
    let broken = || RepositoryError::storage("a stored message is not valid");
    let content = row.content.as_deref().map(Content::parse);
    let nonce = row.nonce.as_deref().map(Nonce::parse);
    Ok(Message {
        id: row.id.into(),
        pair: Pair::of(row.low_id.into(), row.high_id.into()).ok_or_else(broken)?,
        author: row.author_id.into(),
        content: content.transpose().map_err(|_| broken())?,
        created_at: from_micros(row.created_at)?,
        edited_at: row.edited_at.map(from_micros).transpose()?,
        nonce: nonce.transpose().map_err(|_| broken())?,
    })
}

#[async_trait]
impl MessageRepository for SeaMessages {
    async fn insert(&self, messages: &[Message]) -> Result<(), RepositoryError> {
        if messages.is_empty() {
            return Ok(());
        }
        let insert = Entity::insert_many(messages.iter().map(row))
            .exec_without_returning(&self.0.write())
            .await;
        insert.map(|_| ()).map_err(translate)
    }

    async fn find_by_nonces(
        &self,
        named: &[(UserId, Nonce)],
    ) -> Result<Vec<Message>, RepositoryError> {
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let any = named.iter().fold(Condition::any(), |any, (author, nonce)| {
            let one = Condition::all()
                .add(Column::AuthorId.eq(author.get()))
                .add(Column::Nonce.eq(nonce.as_str()));
            any.add(one)
        });
        let rows = Entity::find().filter(any).all(&self.0.read()).await;
        let rows = rows.map_err(translate)?;
        rows.into_iter().map(message).collect()
    }

    async fn edit(
        &self,
        id: MessageId,
        pair: Pair,
        author: UserId,
        content: Option<Content>,
        at: DateTime<Utc>,
    ) -> Result<Option<Message>, RepositoryError> {
        let content = content.map(|content| content.as_str().to_owned());
        let done = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::LowId.eq(pair.low().get()))
            .filter(Column::HighId.eq(pair.high().get()))
            .filter(Column::AuthorId.eq(author.get()))
            .filter(Column::Content.is_not_null())
            .col_expr(Column::Content, Expr::value(content))
            .col_expr(Column::EditedAt, Expr::value(to_micros(at)))
            .exec(&self.0.write())
            .await
            .map_err(translate)?;
        if done.rows_affected == 0 {
            return Ok(None);
        }
        self.find(id).await
    }

    async fn history(
        &self,
        pair: Pair,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<Message>, RepositoryError> {
        let rows = between(pair)
            .filter(Column::CreatedAt.lt(to_micros(before)))
            .filter(Column::Content.is_not_null())
            .order_by_desc(Column::CreatedAt)
            .limit(limit)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().rev().map(message).collect()
    }

    async fn find_all(&self, ids: &[MessageId]) -> Result<Vec<Message>, RepositoryError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = Entity::find()
            .filter(Column::Id.is_in(ids.iter().map(|id| id.get())))
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(message).collect()
    }

    async fn forget_nonces(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError> {
        // The id tells the time of storing, and is the table's order.
        let before: MessageId = domain::id::lowest_at(before);
        let forget = self.0.retrying(|| async {
            Entity::update_many()
                .filter(Column::Id.lt(before.get()))
                .filter(Column::Nonce.is_not_null())
                .col_expr(Column::Nonce, Expr::value(None::<String>))
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        Ok(forget.await?.rows_affected)
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
