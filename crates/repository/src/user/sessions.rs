//! Sessions.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::user::{Session, SessionId, SessionOwner, SessionRepository, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{self as user, role, status};
use super::session_entity::{ActiveModel, Column, Entity};
use super::token_entity as token;
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::to_micros;

/// Sessions named in a statement: well below every engine's limit on bound values.
const ROWS: usize = 1_000;

/// [`SessionRepository`] on the database. A session that ends is removed, and its refresh
/// tokens with it: what is not there cannot be used by mistake.
pub struct SeaSessions(pub(crate) Executor);

impl SeaSessions {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

/// The living session with this id, and what its owner may do.
pub(super) async fn find_living(
    connection: &impl ConnectionTrait,
    id: i64,
    now: DateTime<Utc>,
) -> Result<Option<SessionOwner>, RepositoryError> {
    let found = Entity::find_by_id(id)
        .filter(Column::ExpiresAt.gt(to_micros(now)))
        .find_also_related(user::Entity)
        .one(connection)
        .await
        .map_err(translate)?;
    let Some((session, Some(owner))) = found else {
        return Ok(None);
    };
    Ok(Some(SessionOwner {
        session: session.try_into()?,
        role: role(owner.role),
        status: status(owner.status),
    }))
}

#[async_trait]
impl SessionRepository for SeaSessions {
    async fn insert(&self, session: &Session) -> Result<(), RepositoryError> {
        let insert = self.0.retrying(|| async {
            Entity::insert(ActiveModel::from(session))
                .exec_without_returning(&self.0.write())
                .await
                .map_err(translate)
        });
        insert.await.map(|_| ())
    }

    async fn find_living(
        &self,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Option<SessionOwner>, RepositoryError> {
        find_living(&self.0.read(), id.get(), now).await
    }

    async fn list_living(
        &self,
        owner: UserId,
        now: DateTime<Utc>,
    ) -> Result<Vec<Session>, RepositoryError> {
        let rows = Entity::find()
            .filter(Column::UserId.eq(owner.get()))
            .filter(Column::ExpiresAt.gt(to_micros(now)))
            .order_by_desc(Column::LastSeenAt)
            .order_by_desc(Column::Id)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(Session::try_from).collect()
    }

    async fn touch(&self, id: SessionId, at: DateTime<Utc>) -> Result<(), RepositoryError> {
        let update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::LastSeenAt.lt(to_micros(at)))
            .col_expr(Column::LastSeenAt, Expr::value(to_micros(at)));
        let touch = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        touch.await.map(|_| ())
    }

    async fn prolong(
        &self,
        id: SessionId,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        let update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::ExpiresAt.gt(to_micros(now)))
            .col_expr(Column::ExpiresAt, Expr::value(to_micros(until)))
            .col_expr(Column::LastSeenAt, Expr::value(to_micros(now)));
        let prolong = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(prolong.await?.rows_affected == 1)
    }

    async fn end(&self, owner: UserId, id: SessionId) -> Result<bool, RepositoryError> {
        let delete = Entity::delete_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::UserId.eq(owner.get()));
        let done = self
            .0
            .retrying(|| async {
                delete
                    .clone()
                    .exec(&self.0.write())
                    .await
                    .map_err(translate)
            })
            .await?;
        Ok(done.rows_affected == 1)
    }

    async fn end_all(
        &self,
        owner: UserId,
        except: Option<SessionId>,
    ) -> Result<Vec<SessionId>, RepositoryError> {
        let mut theirs = sea_orm::Condition::all().add(Column::UserId.eq(owner.get()));
        if let Some(kept) = except {
            theirs = theirs.add(Column::Id.ne(kept.get()));
        }
        let ids = self.0.retrying(|| async {
            let scope = self.0.scope().await?;
            let ids: Vec<i64> = Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(theirs.clone())
                .order_by_asc(Column::Id)
                .lock_exclusive()
                .into_tuple()
                .all(scope.transaction())
                .await
                .map_err(translate)?;
            // By id, not by owner again: a session opened meanwhile must not end untold.
            for chunk in ids.chunks(ROWS) {
                let delete = Entity::delete_many().filter(Column::Id.is_in(chunk.iter().copied()));
                delete.exec(scope.transaction()).await.map_err(translate)?;
            }
            scope.finish().await?;
            Ok(ids)
        });
        Ok(ids.await?.into_iter().map(SessionId::from).collect())
    }

    async fn end_oldest(
        &self,
        owner: UserId,
        keep: u64,
        now: DateTime<Utc>,
    ) -> Result<Vec<SessionId>, RepositoryError> {
        let keep = usize::try_from(keep).unwrap_or(usize::MAX);
        let ended = self.0.retrying(|| async {
            let scope = self.0.scope().await?;
            // Ids are in the order in which sessions were opened.
            let ids: Vec<i64> = Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(Column::UserId.eq(owner.get()))
                .filter(Column::ExpiresAt.gt(to_micros(now)))
                .order_by_asc(Column::Id)
                .into_tuple()
                .all(scope.transaction())
                .await
                .map_err(translate)?;
            let oldest = &ids[..ids.len().saturating_sub(keep)];
            for chunk in oldest.chunks(ROWS) {
                let delete = Entity::delete_many().filter(Column::Id.is_in(chunk.iter().copied()));
                delete.exec(scope.transaction()).await.map_err(translate)?;
            }
            let oldest = oldest.to_vec();
            scope.finish().await?;
            Ok(oldest)
        });
        Ok(ended.await?.into_iter().map(SessionId::from).collect())
    }

    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let before = to_micros(before);
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                token::Entity::delete_many()
                    .filter(token::Column::ExpiresAt.lt(before))
                    .exec(scope.transaction())
                    .await
                    .map_err(translate)?;
                let sessions = Entity::delete_many()
                    .filter(Column::ExpiresAt.lt(before))
                    .exec(scope.transaction())
                    .await
                    .map_err(translate)?;
                scope.finish().await?;
                Ok(sessions.rows_affected)
            })
            .await
    }
}
