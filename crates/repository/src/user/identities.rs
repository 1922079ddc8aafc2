//! Identities.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::user::{
    Identity, IdentityId, IdentityRepository, IdentityUse, Provider, SealedTokens, Subject, UserId,
};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
};

use super::identity_entity::{ActiveModel, Column, Entity, provider_number};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::to_micros;

/// [`IdentityRepository`] on the database.
pub struct SeaIdentities(pub(crate) Executor);

impl SeaIdentities {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    async fn update(&self, update: UpdateMany<Entity>) -> Result<u64, RepositoryError> {
        let done = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(done.await?.rows_affected)
    }
}

/// Puts tokens into a row. A provider that renews an access token alone says neither the refresh
/// token nor the scopes again: those there are stay.
fn with_tokens(update: UpdateMany<Entity>, tokens: &SealedTokens) -> UpdateMany<Entity> {
    let instant = |at: Option<DateTime<Utc>>| Expr::value(at.map(to_micros));
    let mut update = update
        .col_expr(
            Column::AccessToken,
            Expr::value(tokens.access_token.clone()),
        )
        .col_expr(Column::AccessExpiresAt, instant(tokens.expires_at));
    if let Some(token) = &tokens.refresh_token {
        update = update
            .col_expr(Column::RefreshToken, Expr::value(token.clone()))
            .col_expr(Column::RefreshExpiresAt, instant(tokens.refresh_expires_at));
    }
    if !tokens.scopes.is_empty() {
        update = update.col_expr(Column::Scopes, Expr::value(tokens.scopes.clone()));
    }
    update
}

/// Takes the tokens of a row away.
fn without_tokens(update: UpdateMany<Entity>) -> UpdateMany<Entity> {
    update
        .col_expr(Column::AccessToken, Expr::value(None::<String>))
        .col_expr(Column::AccessExpiresAt, Expr::value(None::<i64>))
        .col_expr(Column::RefreshToken, Expr::value(None::<String>))
        .col_expr(Column::RefreshExpiresAt, Expr::value(None::<i64>))
        .col_expr(Column::Scopes, Expr::value(None::<String>))
}

#[async_trait]
impl IdentityRepository for SeaIdentities {
    async fn insert(&self, identity: &Identity) -> Result<(), RepositoryError> {
        let insert = self.0.retrying(|| async {
            Entity::insert(ActiveModel::from(identity))
                .exec_without_returning(&self.0.write())
                .await
                .map_err(translate)
        });
        insert.await.map(|_| ())
    }

    async fn find_by_subject(
        &self,
        provider: Provider,
        subject: &Subject,
    ) -> Result<Option<Identity>, RepositoryError> {
        let row = Entity::find()
            .filter(Column::Provider.eq(provider_number(provider)))
            .filter(Column::Subject.eq(subject.as_str()))
            .one(&self.0.read())
            .await
            .map_err(translate)?;
        row.map(Identity::try_from).transpose()
    }

    async fn list(&self, owner: UserId) -> Result<Vec<Identity>, RepositoryError> {
        let rows = Entity::find()
            .filter(Column::UserId.eq(owner.get()))
            .order_by_asc(Column::Id)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(Identity::try_from).collect()
    }

    async fn used(&self, id: IdentityId, seen: &IdentityUse) -> Result<bool, RepositoryError> {
        let email = seen.email.as_ref().map(|email| email.as_str().to_owned());
        let mut update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .col_expr(Column::Email, Expr::value(email))
            .col_expr(Column::EmailVerified, Expr::value(seen.email_verified))
            .col_expr(Column::LastUsedAt, Expr::value(to_micros(seen.at)))
            .col_expr(Column::UnlinkedAt, Expr::value(None::<i64>));
        if let Some(tokens) = &seen.tokens {
            update = with_tokens(update, tokens);
        }
        Ok(self.update(update).await? == 1)
    }

    async fn tokens(
        &self,
        owner: UserId,
        provider: Provider,
    ) -> Result<Option<(IdentityId, SealedTokens)>, RepositoryError> {
        let row = Entity::find()
            .filter(Column::UserId.eq(owner.get()))
            .filter(Column::Provider.eq(provider_number(provider)))
            .one(&self.0.read())
            .await
            .map_err(translate)?;
        let Some(row) = row else {
            return Ok(None);
        };
        let id = row.id.into();
        Ok(row.into_tokens()?.map(|tokens| (id, tokens)))
    }

    async fn renew_tokens(
        &self,
        id: IdentityId,
        access_token: &str,
        tokens: &SealedTokens,
    ) -> Result<bool, RepositoryError> {
        let update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::AccessToken.eq(access_token));
        Ok(self.update(with_tokens(update, tokens)).await? == 1)
    }

    async fn sealed_otherwise(
        &self,
        mark: &str,
        after: IdentityId,
        limit: u64,
    ) -> Result<Vec<(IdentityId, SealedTokens)>, RepositoryError> {
        let other = format!("{mark}%");
        // What is not there is not sealed otherwise: `NULL NOT LIKE` is not true.
        let outdated = Condition::any()
            .add(Column::AccessToken.not_like(other.clone()))
            .add(Column::RefreshToken.not_like(other.clone()));
        let rows = Entity::find()
            .filter(Column::AccessToken.is_not_null())
            .filter(outdated)
            .filter(Column::Id.gt(after.get()))
            .order_by_asc(Column::Id)
            .limit(limit)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.id.into();
            found.extend(row.into_tokens()?.map(|tokens| (id, tokens)));
        }
        Ok(found)
    }

    async fn reseal(
        &self,
        id: IdentityId,
        read: &SealedTokens,
        sealed: &SealedTokens,
    ) -> Result<bool, RepositoryError> {
        let mut update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::AccessToken.eq(read.access_token.as_str()))
            .col_expr(
                Column::AccessToken,
                Expr::value(sealed.access_token.as_str()),
            );
        update = match (&read.refresh_token, &sealed.refresh_token) {
            (Some(read), Some(sealed)) => update
                .filter(Column::RefreshToken.eq(read.as_str()))
                .col_expr(Column::RefreshToken, Expr::value(sealed.as_str())),
            _ => update.filter(Column::RefreshToken.is_null()),
        };
        Ok(self.update(update).await? == 1)
    }

    async fn cut_off(&self, id: IdentityId, at: DateTime<Utc>) -> Result<(), RepositoryError> {
        let update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .col_expr(Column::UnlinkedAt, Expr::value(to_micros(at)));
        self.update(without_tokens(update)).await.map(|_| ())
    }

    async fn remove(&self, owner: UserId, provider: Provider) -> Result<bool, RepositoryError> {
        let delete = Entity::delete_many()
            .filter(Column::UserId.eq(owner.get()))
            .filter(Column::Provider.eq(provider_number(provider)));
        let remove = self.0.retrying(|| async {
            let delete = delete.clone();
            delete.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(remove.await?.rows_affected == 1)
    }
}
