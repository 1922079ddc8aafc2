//! API keys and their allow-lists.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::notification::{
    AccessKey, Allowed, AllowedId, ApiKey, ApiKeyChange, ApiKeyId, ApiKeyRepository, OutgoingSecret,
};
use domain::user::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DeleteMany, EntityTrait, QueryFilter, QueryOrder, Select, UpdateMany};

use super::api_key_entity::{ActiveModel, Column, Entity, scopes_number};
use super::network_entity as network;
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::to_micros;

/// [`ApiKeyRepository`] on the database.
pub struct SeaApiKeys(pub(crate) Executor);

impl SeaApiKeys {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    async fn one(&self, select: Select<Entity>) -> Result<Option<ApiKey>, RepositoryError> {
        let row = select.one(&self.0.read()).await.map_err(translate)?;
        row.map(ApiKey::try_from).transpose()
    }

    async fn update(&self, update: UpdateMany<Entity>) -> Result<bool, RepositoryError> {
        let done = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(done.await?.rows_affected == 1)
    }

    async fn delete<E: EntityTrait>(&self, delete: DeleteMany<E>) -> Result<u64, RepositoryError> {
        let done = self.0.retrying(|| async {
            let delete = delete.clone();
            delete.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(done.await?.rows_affected)
    }
}

#[async_trait]
impl ApiKeyRepository for SeaApiKeys {
    async fn insert(&self, key: &ApiKey) -> Result<(), RepositoryError> {
        let insert = self.0.retrying(|| async {
            Entity::insert(ActiveModel::from(key))
                .exec_without_returning(&self.0.write())
                .await
                .map_err(translate)
        });
        insert.await.map(|_| ())
    }

    async fn list(&self, owner: UserId) -> Result<Vec<ApiKey>, RepositoryError> {
        let rows = Entity::find()
            .filter(Column::OwnerId.eq(owner.get()))
            .order_by_asc(Column::Id)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(ApiKey::try_from).collect()
    }

    async fn find(&self, owner: UserId, id: ApiKeyId) -> Result<Option<ApiKey>, RepositoryError> {
        let owned = Entity::find_by_id(id.get()).filter(Column::OwnerId.eq(owner.get()));
        self.one(owned).await
    }

    async fn find_by_access(&self, access: &AccessKey) -> Result<Option<ApiKey>, RepositoryError> {
        let called = Entity::find().filter(Column::AccessKey.eq(access.as_str()));
        self.one(called).await
    }

    async fn change(
        &self,
        owner: UserId,
        id: ApiKeyId,
        change: &ApiKeyChange,
    ) -> Result<bool, RepositoryError> {
        let mut update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::OwnerId.eq(owner.get()))
            // So that there is something to do, whatever is left as it is.
            .col_expr(Column::OwnerId, Expr::value(owner.get()));
        if let Some(memo) = &change.memo {
            let memo = memo.as_ref().map(|memo| memo.as_str().to_owned());
            update = update.col_expr(Column::Memo, Expr::value(memo));
        }
        if let Some(scopes) = &change.scopes {
            update = update.col_expr(Column::Scopes, Expr::value(scopes_number(scopes)));
        }
        if let Some(end) = change.expires_at {
            update = update.col_expr(Column::ExpiresAt, Expr::value(end.map(to_micros)));
        }
        self.update(update).await
    }

    async fn replace_secret(
        &self,
        id: ApiKeyId,
        old: &str,
        secret: &str,
        outgoing: &OutgoingSecret,
    ) -> Result<bool, RepositoryError> {
        let until = to_micros(outgoing.until);
        let update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::Secret.eq(old))
            .col_expr(Column::Secret, Expr::value(secret))
            .col_expr(Column::OutgoingSecret, Expr::value(outgoing.sealed.clone()))
            .col_expr(Column::OutgoingUntil, Expr::value(until));
        self.update(update).await
    }

    async fn used(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), RepositoryError> {
        let update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .col_expr(Column::LastUsedAt, Expr::value(to_micros(at)));
        self.update(update).await.map(|_| ())
    }

    async fn remove(
        &self,
        owner: UserId,
        id: ApiKeyId,
        access: &AccessKey,
    ) -> Result<bool, RepositoryError> {
        let delete = Entity::delete_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::OwnerId.eq(owner.get()))
            .filter(Column::AccessKey.eq(access.as_str()));
        Ok(self.delete(delete).await? == 1)
    }

    async fn allowed(&self, key: ApiKeyId) -> Result<Vec<Allowed>, RepositoryError> {
        let rows = network::Entity::find()
            .filter(network::Column::KeyId.eq(key.get()))
            .order_by_asc(network::Column::Id)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(Allowed::try_from).collect()
    }

    async fn allow(&self, entry: &Allowed) -> Result<(), RepositoryError> {
        let insert = self.0.retrying(|| async {
            network::Entity::insert(network::ActiveModel::from(entry))
                .exec_without_returning(&self.0.write())
                .await
                .map_err(translate)
        });
        insert.await.map(|_| ())
    }

    async fn disallow(&self, key: ApiKeyId, id: AllowedId) -> Result<bool, RepositoryError> {
        let delete = network::Entity::delete_many()
            .filter(network::Column::Id.eq(id.get()))
            .filter(network::Column::KeyId.eq(key.get()));
        Ok(self.delete(delete).await? == 1)
    }

    async fn remove_all(&self, owner: UserId) -> Result<(), RepositoryError> {
        let delete = Entity::delete_many().filter(Column::OwnerId.eq(owner.get()));
        self.delete(delete).await.map(|_| ())
    }
}
