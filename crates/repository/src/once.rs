//! Keys that may be spent once; answers that are kept.

mod answer_entity;
mod answers;
mod entity;

pub use answers::SeaAnswers;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::once::OnceRepository;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait};

use self::entity::{ActiveModel, Column, Entity};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::insert::insert_absent;
use crate::time::to_micros;

/// [`OnceRepository`] on the database.
pub struct SeaOnce(pub(crate) Executor);

impl SeaOnce {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

#[async_trait]
impl OnceRepository for SeaOnce {
    async fn spend(&self, key: &str, until: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let spend = self.0.retrying(|| async {
            let row = ActiveModel {
                id: Set(key.to_owned()),
                until: Set(to_micros(until)),
            };
            let insert = Entity::insert(row).into_query();
            insert_absent(&self.0.write(), insert).await
        });
        Ok(spend.await? == 1)
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
