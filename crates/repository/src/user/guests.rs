//! Guests.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::user::{Guest, GuestIdHash, GuestRepository, PersonId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::guest_entity::{ActiveModel, Column, Entity, guest};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::to_micros;

/// [`GuestRepository`] on the database. A guest who was merged stays for a while, so that of two
/// log-ins with one guest the second can tell.
pub struct SeaGuests(pub(crate) Executor);

impl SeaGuests {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

#[async_trait]
impl GuestRepository for SeaGuests {
    async fn insert(&self, guest: &Guest) -> Result<(), RepositoryError> {
        let insert = self.0.retrying(|| async {
            Entity::insert(ActiveModel::from(guest))
                .exec_without_returning(&self.0.write())
                .await
                .map_err(translate)
        });
        insert.await.map(|_| ())
    }

    async fn find_living(
        &self,
        hash: &GuestIdHash,
        now: DateTime<Utc>,
    ) -> Result<Option<Guest>, RepositoryError> {
        let found = Entity::find()
            .filter(Column::Hash.eq(hash.as_str()))
            .filter(Column::ExpiresAt.gt(to_micros(now)))
            .filter(Column::MergedInto.is_null())
            .one(&self.0.read())
            .await
            .map_err(translate)?;
        found.map(|row| guest(&row, hash)).transpose()
    }

    async fn prolong(&self, id: PersonId, until: DateTime<Utc>) -> Result<(), RepositoryError> {
        let until = to_micros(until);
        let update = Entity::update_many()
            .filter(Column::Id.eq(id.get()))
            .filter(Column::ExpiresAt.lt(until))
            .filter(Column::MergedInto.is_null())
            .col_expr(Column::ExpiresAt, Expr::value(until));
        let prolong = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        prolong.await.map(|_| ())
    }

    async fn merge(
        &self,
        guest: PersonId,
        member: UserId,
        until: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        let update = Entity::update_many()
            .filter(Column::Id.eq(guest.get()))
            .filter(Column::MergedInto.is_null())
            .col_expr(Column::MergedInto, Expr::value(member.get()))
            .col_expr(Column::ExpiresAt, Expr::value(to_micros(until)));
        let merge = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(merge.await?.rows_affected == 1)
    }

    async fn expired(
        &self,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<(PersonId, Option<UserId>)>, RepositoryError> {
        let rows: Vec<(i64, Option<i64>)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::MergedInto])
            .filter(Column::ExpiresAt.lt(to_micros(before)))
            .order_by_asc(Column::ExpiresAt)
            .order_by_asc(Column::Id)
            .limit(limit)
            .into_tuple()
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        let named = rows.into_iter();
        Ok(named
            .map(|(id, member)| (id.into(), member.map(Into::into)))
            .collect())
    }

    async fn remove(&self, guest: PersonId) -> Result<(), RepositoryError> {
        let remove = self.0.retrying(|| async {
            let delete = Entity::delete_by_id(guest.get());
            delete.exec(&self.0.write()).await.map_err(translate)
        });
        remove.await.map(|_| ())
    }
}
