//! Refresh tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::user::{RefreshToken, RefreshTokenHash, RefreshTokenRepository, RefreshTokenUse};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::sessions::find_living;
use super::token_entity::{ActiveModel, Column, Entity};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::to_micros;

/// [`RefreshTokenRepository`] on the database.
pub struct SeaRefreshTokens(pub(crate) Executor);

impl SeaRefreshTokens {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

#[async_trait]
impl RefreshTokenRepository for SeaRefreshTokens {
    async fn insert(&self, token: &RefreshToken) -> Result<(), RepositoryError> {
        let insert = self.0.retrying(|| async {
            Entity::insert(ActiveModel::from(token))
                .exec_without_returning(&self.0.write())
                .await
                .map_err(translate)
        });
        insert.await.map(|_| ())
    }

    async fn use_up(
        &self,
        hash: &RefreshTokenHash,
        now: DateTime<Utc>,
    ) -> Result<RefreshTokenUse, RepositoryError> {
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let transaction = scope.transaction();
                let at = to_micros(now);
                // The condition in the update decides who is first; the row is read only afterwards.
                let used = Entity::update_many()
                    .filter(Column::Hash.eq(hash.as_str()))
                    .filter(Column::UsedAt.is_null())
                    .filter(Column::ExpiresAt.gt(at))
                    .col_expr(Column::UsedAt, Expr::value(at))
                    .exec(transaction)
                    .await
                    .map_err(translate)?;
                let row = Entity::find_by_id(hash.as_str())
                    .one(transaction)
                    .await
                    .map_err(translate)?;
                let Some(row) = row else {
                    return Ok(RefreshTokenUse::Unknown);
                };
                let Some(owner) = find_living(transaction, row.session_id, now).await? else {
                    return Ok(RefreshTokenUse::Unknown);
                };
                let outcome = if used.rows_affected == 1 {
                    RefreshTokenUse::Good(owner)
                } else if row.used_at.is_some() {
                    RefreshTokenUse::Reused(owner.session.id, owner.session.user_id)
                } else {
                    RefreshTokenUse::Unknown
                };
                scope.finish().await?;
                Ok(outcome)
            })
            .await
    }
}
