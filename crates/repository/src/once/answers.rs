//! Answers that are kept.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::once::{AnswerRepository, KeptAnswer};
use domain::user::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait};

use super::answer_entity::{ActiveModel, Column, Entity};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::insert::insert_absent;
use crate::time::to_micros;

/// [`AnswerRepository`] on the database.
pub struct SeaAnswers(pub(crate) Executor);

impl SeaAnswers {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

#[async_trait]
impl AnswerRepository for SeaAnswers {
    async fn keep(&self, answer: &KeptAnswer, now: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let keep = self.0.retrying(|| async {
            let insert = Entity::insert(ActiveModel::from(answer)).into_query();
            if insert_absent(&self.0.write(), insert.clone()).await? == 1 {
                return Ok(true);
            }
            // There is one; perhaps it was only not swept away yet.
            let stale = Entity::delete_many()
                .filter(Column::Id.eq(answer.id.as_str()))
                .filter(Column::Until.lt(to_micros(now)))
                .exec(&self.0.write())
                .await
                .map_err(translate)?;
            let is_free = stale.rows_affected == 1;
            Ok(is_free && insert_absent(&self.0.write(), insert).await? == 1)
        });
        keep.await
    }

    async fn find(&self, id: &str) -> Result<Option<KeptAnswer>, RepositoryError> {
        let row = Entity::find_by_id(id.to_owned())
            .one(&self.0.read())
            .await
            .map_err(translate)?;
        row.map(KeptAnswer::try_from).transpose()
    }

    async fn complete(
        &self,
        id: &str,
        answer: &str,
        until: DateTime<Utc>,
    ) -> Result<(), RepositoryError> {
        let complete = self.0.retrying(|| async {
            Entity::update_many()
                .filter(Column::Id.eq(id))
                .col_expr(Column::Answer, Expr::value(answer))
                .col_expr(Column::Until, Expr::value(to_micros(until)))
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        complete.await.map(|_| ())
    }

    async fn release(&self, id: &str) -> Result<(), RepositoryError> {
        let release = self.0.retrying(|| async {
            let release = Entity::delete_by_id(id.to_owned());
            release.exec(&self.0.write()).await.map_err(translate)
        });
        release.await.map(|_| ())
    }

    async fn remove_all(&self, owner: UserId) -> Result<(), RepositoryError> {
        let remove = self.0.retrying(|| async {
            Entity::delete_many()
                .filter(Column::OwnerId.eq(owner.get()))
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        remove.await.map(|_| ())
    }

    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let purge = self.0.retrying(|| async {
            Entity::delete_many()
                .filter(Column::Until.lt(to_micros(now)))
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        Ok(purge.await?.rows_affected)
    }
}
