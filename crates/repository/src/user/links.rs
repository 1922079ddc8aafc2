//! Links to accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::user::{AccountLink, AccountLinkRepository, LinkHash, LinkPurpose, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select};

use super::link_entity::{ActiveModel, Column, Entity, link, purpose_number};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::to_micros;

/// [`AccountLinkRepository`] on the database.
pub struct SeaAccountLinks(pub(crate) Executor);

impl SeaAccountLinks {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

/// The link with this key that has not expired.
fn living(hash: &LinkHash, purpose: LinkPurpose, now: DateTime<Utc>) -> Select<Entity> {
    Entity::find()
        .filter(Column::Hash.eq(hash.as_str()))
        .filter(Column::Purpose.eq(purpose_number(purpose)))
        .filter(Column::ExpiresAt.gt(to_micros(now)))
}

#[async_trait]
impl AccountLinkRepository for SeaAccountLinks {
    async fn replace(&self, link: &AccountLink) -> Result<(), RepositoryError> {
        let others = [
            Column::Email,
            Column::Hash,
            Column::CreatedAt,
            Column::ExpiresAt,
        ];
        let replace = self.0.retrying(|| async {
            let replace = OnConflict::columns([Column::UserId, Column::Purpose])
                .update_columns(others)
                .to_owned();
            Entity::insert(ActiveModel::from(link))
                .on_conflict(replace)
                .exec_without_returning(&self.0.write())
                .await
                .map_err(translate)
        });
        replace.await.map(|_| ())
    }

    async fn find(
        &self,
        hash: &LinkHash,
        purpose: LinkPurpose,
        now: DateTime<Utc>,
    ) -> Result<Option<AccountLink>, RepositoryError> {
        let row = living(hash, purpose, now).one(&self.0.read()).await;
        let row = row.map_err(translate)?;
        row.map(|row| link(&row, hash, purpose)).transpose()
    }

    async fn take(
        &self,
        hash: &LinkHash,
        purpose: LinkPurpose,
        now: DateTime<Utc>,
    ) -> Result<Option<AccountLink>, RepositoryError> {
        let found = living(hash, purpose, now).lock_exclusive();
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
        let row = take.await?;
        row.map(|row| link(&row, hash, purpose)).transpose()
    }

    async fn remove_all(&self, owner: UserId) -> Result<(), RepositoryError> {
        let remove = self.0.retrying(|| async {
            Entity::delete_many()
                .filter(Column::UserId.eq(owner.get()))
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        remove.await.map(|_| ())
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
