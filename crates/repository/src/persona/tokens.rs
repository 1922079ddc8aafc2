//! The sealed tokens of personas.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::persona::{InstagramTokenRepository, PersonaId, SealedToken, TokenOf, TokenTerm};
use domain::user::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany};

use super::entity::{Column, Entity, GOOD, REFUSED, token};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::to_micros;

/// [`InstagramTokenRepository`] on the database.
pub struct SeaInstagramTokens(pub(crate) Executor);

impl SeaInstagramTokens {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    /// Runs a change; whether it found its one row.
    async fn change(&self, update: UpdateMany<Entity>) -> Result<bool, RepositoryError> {
        let change = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(change.await?.rows_affected == 1)
    }
}

/// A change of the token that was read, if it is still the one.
fn of(read: &TokenOf) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::Id.eq(read.persona.get()))
        .filter(Column::OwnerId.eq(read.owner.get()))
        .filter(Column::IgToken.eq(read.token.as_str()))
}

/// What is written of a new token.
fn written(update: UpdateMany<Entity>, token: &SealedToken, term: TokenTerm) -> UpdateMany<Entity> {
    let (expires_at, renew_at) = (term.expires_at.map(to_micros), term.renew_at.map(to_micros));
    update
        .col_expr(Column::IgToken, Expr::value(token.as_str()))
        .col_expr(Column::IgTokenExpiresAt, Expr::value(expires_at))
        .col_expr(Column::IgTokenRenewAt, Expr::value(renew_at))
}

#[async_trait]
impl InstagramTokenRepository for SeaInstagramTokens {
    async fn store(
        &self,
        owner: UserId,
        persona: PersonaId,
        token: &SealedToken,
        term: TokenTerm,
    ) -> Result<bool, RepositoryError> {
        let update = Entity::update_many()
            .filter(Column::Id.eq(persona.get()))
            .filter(Column::OwnerId.eq(owner.get()))
            .col_expr(Column::IgTokenState, Expr::value(GOOD));
        self.change(written(update, token, term)).await
    }

    async fn find(
        &self,
        owner: UserId,
        persona: PersonaId,
    ) -> Result<Option<TokenOf>, RepositoryError> {
        let found = Entity::find_by_id(persona.get())
            .filter(Column::OwnerId.eq(owner.get()))
            .filter(Column::IgToken.is_not_null())
            .one(&self.0.read())
            .await
            .map_err(translate)?;
        found.map(token).transpose()
    }

    async fn due(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<TokenOf>, RepositoryError> {
        let rows = Entity::find()
            .filter(Column::IgTokenRenewAt.lte(to_micros(now)))
            .filter(Column::IgToken.is_not_null())
            .filter(Column::IgTokenState.eq(GOOD))
            .order_by_asc(Column::IgTokenRenewAt)
            .order_by_asc(Column::Id)
            .limit(limit)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(token).collect()
    }

    async fn claim(&self, read: &TokenOf, until: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let Some(renew_at) = read.term.renew_at else {
            return Ok(false);
        };
        let claim = of(read)
            .filter(Column::IgTokenState.eq(GOOD))
            .filter(Column::IgTokenRenewAt.eq(to_micros(renew_at)))
            .col_expr(Column::IgTokenRenewAt, Expr::value(to_micros(until)));
        self.change(claim).await
    }

    async fn replace(
        &self,
        read: &TokenOf,
        token: &SealedToken,
        term: TokenTerm,
    ) -> Result<bool, RepositoryError> {
        self.change(written(of(read), token, term)).await
    }

    async fn refuse(&self, read: &TokenOf) -> Result<bool, RepositoryError> {
        let refuse = of(read)
            .filter(Column::IgTokenState.eq(GOOD))
            .col_expr(Column::IgTokenState, Expr::value(REFUSED))
            .col_expr(Column::IgTokenRenewAt, Expr::value(None::<i64>));
        self.change(refuse).await
    }

    async fn sealed_otherwise(
        &self,
        mark: &str,
        after: PersonaId,
        limit: u64,
    ) -> Result<Vec<TokenOf>, RepositoryError> {
        let rows = Entity::find()
            .filter(Column::IgToken.is_not_null())
            .filter(Column::IgToken.not_like(format!("{mark}%")))
            .filter(Column::Id.gt(after.get()))
            .order_by_asc(Column::Id)
            .limit(limit)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(token).collect()
    }
}
