//! Accounts that were asked for.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::user::{Email, LinkHash, SignUpRequest, SignUpRequestRepository};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::request_entity::{ActiveModel, Column, Entity, request};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::to_micros;

/// [`SignUpRequestRepository`] on the database.
pub struct SeaSignUpRequests(pub(crate) Executor);

impl SeaSignUpRequests {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

#[async_trait]
impl SignUpRequestRepository for SeaSignUpRequests {
    async fn replace(&self, request: &SignUpRequest) -> Result<(), RepositoryError> {
        let others = [
            Column::Email,
            Column::Name,
            Column::PasswordHash,
            Column::Hash,
            Column::CreatedAt,
            Column::ExpiresAt,
        ];
        let replace = self.0.retrying(|| async {
            let replace = OnConflict::column(Column::EmailKey)
                .update_columns(others)
                .to_owned();
            Entity::insert(ActiveModel::from(request))
                .on_conflict(replace)
                .exec_without_returning(&self.0.write())
                .await
                .map_err(translate)
        });
        replace.await.map(|_| ())
    }

    async fn take(
        &self,
        hash: &LinkHash,
        now: DateTime<Utc>,
    ) -> Result<Option<SignUpRequest>, RepositoryError> {
        let found = Entity::find()
            .filter(Column::Hash.eq(hash.as_str()))
            .filter(Column::ExpiresAt.gt(to_micros(now)))
            .lock_exclusive();
        let take = self.0.retrying(|| async {
            let scope = self.0.scope().await?;
            let row = found.clone().one(scope.transaction()).await;
            let Some(row) = row.map_err(translate)? else {
                return Ok(None);
            };
            Entity::delete_many()
                .filter(Column::Hash.eq(hash.as_str()))
                .exec(scope.transaction())
                .await
                .map_err(translate)?;
            scope.finish().await?;
            Ok(Some(row))
        });
        take.await?.map(|row| request(row, hash)).transpose()
    }

    async fn withdraw(&self, email: &Email) -> Result<(), RepositoryError> {
        let withdraw = self.0.retrying(|| async {
            Entity::delete_by_id(email.key())
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        withdraw.await.map(|_| ())
    }

    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let purge = self.0.retrying(|| async {
            Entity::delete_many()
                .filter(Column::ExpiresAt.lt(to_micros(now)))
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        Ok(purge.await?.rows_affected)
    }
}
