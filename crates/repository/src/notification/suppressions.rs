//! Addresses that get no more mails.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::notification::{SuppressionReason, SuppressionRepository};
use domain::user::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait};

use super::suppression_entity::{ActiveModel, Column, Entity, reason, reason_number};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::insert::insert_absent;
use crate::time::to_micros;

/// [`SuppressionRepository`] on the database.
pub struct SeaSuppressions(pub(crate) Executor);

impl SeaSuppressions {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

#[async_trait]
impl SuppressionRepository for SeaSuppressions {
    async fn add(
        &self,
        sender: UserId,
        address: &str,
        reason: SuppressionReason,
        at: DateTime<Utc>,
    ) -> Result<(), RepositoryError> {
        let add = self.0.retrying(|| async {
            let row = ActiveModel {
                sender_id: Set(sender.get()),
                address: Set(address.to_owned()),
                reason: Set(reason_number(reason)),
                created_at: Set(to_micros(at)),
            };
            let insert = Entity::insert(row).into_query();
            insert_absent(&self.0.write(), insert).await
        });
        add.await.map(|_| ())
    }

    async fn find(
        &self,
        sender: UserId,
        address: &str,
    ) -> Result<Option<SuppressionReason>, RepositoryError> {
        let row = Entity::find_by_id((sender.get(), address.to_owned()))
            .one(&self.0.read())
            .await
            .map_err(translate)?;
        row.map(|row| reason(row.reason)).transpose()
    }

    async fn lift(&self, sender: UserId, address: &str) -> Result<bool, RepositoryError> {
        let lift = self.0.retrying(|| async {
            Entity::delete_by_id((sender.get(), address.to_owned()))
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        Ok(lift.await?.rows_affected == 1)
    }

    async fn remove_all(&self, sender: UserId) -> Result<(), RepositoryError> {
        let remove = self.0.retrying(|| async {
            Entity::delete_many()
                .filter(Column::SenderId.eq(sender.get()))
                .exec(&self.0.write())
                .await
                .map_err(translate)
        });
        remove.await.map(|_| ())
    }
}
